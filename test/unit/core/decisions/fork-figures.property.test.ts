/** Forks of a frozen forest against grouping the trajectories by what they spell. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forkFigures, rankForks, rewardsOf, together } from '../../../../src/core/decisions/fork-figures.ts';
import { momentsOf } from '../../../../src/core/decisions/mean-interval.ts';
import { splitOf } from '../../../../src/core/decisions/split.ts';
import { isDecision, runFrom } from '../../../../src/core/decisions/ways.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { pathTo } from '../../../../src/core/tree/navigate.ts';
import { batches } from '../../../helpers/randomBatches.ts';

const frozen = batches({ keys: 3, maxRollouts: 12 }).map((batch) => {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder);
});

/** What a trajectory spells, as text. */
function spelled({ forest }: Frozen, node: number): string {
  let text = '';
  for (const at of node === NONE ? [] : pathTo(forest, node))
    for (let i = forest.edgeStart[at]; i < forest.edgeStart[at + 1]; i++) text += `${forest.edgeTokens[i]},`;
  return text;
}

/** The ways on from a place, by the next token (`end`: none) -> rollouts. */
function slowWays(all: Frozen, task: number, node: number): Map<string, Set<number>> {
  const { forest } = all;
  const prefix = spelled(all, node);
  const ways = new Map<string, Set<number>>();
  for (let i = forest.trajectoryStart[task]; i < forest.trajectoryStart[task + 1]; i++) {
    const trajectory = forest.trajectoryOrder[i];
    const text = spelled(all, forest.trajectories.leaf[trajectory]);
    if (!text.startsWith(prefix)) continue;
    const next = text.slice(prefix.length).split(',')[0] || 'end';
    ways.set(next, (ways.get(next) ?? new Set()).add(forest.trajectories.rollout[trajectory]));
  }
  return ways;
}

function places({ forest }: Frozen): { task: number; node: number }[] {
  return Array.from({ length: forest.treeStart.length - 1 }, (_, task) => [
    { task, node: NONE },
    ...Array.from({ length: forest.treeStart[task + 1] - forest.treeStart[task] }, (__, n) => ({ task, node: forest.treeStart[task] + n })),
  ]).flat();
}

const rewards = (all: Frozen) =>
  rewardsOf(
    all.forest,
    all.rollouts.map(({ reward }) => reward),
  );

describe('a fork of decisions', () => {
  it('sends the rollouts that spell the same way the same way', () => {
    fc.assert(
      fc.property(frozen, (all) => {
        const known = rewards(all);
        for (const { task, node } of places(all)) {
          const slow = slowWays(all, task, node);
          const { ways, several } = forkFigures(all.forest, known, task, node);
          const found = ways.map((way) => [
            way.node === NONE ? 'end' : String(all.forest.edgeTokens[all.forest.edgeStart[way.node]]),
            [...way.rollouts].sort((a, b) => a - b),
          ]);
          expect(new Map(found as [string, number[]][])).toEqual(
            new Map([...slow].map(([next, rollouts]) => [next, [...rollouts].sort((a, b) => a - b)])),
          );
          expect(found).toHaveLength(slow.size);
          expect(isDecision(all.forest, task, node)).toBe(slow.size > 1);
          const on = [...slow.values()].flatMap((rollouts) => [...rollouts]);
          expect(several).toBe(new Set(on.filter((rollout, at) => on.indexOf(rollout) !== at)).size);
          expect(together(known, ways).rollouts).toHaveLength(new Set(on).size);
        }
      }),
    );
  });
  it('is scored by the rollouts that take one way alone', () => {
    fc.assert(
      fc.property(frozen, (all) => {
        const known = rewards(all);
        const rewardOf = (rollout: number): number => all.rollouts[rollout]?.reward ?? NaN;
        for (const { task, node } of places(all)) {
          const slow = [...slowWays(all, task, node).values()];
          const alone = slow.map((way) => [...way].filter((rollout) => slow.filter((other) => other.has(rollout)).length === 1));
          const mine = new Set(all.forest.trajectoryOrder.subarray(all.forest.trajectoryStart[task], all.forest.trajectoryStart[task + 1]));
          const rollouts = new Set([...mine].map((trajectory) => all.forest.trajectories.rollout[trajectory]));
          const ofTask = momentsOf([...rollouts].map(rewardOf));
          const wanted = splitOf(
            alone.map((way) => momentsOf(way.map(rewardOf))),
            ofTask,
          );
          const { split } = forkFigures(all.forest, known, task, node);
          if (wanted === null) expect(split).toBeNull();
          else expect(split?.explained).toBeCloseTo(wanted.explained, 9);
        }
      }),
    );
  });
});

describe('the ranking of forks', () => {
  it('is a sort of all of them', () => {
    fc.assert(
      fc.property(frozen, fc.integer({ min: 1, max: 6 }), fc.boolean(), (all, most, ofOneTask) => {
        const known = rewards(all);
        const task = ofOneTask ? 0 : null;
        const forks = places(all).filter((at) => (task === null || at.task === task) && isDecision(all.forest, at.task, at.node));
        const scored = forks
          .map((at) => ({ ...at, explained: forkFigures(all.forest, known, at.task, at.node).split?.explained ?? 0 }))
          .filter(({ explained }) => explained > 0);
        const ranked = rankForks(all.forest, known, task, most);
        expect(ranked.forkCount).toBe(forks.length);
        expect(ranked.rankedCount).toBe(scored.length);
        expect(ranked.forks).toEqual(scored.toSorted((a, b) => b.explained - a.explained).slice(0, most));
      }),
    );
  });
});

describe('a run of steps', () => {
  it('goes on as long as all do the same', () => {
    fc.assert(
      fc.property(frozen, (all) => {
        for (const { task, node } of places(all)) {
          if (node === NONE) continue;
          const run = runFrom(all.forest, task, node);
          for (const [at, step] of run.entries()) {
            expect(isDecision(all.forest, task, step)).toBe(at === run.length - 1 && slowWays(all, task, step).size > 1);
            expect(all.forest.reachCount[step]).toBe(all.forest.reachCount[node]);
          }
        }
      }),
    );
  });
});
