import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import type { GrowingSource } from '../../../../src/engine/input-file.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../../src/engine/session.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';

type Message = readonly [role: string, content: string];
const line = (fields: object, ...messages: readonly Message[]): string =>
  `${JSON.stringify({ id: 'a', task_id: 'one', ...fields, messages: messages.map(([role, content]) => ({ role, content })) })}\n`;

const NOT_MERGED = 'parts-not-merged';
const ASKED: Message = ['user', 'Go.'];
const SAID: readonly Message[] = [ASKED, ['assistant', 'One.'], ['user', 'On.']];
const whole = line({ status: 'completed' }, ...SAID, ['assistant', 'Two.']);
const paused = (fields: object): string => line({ status: 'aborted', ...fields }, ...SAID);

async function merged(...files: readonly (readonly [path: string, text: string])[]): Promise<[merged: number, rollouts: number]> {
  const { facts } = await openSession(files.map(([path, text]) => inputFile(path, text)));
  return [facts.repeated.merged, facts.rollouts];
}

it('keeps what ended at a limit, what is judged and what sampled nothing', async () => {
  expect(await merged(['a.jsonl', paused({}) + whole])).toEqual([1, 1]);
  for (const status of ['truncated', 'incomplete', 'running', 'Status.TRUNCATED'])
    expect(await merged(['a.jsonl', paused({ status }) + whole]), status).toEqual([0, 2]);
  for (const reward of [0, 1]) expect(await merged(['a.jsonl', paused({ reward }) + whole])).toEqual([0, 2]);
  expect(await merged(['a.jsonl', line({ status: 'aborted' }, ASKED) + whole])).toEqual([0, 2]);
});

it('merges within a folder, and not what two runs call the same', async () => {
  expect(await merged(['run/6.jsonl', paused({})], ['run/7.jsonl', whole])).toEqual([1, 1]);
  expect(await merged(['run-a/6.jsonl', paused({})], ['run-b/7.jsonl', whole])).toEqual([0, 2]);
  expect(await merged(['run-a/6.jsonl', paused({})], ['run-b/7.jsonl', whole], ['run-a/7.jsonl', whole])).toEqual([1, 2]);
});

it('merges no more of a forest export than of the logs that it was made from', async () => {
  const files = [inputFile('run-a/6.jsonl', paused({})), inputFile('run-b/7.jsonl', whole)];
  const { session } = await openSession(files);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  const [file] = await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  expect(await merged(['forest.jsonl', sink.files.get(file.name) ?? ''])).toEqual([0, 2]);
});

/** A file that may be written anew: it says what it is now. */
function growing(path: string, text: string): GrowingSource & { text: string } {
  const source = {
    path,
    text,
    now: async () => inputFile(path, source.text),
  };
  return source;
}

it('reads on where a part cannot be merged because another file of its task was replaced, and says so', async () => {
  const other = ['b', 'f'].map((id) => line({ id, status: 'completed' }, ...SAID)).join('');
  const [a, b] = [growing('a.jsonl', other), growing('b.jsonl', other.replace('"b"', '"c"'))];
  const { session } = await openSession([]);
  const { name: first } = await session.follow(a, () => undefined);
  const { name: second } = await session.follow(b, () => undefined);
  a.text = other.replaceAll('One.', 'Two.');
  expect((await session.poll(first)).ended).toContain('the file was replaced');
  b.text += paused({}) + whole;
  await session.pollAll([second]);
  const facts = session.facts();
  expect(facts).toMatchObject({ rollouts: 6, repeated: { merged: 0 } });
  for (const input of facts.inputs) expect(input.records).toBe(input.rollouts + input.issueCount);
  const said = (): readonly string[] => session.issues(0, 99).issues.flatMap((issue) => (issue.code === NOT_MERGED ? [issue.file] : []));
  expect(said()).toEqual(['a.jsonl']);
  b.text += line({ id: 'd', status: 'completed' }, ...SAID);
  await session.pollAll([second]);
  await session.append([inputFile('c.jsonl', whole.replace('"a"', '"e"'))], () => undefined);
  expect(session.facts().rollouts).toBe(8);
  expect(said()).toEqual(['a.jsonl']);
  // Once it does not stand in the way, they are merged.
  await session.remove('a.jsonl');
  expect(session.facts()).toMatchObject({ rollouts: 5, repeated: { merged: 1 } });
  expect(said()).toEqual([]);
});

it('changes the version where rollouts are merged after they could be asked for, and says where that is stopped', async () => {
  for (const isStopped of [false, true]) {
    const seen = new Map<number, number>();
    const pool = makeLocalPool(openHandle);
    const session: Session = makeSession({
      unpack,
      pool: {
        ...pool,
        parse: (job, ...rest) => {
          if (job.only !== undefined) {
            const { version, rollouts } = session.facts();
            seen.set(version, rollouts);
            if (isStopped) session.cancel('opening');
          }
          return pool.parse(job, ...rest);
        },
      },
    });
    const { version, rollouts } = await session.open([inputFile('a.jsonl', paused({}) + whole)], DEFAULT_OPEN_SETTINGS, () => undefined);
    expect(rollouts).toBe(isStopped ? 2 : 1);
    expect(seen.size).toBe(1);
    if (!isStopped) expect(seen.get(version) ?? rollouts).toBe(rollouts);
    expect(session.issues(0, 9).issues.map(({ code }) => code)).toEqual(isStopped ? [NOT_MERGED] : []);
  }
});
