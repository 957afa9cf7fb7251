import { expect, it } from 'vitest';
import { openSession, inputFile } from '../../../helpers/openSession.ts';

type Message = readonly [role: string, content: string];
const line = (fields: object, ...messages: readonly Message[]): string =>
  `${JSON.stringify({ id: 'a', task_id: 'one', ...fields, messages: messages.map(([role, content]) => ({ role, content })) })}\n`;

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
