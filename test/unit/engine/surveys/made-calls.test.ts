/** What a rollout did, as it is compared: each call once, where it was made, with the last words and the record's own reference. */
import { expect, it } from 'vitest';
import type { Rollout, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { LONGEST_ANSWER } from '../../../../src/core/truths/answers.ts';
import { madeCalls } from '../../../../src/engine/surveys/made-calls.ts';
import { singleRollout } from '../../../../src/formats/envelope.ts';

const ask = madeCalls.ask(null);
const said = (text: string): RolloutEvent => ({ role: 'assistant', sampled: true, parts: [{ kind: 'text', text }] });
const user: RolloutEvent = { role: 'user', sampled: false, parts: [{ kind: 'user', text: 'go' }] };
const called = (...tools: string[]): RolloutEvent => ({
  role: 'assistant',
  sampled: true,
  parts: tools.map((tool) => ({ kind: 'call' as const, tool, text: '{"a":1}' })),
});
const rolloutOf = (...branches: RolloutEvent[][]): Rollout => ({
  id: 'r',
  task: 't',
  reward: null,
  branches: branches.map((events) => ({ events })),
});

it('lists calls in their order, several of one message too, and not those that are replayed', () => {
  const replayed = { ...called('old'), sampled: false };
  const { calls, answer } = ask(
    singleRollout({ id: 'r', reward: null }, [user, replayed, called('x', 'y'), said('so'), called('z'), said('end')]),
  );
  expect(calls.map(({ tool, branch, event }) => [tool, branch, event])).toEqual([
    ['x', 0, 2],
    ['y', 0, 2],
    ['z', 0, 4],
  ]);
  expect(calls[0]?.args).toEqual([['a', '1']]);
  expect(answer).toBe('end');
});

it('counts what several branches show once, at the branch that sampled it', () => {
  const asPrompt = (event: RolloutEvent): RolloutEvent => ({ ...event, sampled: false });
  const { calls } = ask(rolloutOf([user, called('x')], [user, asPrompt(called('x')), called('y')], [said('anew'), called('x')]));
  expect(calls.map(({ tool, branch, event }) => [tool, branch, event])).toEqual([
    ['x', 0, 1],
    ['y', 1, 2],
    ['x', 2, 1],
  ]);
  const late = ask(rolloutOf([user, asPrompt(called('x'))], [user, called('x')]));
  expect(late.calls.map(({ branch, event }) => [branch, event])).toEqual([[1, 1]]);
});

it('tells the last words up to a length, and that there are none', () => {
  const long = ask(rolloutOf([user, said('a'.repeat(LONGEST_ANSWER + 1))]));
  expect([long.answer?.length, long.isAnswerCut]).toEqual([LONGEST_ANSWER, true]);
  expect(ask(rolloutOf([user, called('x')]))).toMatchObject({ answer: null, isAnswerCut: false, reference: null });
});
