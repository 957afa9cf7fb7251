/** What is listed and in which order: tasks, marks, forks, tools; and how tokens are shown. */
import { describe, expect, it } from 'vitest';
import { heatOf, showWhitespace } from '../../../src/app/text/tokens.ts';
import { groupReward } from '../../../src/core/rollouts/solved.ts';
import { groupHelp, meanWords, solvedWords } from '../../../src/app/views/tasks/group-words.ts';
import { sharedPrefix, taskOrder } from '../../../src/app/views/tasks/order.ts';
import { forkBeside } from '../../../src/app/views/tree/forks.ts';
import { setShare, suggestedBudget } from '../../../src/app/state/suggested.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import type { TaskTable } from '../../../src/engine/answers/dataset.ts';
import type { TreeShape } from '../../../src/engine/answers/drawing.ts';

const label = ['task 10', 'task 9', 'other'];
const tasks: TaskTable = {
  length: 3,
  key: ['a', 'b', 'c'],
  label,
  arrival: Int32Array.of(1, 0, 2),
  rollouts: Int32Array.of(1, 1, 1),
  trajectories: Int32Array.of(1, 1, 1),
  nodes: Int32Array.of(1, 1, 1),
  flat: Float64Array.of(10, 20, 30),
  distinct: Float64Array.of(5, 20, 10),
  sharing: Float64Array.of(0.5, 0, 0.66),
  rewardMin: Float64Array.of(0, Number.NaN, 0),
  rewardMean: Float64Array.of(0, Number.NaN, 0.5),
  rewardMax: Float64Array.of(0, Number.NaN, 1),
  rewardStart: Int32Array.of(0, 1, 1, 2),
  rewards: Float64Array.of(0, 1),
  references: new Int32Array(3),
  candidates: new Int32Array(3),
};

describe('the task list', () => {
  it('sorts by what was chosen, the largest first, unknown last, ties by arrival', () => {
    expect(taskOrder(tasks, undefined, 'arrival', null)).toEqual([1, 0, 2]);
    expect(taskOrder(tasks, undefined, 'tokens', null)).toEqual([1, 2, 0]);
    expect(taskOrder(tasks, undefined, 'sharing', null)).toEqual([2, 0, 1]);
    expect(taskOrder(tasks, undefined, 'spread', null)).toEqual([2, 0, 1]);
    expect(taskOrder(tasks, undefined, 'name', null)).toEqual([2, 1, 0]);
    expect(taskOrder(tasks, Float64Array.of(0.2, 0.9, 0.2), 'signal', null)).toEqual([1, 0, 2]);
    expect(taskOrder(tasks, undefined, 'signal', null)).toEqual([1, 0, 2]);
  });

  it('lists tasks of which the filter takes a rollout', () => {
    expect(taskOrder(tasks, undefined, 'arrival', Int32Array.of(2, 1, 0))).toEqual([1, 0]);
    expect(taskOrder(tasks, undefined, 'arrival', new Int32Array(3))).toEqual([]);
  });

  it('leaves out words that all labels begin with, but no more', () => {
    const long = 'the same long beginning of ';
    expect(sharedPrefix([`${long}what differs`, `${long}another thing`])).toBe(long.length);
    expect(sharedPrefix([`${long}one`, `${long}two`])).toBe(0);
    expect(sharedPrefix(['one only, however long it may be'])).toBe(0);
    expect(sharedPrefix(label)).toBe(0);
  });

  it('says how many are solved, the mean with its interval, and how it was made', () => {
    const group = groupReward([1, 0, 0, Number.NaN]);
    expect(solvedWords(group)).toBe('1 of 3 solved');
    expect(meanWords(group)).toBe('0.33 (0.06 to 0.79)');
    expect(groupHelp(group)).toBe(
      'Solved: a reward of 1. 1 of 3 solved; mean reward 0.33 (0.06 to 0.79), 95 % interval in brackets: ' +
        'Wilson’s score interval, because all rewards of the log are 0 or 1. 1 more have no known reward.',
    );
    expect(solvedWords(groupReward([Number.NaN]))).toBe('1 rollout, reward unknown');
    expect(meanWords(groupReward([0.25]))).toBe('0.25');
    expect(solvedWords(groupReward([0.2, 1.2, 0, 0]))).toBe('2 of 4 above 0');
  });
});

/** 0 ─ 1 ─┬ 2       with tool 0 on nodes 2 and 4, tool 1 on node 5
 *     └ 3 ┬ 4 · 5 */
const tree: TreeShape = {
  task: 0,
  view: 'tokens',
  keys: Uint32Array.from({ length: 12 }, (_, i) => i),
  length: 6,
  trajectories: 3,
  parent: Int32Array.of(-1, 0, 1, 1, 3, 3),
  subtreeEnd: Int32Array.of(6, 6, 3, 6, 5, 6),
  depth: new Int32Array(6),
  tokens: new Int32Array(6).fill(1),
  reachCount: Int32Array.of(3, 3, 1, 2, 1, 1),
  kind: new Uint8Array(6),
  flags: new Uint8Array(6),
  tool: Int32Array.of(-1, -1, 0, -1, 0, 1),
  tools: ['search', 'research'],
};

describe('walking a tree', () => {
  it('goes from fork to fork and around', () => {
    expect([null, 0, 1, 2, 3].map((from) => forkBeside(tree, from, 1))).toEqual([1, 1, 3, 3, 1]);
    expect([null, 3, 1].map((from) => forkBeside(tree, from, -1))).toEqual([3, 1, 3]);
  });
});

describe('tokens', () => {
  it('grow hotter with entropy, or with surprisal where no entropy is known', () => {
    expect([0, 0.3, 0.9, 1.5, 2.4].map((entropy) => heatOf({ entropy, surprisal: 9 }))).toEqual([0, 1, 2, 3, 4]);
    expect(heatOf({ entropy: Number.NaN, surprisal: 9 })).toBe(4);
    expect(heatOf({ entropy: Number.NaN, surprisal: Number.NaN })).toBe(0);
  });

  it('show white space as marks', () => {
    expect(showWhitespace('a b\tc\r\n')).toBe('a·b→c␍⏎\n');
  });
});

it('sets one share, within bounds, and leaves the other', () => {
  const suggested = suggestedBudget(undefined, undefined, null);
  setShare(suggested, 'train', 1.7, 'step');
  expect(useChoices.getState().pruning.present.budget).toEqual({ ...suggested, train: 1 });
  setShare({ cut: 1, train: 0.7 }, 'cut', -1, 'drag');
  expect(useChoices.getState().pruning.present.budget).toEqual({ cut: 0, train: 1 });
});
