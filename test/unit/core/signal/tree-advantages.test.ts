/** Advantages of trees, against plain loops over trajectories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { FLAG } from '../../../../src/core/model/kinds.ts';
import { nodeAdvantages, trajectoryAdvantages } from '../../../../src/core/signal/advantage.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { pathTo, taskOf } from '../../../../src/core/tree/navigate.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

function frozen(batch: TrajectoryBatch): Frozen {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder);
}

const membersOf = (forest: Forest, task: number): number[] => [
  ...forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]),
];
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));

/** (value − mean)/std among `group`; 0 where all are equal. */
function standard(value: number, group: readonly number[]): number {
  if (group.every((other) => other === group[0])) return 0;
  const centre = mean(group);
  return (value - centre) / Math.sqrt(mean(group.map((other) => (other - centre) ** 2)));
}

/** The reward of each rollout among these trajectories: the mean over its branches. */
function ofRollouts({ trajectories: { reward, rollout } }: Forest, members: readonly number[]): number[] {
  const rollouts = [...new Set(members.map((t) => rollout[t]))];
  return known(rollouts.map((r) => mean(known(members.filter((t) => rollout[t] === r).map((t) => reward[t])))));
}

/** Those that sampled a node; where nobody did, those through it. */
function countingAt(forest: Forest, n: number): number[] {
  const { leaf } = forest.trajectories;
  const through = membersOf(forest, taskOf(forest, n)).filter((t) => leaf[t] >= n && leaf[t] < forest.subtreeEnd[n]);
  const own = through.filter((t) => sampledAt(forest.trajectories, t, forest.depth[n]));
  return own.length > 0 ? own : through;
}

const expectSame = (found: Float64Array, expected: readonly number[]): void => {
  expected.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN();
    else expect(found[i]).toBeCloseTo(value, 9);
  });
};

describe('TreeRL', () => {
  it('on a drawn tree', () => {
    const { forest } = treeFromText('a B | C =1\na B | D =0\na E =0\na E | F =1');
    // Nodes: a (4, V .5), B (2, .5), C (1, 1), D (1, 0), E (2, .5), F (1, 1)
    const found = nodeAdvantages(forest, 'tree-rl', trajectoryAdvantages(forest, 'tree-rl'), null);
    expectSame(found, [0, 0, 1, -1, 0, 1]);
  });

  it('is what the formula says of the trajectories through a node', () => {
    fc.assert(
      fc.property(batches(), (batch) => {
        const { forest } = frozen(batch);
        const { reward, leaf } = forest.trajectories;
        const through = (n: number): number[] =>
          known(
            membersOf(forest, taskOf(forest, n))
              .filter((t) => leaf[t] >= n && leaf[t] < forest.subtreeEnd[n])
              .map((t) => reward[t]),
          );
        const expected = Array.from({ length: forest.length }, (_, n) => {
          const all = mean(known(membersOf(forest, taskOf(forest, n)).map((t) => reward[t])));
          const own = through(n);
          // The deepest node above that others pass too, else the task.
          const above = [...pathTo(forest, n)].findLast((m) => forest.reachCount[m] > forest.reachCount[n]);
          const before = above === undefined ? all : mean(through(above));
          return (mean(own) - all + (mean(own) - before)) / Math.sqrt(own.length);
        });
        const found = nodeAdvantages(forest, 'tree-rl', trajectoryAdvantages(forest, 'tree-rl'), null);
        expectSame(
          found,
          expected.map((value, n) => {
            const counting = countingAt(forest, n);
            return value * mean(counting.map((t) => (Number.isNaN(reward[t]) ? 0 : 1)));
          }),
        );
        expectSame(
          trajectoryAdvantages(forest, 'tree-rl'),
          Array.from(leaf, (n, t) => (Number.isNaN(reward[t]) ? Number.NaN : expected[n])),
        );
      }),
    );
  });
});

it('Tree-GRPO adds what a trajectory is among those with its first sampled node to what it is in its task', () => {
  fc.assert(
    fc.property(batches({ maxRollouts: 12 }), (batch) => {
      const { forest } = frozen(batch);
      const { reward, leaf, length } = forest.trajectories;
      const firstOf = (t: number): number =>
        [...pathTo(forest, leaf[t])].find((n) => (forest.flags[n] & FLAG.sampled) !== 0) ?? forest.length + t;
      const expected = Array.from({ length }, (_, t) => {
        if (Number.isNaN(reward[t])) return Number.NaN;
        const members = membersOf(forest, taskOf(forest, leaf[t]));
        const tree = members.filter((other) => firstOf(other) === firstOf(t));
        return standard(reward[t], ofRollouts(forest, members)) + standard(reward[t], ofRollouts(forest, tree));
      });
      expectSame(trajectoryAdvantages(forest, 'tree-grpo'), expected);
    }),
  );
});

describe('GiGPO', () => {
  it('on a drawn tree: those who did the same so far are compared by what became of them', () => {
    const { forest, batch } = treeFromText('a | B | C =1\na | B | D =0\na | X | D =0\na | X | D =0');
    const actions = frozen(actionTrajectories(batch));
    const found = nodeAdvantages(forest, 'gigpo', trajectoryAdvantages(forest, 'gigpo'), actions);
    const [win, loss] = [Math.sqrt(3), -1 / Math.sqrt(3)];
    // Nodes: a, B, C, D under B, X, D under X. B and X are done from the start, C and D after them.
    expectSame(found, [
      0,
      // Mean of the two that did B, episode and step alike.
      win + loss,
      win + 1,
      loss - 1,
      2 * loss,
      loss,
    ]);
  });

  it('is what the formula says of every trajectory and step', () => {
    fc.assert(
      fc.property(batches(), (batch) => {
        const { forest } = frozen(batch);
        const actions = frozen(actionTrajectories(batch));
        const { reward, length, tokenCount } = forest.trajectories;
        const keys = Array.from({ length }, (_, t) =>
          [...pathTo(actions.forest, actions.forest.trajectories.leaf[t])].flatMap((n) => [
            ...actions.forest.edgeTokens.subarray(actions.forest.edgeStart[n], actions.forest.edgeStart[n + 1]),
          ]),
        );
        const endsOf = (t: number): number[] => [...actions.actionEnd!.subarray(actions.actionStart![t], actions.actionStart![t + 1])];
        const expected = Array.from({ length: forest.length }, (_, n) => {
          const members = membersOf(forest, taskOf(forest, n));
          const group = ofRollouts(forest, members);
          const counting = countingAt(forest, n);
          const values = counting
            .filter((t) => !Number.isNaN(reward[t]))
            .map((t) => {
              const done = endsOf(t).filter((end) => end <= forest.depth[n]).length;
              const state = keys[t].slice(0, done).join();
              const alike = members.filter((other) => keys[other].length >= done && keys[other].slice(0, done).join() === state);
              expect(tokenCount[t]).toBeGreaterThan(forest.depth[n]);
              return standard(reward[t], group) + standard(reward[t], known(alike.map((other) => reward[other])));
            });
          return values.length === 0 ? Number.NaN : (mean(values) * values.length) / counting.length;
        });
        expectSame(nodeAdvantages(forest, 'gigpo', trajectoryAdvantages(forest, 'gigpo'), actions), expected);
      }),
    );
  });

  it('needs the tree of actions', () => {
    const { forest } = treeFromText('A =1\nB =0');
    expect(() => nodeAdvantages(forest, 'gigpo', trajectoryAdvantages(forest, 'gigpo'), null)).toThrow('tree of actions');
  });
});
