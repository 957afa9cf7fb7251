/** Atropos groups: members share a task, masks say what was sampled, and padding of pairs is cut off. */
import { describe, expect, it } from 'vitest';
import { atropos } from '../../../src/formats/atropos.ts';

const CONTEXT = { name: 'groups.jsonl', path: 'groups.jsonl', index: 4, line: 5 };
const decode = (record: unknown) =>
  atropos.decode(record, CONTEXT).map((entry) => {
    if (!entry.ok) return { task: entry.complaint.code, reward: null, ids: entry.complaint.code };
    const { rollout } = entry;
    const { events } = rollout.branches[0];
    return {
      task: rollout.task,
      reward: rollout.reward,
      ids: events.map(({ sampled, tokens }) => `${Array.from(tokens!.ids!).join(' ')}${sampled ? '*' : ''}`).join(' / '),
    };
  });

describe('atropos', () => {
  it('cuts members where the mask changes, and gives them one task', () => {
    const [a, b] = decode({
      tokens: [
        [1, 2, 3, 4],
        [1, 2, 5],
      ],
      masks: [
        [-100, -100, 3, 4],
        [-100, -100, 5],
      ],
      scores: [1, [0.5, 0.25]],
    });
    expect(a).toMatchObject({ ids: '1 2 / 3 4*', reward: 1 });
    expect(b).toMatchObject({ ids: '1 2 / 5*', reward: 0.75 });
    expect(a.task).toBe(b.task);
    const [other] = decode({ tokens: [[1, 7, 3]], masks: [[-100, -100, 3]], scores: [0] });
    expect(other.task).not.toBe(a.task);
  });
  it('gives members one task also where they share no prompt', () => {
    const [a, b] = decode({
      tokens: [
        [1, 2],
        [3, 4],
      ],
      masks: [
        [1, 2],
        [-100, 4],
      ],
      scores: [1, 0],
    });
    expect(a.task).toBe(b.task);
    expect(decode({ tokens: [[1, 2]], masks: [[1, 2]], scores: [1] })[0].ids).toBe('1 2*');
  });
  it.each([
    ['a list', [1, 2, 3]],
    ['a column', Int32Array.of(1, 2, 3)],
  ])('reads a rollout that stands alone, its ids in %s', (_, tokens) => {
    expect(decode({ tokens, masks: [-100, 2, 3], scores: 0.5 })).toMatchObject([{ ids: '1 / 2 3*', reward: 0.5 }]);
  });
  it('accounts for every member, usable or not', () => {
    const members = decode({ tokens: [[1, 2], 'x', [3]], masks: [[-100, 2], [], [-100, -100]], scores: [1, 0, 0] });
    expect(members.map(({ ids }) => ids)).toEqual(['1 / 2*', 'member', 'member']);
  });
  it('cuts padding from both ends of pairs, but not a lone first token', () => {
    expect(
      decode({
        prompt: 'p',
        chosen: 'c',
        rejected: 'r',
        chosen_tokens: [0, 0, 0, 1, 2],
        chosen_masks: [0, 0, 0, 0, 1],
        rejected_tokens: [1, 3, 9, 9],
        rejected_masks: [0, 1, 0, 0],
      }),
    ).toMatchObject([
      { ids: '1 / 2*', reward: 1 },
      { ids: '1 / 3*', reward: 0 },
    ]);
    expect(
      decode({
        prompt: 'p',
        chosen: 'c',
        rejected: 'r',
        chosen_tokens: [8, 1, 2],
        chosen_masks: [0, 0, 1],
        rejected_tokens: [0, 0],
        rejected_masks: [0, 0],
      }),
    ).toMatchObject([{ ids: '8 1 / 2*' }, { ids: 'member' }]);
  });
});
