/** The rows of the tree of decisions keep their place while forks are still on their way. */
import { describe, expect, it } from 'vitest';
import { activeRow, decisionRows, ROOT, type Forks } from '../../../src/app/views/decisions/rows.ts';
import type { NodeKey } from '../../../src/core/model/node-key.ts';
import type { DecisionWay, ForkAnswer } from '../../../src/engine/answers/decisions.ts';

const key = (name: string): NodeKey => name.padStart(16, '0') as NodeKey;
const figures = { mean: 0.5, low: 0, high: 1, known: 2, rollouts: 2, unknown: 0 } as const;
const representative = { rollout: 'r' as DecisionWay['representative']['rollout'], id: 'r', reward: 1, branch: 0, node: null };
const way = (name: string | null, ways: number): DecisionWay => ({
  ...figures,
  step: name === null ? null : { key: key(name), label: name, kind: 'call', isError: false },
  run: [],
  runLength: 0,
  ways,
  fork: name === null ? null : key(name),
  representative,
});
const fork = (name: string | null, ways: readonly DecisionWay[], others: ForkAnswer['others']): ForkAnswer => ({
  task: 0,
  key: name === null ? null : key(name),
  level: 1,
  all: figures,
  method: 't',
  ways,
  wayCount: ways.length,
  others,
  several: 0,
  split: null,
});

describe('the active row', () => {
  const root = way(null, 2);
  const beginning = fork(null, [way('a', 2), way('b', 0)], null);
  const below = fork('a', [way('c', 0), way('d', 0)], null);
  const open = new Set([ROOT, key('a')]);
  const rowsWith = (forks: Forks) => decisionRows(root, forks, open).rows;

  it('goes from the note that a fork is on its way to the first of its ways, as soon as they are here', () => {
    const before = rowsWith((at) => (at === null ? beginning : undefined));
    const waiting = before.find(({ type }) => type === 'note');
    expect(waiting && activeRow(before, waiting.id)).toBe(waiting?.id);
    const after = rowsWith((at) => (at === null ? beginning : below));
    expect(activeRow(after, waiting?.id ?? '')).toBe(key('c'));
  });

  it('goes from the list of further ways to the last of them, once all are shown', () => {
    const before = rowsWith((at) => (at === null ? beginning : fork('a', below.ways.slice(0, 1), figures)));
    const others = before.find(({ type }) => type === 'others');
    expect(others && activeRow(before, others.id)).toBe(others?.id);
    expect(
      activeRow(
        rowsWith((at) => (at === null ? beginning : below)),
        others?.id ?? '',
      ),
    ).toBe(key('d'));
  });

  it('is the root where nothing is left of what was active', () => {
    expect(activeRow(decisionRows(root, () => beginning, new Set()).rows, `wait ${key('z')}`)).toBe(ROOT);
  });
});
