/** Branches made of logged calls, in a vocabulary whose ids cannot be read. */
import { describe, expect, it } from 'vitest';
import type { RolloutEvent } from '../../../src/core/model/rollout.ts';
import { branchesOfCalls } from '../../../src/formats/call-branches.ts';

const event = (role: RolloutEvent['role'], sampled: boolean, text: string): RolloutEvent => ({
  role,
  sampled,
  parts: [{ kind: sampled ? 'text' : 'user', text }],
});
const messages = [event('user', false, 'hi'), event('assistant', true, 'A'), event('tool', false, 'out'), event('assistant', true, 'B')];
const call = (at: number, prompt: number[], completion: number[]) => ({
  at,
  prompt: Int32Array.from(prompt),
  completion: Int32Array.from(completion),
  logprobs: completion.map(() => -1),
});
const drawn = (calls: Parameters<typeof branchesOfCalls>[1]) =>
  branchesOfCalls(messages, calls).map(({ events, cause }) => [
    ...events.map(
      ({ sampled, parts, tokens }) =>
        `${parts.map(({ text }) => text).join('+')}${sampled ? '*' : ''} ${Array.from(tokens!.ids!).join(' ')}`,
    ),
    ...(cause === undefined ? [] : [cause]),
  ]);

describe('branchesOfCalls', () => {
  it('gives the new part of each prompt the messages since the last reply', () => {
    expect(drawn([call(1, [1, 2], [3]), call(3, [1, 2, 3, 4], [5])])).toEqual([['hi 1 2', 'A* 3', 'out 4', 'B* 5']]);
  });
  it('gives a rewritten prompt all that was said before it', () => {
    expect(drawn([call(1, [1, 2], [3]), call(3, [1, 2, 9, 4], [5])])).toEqual([
      ['hi 1 2', 'A* 3'],
      ['hi+A+out 1 2 9 4', 'B* 5', 'rewrite'],
    ]);
  });
  it('keeps log-probs parallel to the ids', () => {
    const [branch] = branchesOfCalls(messages, [call(1, [1, 2], [3, 4])]);
    expect(Array.from(branch.events[1].tokens!.logprobs!)).toEqual([-1, -1]);
  });
});
