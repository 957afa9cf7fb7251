import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addSketch } from '../../../../src/core/gradient/store.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { readScores } from '../../../../src/core/score/scores-file.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { makeLocalPool, type ParsePool } from '../../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../../src/engine/session.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';
import { sessionState } from '../../../helpers/sessionState.ts';
import { quiet, TINY_LM } from '../../../helpers/tinyLm.ts';
import { sha256 } from '../../../../src/platform/node/sha256.ts';

const rollout = (task: string, answer: string): string =>
  JSON.stringify({
    task_id: task,
    reward: answer.length % 2,
    messages: [
      { role: 'user', content: 'What happened to the ladder?' },
      { role: 'assistant', content: answer },
    ],
  });
const A = inputFile('a.jsonl', [rollout('ladder', 'it went up'), rollout('rope', 'nothing'), rollout('ladder', 'it went down')].join('\n'));
const B = inputFile('b.jsonl', [rollout('ladder', 'it went up and stayed'), rollout('anvil', 'it fell')].join('\n'));

/** A pool that waits for `go` before each job. */
function heldPool(): ParsePool & { hold: Promise<void> | null; readonly paths: string[] } {
  const pool = makeLocalPool(openHandle);
  const held = {
    ...pool,
    hold: null as Promise<void> | null,
    paths: [] as string[],
    async parse(...[job, handle, onReply]: Parameters<ParsePool['parse']>): Promise<void> {
      held.paths.push(job.path);
      await held.hold;
      return pool.parse(job, handle, onReply);
    },
  };
  return held;
}

async function opened(files: Parameters<Session['open']>[0], pool: ParsePool = makeLocalPool(openHandle)): Promise<Session> {
  const session = makeSession({ pool, unpack, scorer: makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 1, []) });
  await session.open(files, DEFAULT_OPEN_SETTINGS, quiet);
  return session;
}

describe('scores', () => {
  it('stay with their tokens when rollouts come and go', async () => {
    const session = await opened([A]);
    expect(await session.score.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet)).toMatchObject({ ok: true });
    await session.score.estimate('missing', true);
    await session.score.start(quiet);
    const before = readScores(await session.score.save(), sha256);
    if (!before.ok) throw new Error(before.reason);
    const { scored } = before.scores.header;
    expect(scored).toBeGreaterThan(0);
    const version = session.facts().scoreVersion;

    await session.append([B], quiet);
    const grown = readScores(await session.score.save(), sha256);
    if (!grown.ok) throw new Error(grown.reason);
    expect(grown.scores.header).toMatchObject({ scored, model: before.scores.header.model });
    expect(grown.scores.header.length).toBeGreaterThan(before.scores.header.length);
    expect(session.facts()).toMatchObject({ entropy: { model: { name: 'tiny-lm' } } });
    expect(session.facts().scoreVersion).toBeGreaterThan(version);

    // Only what is new is scored afterwards.
    const rest = await session.score.estimate('missing');
    const all = await session.score.estimate('all');
    if (!rest.ok || !all.ok) throw new Error('expected estimates');
    expect(rest.scored).toBeGreaterThan(0);
    expect(rest.scored).toBeLessThan(all.scored);
    await session.score.estimate('missing', true);
    await session.score.start(quiet);
    const sketches = session.score.columns()?.sketches;
    await session.remove('b.jsonl');
    const again = readScores(await session.score.save(), sha256);
    if (!again.ok) throw new Error(again.reason);
    const { sketches: was, ...columns } = before.scores;
    const { sketches: is, ...columnsNow } = again.scores;
    expect(columnsNow).toEqual(columns);
    // Every sampled token and node has a sketch in each forest; a node that was cut in between is summed up anew.
    expect(sketches?.tokens.of.length).toBeGreaterThan(was?.tokens.of.length ?? 0);
    expect(is?.tokens).toEqual(was?.tokens);
    expect([is?.runs.of, is?.runs.end]).toEqual([was?.runs.of, was?.runs.end]);
    const sums = (rows: typeof was): Float32Array => {
      const all = new Float32Array(512 * (rows?.runs.of.length ?? 0));
      rows?.runs.of.forEach((_, row) => addSketch(rows.runs, row, 1, all.subarray(512 * row, 512 * row + 512)));
      return all;
    };
    const [old, now] = [sums(was), sums(is)];
    const largest = old.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    now.forEach((value, k) => expect(Math.abs(value - (old[k] ?? 0))).toBeLessThan(3e-3 * largest));
  });
});

describe('an append that is cancelled', () => {
  it('leaves everything as it was, and until then the forest before answers', async () => {
    const pool = heldPool();
    const session = await opened([A], pool);
    const before = await sessionState(session);
    let go: () => void = () => undefined;
    pool.hold = new Promise((resolve) => (go = resolve));
    const appended = session.append([B], quiet);
    appended.catch(() => undefined);
    while (pool.paths.at(-1) !== 'b.jsonl') await new Promise((resolve) => setTimeout(resolve));
    expect(session.tasks().key).toEqual((before.tasks as { key: string[] }).key);
    session.cancel('opening');
    go();
    await expect(appended).rejects.toMatchObject({ name: 'AbortError' });
    expect(await sessionState(session)).toEqual(before);
    pool.hold = null;
    await session.append([B], quiet);
    const { session: atOnce } = await openSession([A, B]);
    expect(await sessionState(session)).toEqual(await sessionState(atOnce));
  });

  it('is void once other files are opened', async () => {
    const session = await opened([A]);
    const appended = session.append([B], quiet);
    appended.catch(() => undefined);
    await session.open([B], DEFAULT_OPEN_SETTINGS, quiet);
    await expect(appended).rejects.toMatchObject({ name: 'AbortError' });
    expect(session.facts().inputs.map(({ name }) => name)).toEqual(['b.jsonl']);
  });
});

describe('a removal', () => {
  it('reads no file that it does not concern', async () => {
    const pool = heldPool();
    const other = inputFile('c.jsonl', rollout('kiln', 'hot'));
    const session = await opened([A, B, other], pool);
    pool.paths.length = 0;
    await session.remove('b.jsonl');
    expect(pool.paths).toEqual(['a.jsonl']);
  });

  it('refuses what is not open, and says when a file has changed since', async () => {
    const bytes = new TextEncoder().encode(readFileSync('test/fixtures/chat/tools.jsonl', 'utf8'));
    const first = inputFile('first.jsonl', bytes);
    const mutable = { ...first, handle: { bytes } };
    const session = await opened([mutable, inputFile('second.jsonl', bytes)]);
    await expect(session.remove('third.jsonl')).rejects.toThrow('third.jsonl is not open');
    const before = session.facts();
    bytes.fill(32);
    await expect(session.remove('second.jsonl')).rejects.toThrow(/first\.jsonl: the record at byte \d+ no longer yields rollout/);
    expect(session.facts()).toEqual(before);
  });
});

it('orders that were made before answer until the next order is asked for', async () => {
  const session = await opened([A]);
  const before = session.order(DEFAULT_RULE);
  const keep = session.keep(before.orderId, { cut: 0.5, train: 1 });
  await session.append([B], quiet);
  expect(session.keep(before.orderId, { cut: 0.5, train: 1 })).toEqual(keep);
  const after = session.order(DEFAULT_RULE);
  expect(after.totalCost).toBeGreaterThan(before.totalCost);
  expect(() => session.keep(before.orderId, { cut: 0.5, train: 1 })).toThrow('no longer held');
});

it('names the nodes that an old forest export protects by row, also where it is appended', async () => {
  const old = inputFile('forest.jsonl', readFileSync('test/fixtures/versions/forest-1.jsonl'));
  const { session: atOnce, facts } = await openSession([old]);
  const { session } = await openSession([]);
  await session.append([old], quiet);
  expect(facts.restored?.rule.hand.length).toBeGreaterThan(0);
  expect(await sessionState(session)).toEqual(await sessionState(atOnce));
  // They are keys from then on, and hold on whatever comes.
  await session.append([A], quiet);
  expect(session.facts().restored?.rule.hand).toEqual(facts.restored?.rule.hand);
});
