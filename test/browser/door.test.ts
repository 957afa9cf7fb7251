/** The session worker through its door, as the page asks it: what crosses, and what the page holds afterwards. */
import { afterAll, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress } from '../../src/engine/answers/opening.ts';
import { buffersOf } from '../../src/engine/transferables.ts';
import { spawnSession } from '../../workers/spawn.ts';

const session = spawnSession();
afterAll(() => session.dispose());

const SPEC = { profiles: [{ profile: 'tokens' }], weights: 'branch-mean', maskErrors: false } as const;

/** One rollout of many short turns, hence one tree of many nodes. */
function log(turns: number): Blob {
  const messages = Array.from({ length: turns }, (_, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content: `word ${i}` }));
  return new Blob([JSON.stringify({ task_id: 'long', reward: 1, messages })]);
}

it('takes files, callbacks and a place for blobs, and passes errors by name', async () => {
  const told: OpenProgress[] = [];
  const facts = await session.open([{ path: 'log.jsonl', blob: log(6) }], DEFAULT_OPEN_SETTINGS, (progress) => void told.push(progress));
  expect(facts).toMatchObject({ rollouts: 1, complete: true });
  expect(told.at(-1)?.phase).toBe('freezing');
  const { orderId } = await session.makeOrder(DEFAULT_RULE);
  const done: number[] = [];
  const files = await session.export(orderId, { cut: 1, train: 1 }, SPEC, { sink: 'blobs' }, (records) => void done.push(records));
  expect(files.map(({ file }) => file.name)).toEqual(['tokens.jsonl', 'manifest.json']);
  for (const { file, blob } of files) expect(blob.size).toBe(file.bytes);
  expect(JSON.parse(await files[1]!.blob.text())).toHaveProperty('espalier_manifest');
  expect(done.length).toBeGreaterThan(0);
  expect(await session.score.agreement()).toBeNull();
  await expect(session.keep(99, { cut: 1, train: 1 })).rejects.toThrow('order 99 is no longer held');
  const opened = session.open([{ path: 'log.jsonl', blob: log(30_000) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  await session.cancel('opening');
  await expect(opened).rejects.toMatchObject({ name: 'AbortError' });
});

const ASKED = 200;

it('is held by no answer that the page has let go', async () => {
  await session.open([{ path: 'log.jsonl', blob: log(54_000) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  const { orderId } = await session.makeOrder(DEFAULT_RULE);
  const figures = () => session.figures(orderId, 0, 'tokens', ['entropy', 'reward']);
  const each = buffersOf(await figures()).reduce((sum, { byteLength }) => sum + byteLength, 0) / 1e6;
  expect(each).toBeGreaterThan(1);
  /** Megabytes of the answers that are still there after all of them were let go. */
  const heldBy = async (ask: () => Promise<object>): Promise<number> => {
    const answers: WeakRef<object>[] = [];
    for (let i = 0; i < ASKED; i++) answers.push(new WeakRef(await ask()));
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      (globalThis as unknown as { gc: () => void }).gc();
    }
    return each * answers.filter((answer) => answer.deref() !== undefined).length;
  };
  // The last may still lie in a register.
  expect(await heldBy(figures)).toBeLessThan(3 * each);
});

it('rejects what is under way when it is closed', async () => {
  const other = spawnSession();
  const opened = other.open([{ path: 'log.jsonl', blob: log(1_000) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  other.dispose();
  await expect(opened).rejects.toThrow('the session was closed');
});
