/** What acts drop, against forests written anew without it: every order, bound, counter and train set is that of what remains. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutDropped } from '../../../../src/core/acts/exclude.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { countKept, summarize } from '../../../../src/core/prune/counters.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { evaluateInSteps } from '../../../../src/core/prune/evaluate.ts';
import { NEVER, planOrder } from '../../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { planTrainOrder } from '../../../../src/core/prune/train.ts';
import { planTrain } from '../../../../src/core/prune/train-plan.ts';
import { scoreNodes } from '../../../../src/core/signal/score.ts';
import { allSteps } from '../../../helpers/allSteps.ts';
import { brokenPairs, orphanNodes } from '../prune/checks.ts';
import { nodesArbitrary, problemOf, ruleArbitrary } from '../prune/forests.ts';
import { compactForest } from './compact.ts';

const SIZE = 24;
const dropped = fc.record({
  nodes: nodesArbitrary({ size: SIZE, open: true, kinds: true }),
  rule: ruleArbitrary(SIZE),
  trajectories: fc.array(fc.nat(SIZE), { maxLength: 6 }),
  byHand: fc.array(fc.nat(SIZE), { maxLength: 3 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** The problem on what remains, by the code under test and written anew. */
function both(
  whole: PruneProblem,
  trajectories: readonly number[],
  byHand: readonly number[],
): { own: PruneProblem; anew: PruneProblem; nodeOf: readonly number[] } {
  const { forest } = whole;
  const rollouts = new Uint8Array(forest.trajectories.length);
  for (const t of trajectories) if (t < rollouts.length) rollouts[t] = 1;
  const nodes = new Uint8Array(forest.length);
  for (const n of byHand) if (n < forest.length) nodes.fill(1, n, forest.subtreeEnd[n]);
  const left = withoutDropped(forest, rollouts, nodes);
  const { forest: anew, nodeOf, trajectoryOf } = compactForest(left);
  const signal = whole.signal.map((value, n) => (left.excluded?.[n] === 1 ? 0 : value));
  const own: PruneProblem = { ...whole, forest: left, signal, importance: signal };
  const reward = Float64Array.from(trajectoryOf, (t) => whole.trajectoryReward[t]);
  const compact = Float64Array.from(nodeOf, (n) => signal[n]);
  return {
    own,
    nodeOf,
    anew: {
      ...whole,
      forest: anew,
      signal: compact,
      importance: compact,
      trajectoryReward: reward,
      trajectoryAdvantage: Float64Array.from(trajectoryOf, (t) => whole.trajectoryAdvantage[t]),
    },
  };
}

describe('what acts leave of a forest', () => {
  it('is ordered, bounded, counted and trained as if the rest had never been there', () => {
    fc.assert(
      fc.property(dropped, ({ nodes, rule, trajectories, byHand, share }) => {
        const reward = (t: number): number => ((t * 7) % 5) / 4;
        const whole = problemOf(nodes, rule);
        const { own, anew, nodeOf } = both(
          { ...whole, trajectoryReward: whole.trajectoryReward.map((_, t) => reward(t)) },
          trajectories,
          byHand,
        );
        const [order, expected] = [planOrder(own), planOrder(anew)];
        expect(nodeOf.map((n) => order.rank[n])).toEqual([...expected.rank]);
        expect(order.rank.filter((rank) => rank === NEVER).length).toBe(own.forest.length - nodeOf.length);
        for (const name of ['start', 'cost', 'signal', 'pinned', 'useful', 'blockOpens', 'totalCost', 'totalSignal', 'pinnedCost'] as const)
          expect(order[name], name).toEqual(expected[name]);
        expect(order.bound).toEqual(expected.bound);
        expect(order.pinnedBound).toEqual(expected.pinnedBound);
        const cut = cutAt(order, share);
        expect(cut).toEqual(cutAt(expected, share));
        expect(cut.cost).toBeLessThanOrEqual(cut.budget);
        const kept = keepMask(own.forest, order, cut);
        expect([...kept].filter((is, n) => is === 1 && own.forest.excluded?.[n] === 1)).toEqual([]);
        expect([...brokenPairs(own.forest, order, cut)]).toEqual([]);
        expect([...orphanNodes(own.forest, order, cut)]).toEqual([]);
        const { trajectories: ends, rollouts, ...counts } = summarize(order, countKept(own.forest, order), cut).counts;
        const {
          trajectories: endsAnew,
          rollouts: rolloutsAnew,
          ...countsAnew
        } = summarize(expected, countKept(anew.forest, expected), cut).counts;
        expect(counts).toEqual(countsAnew);
        // What ends early is never whole.
        expect([ends.total, rollouts.total]).toEqual([endsAnew.total, rolloutsAnew.total]);
        expect(ends.kept).toBeLessThanOrEqual(endsAnew.kept);
        const [train, trainAnew] = [planTrainOrder(own), planTrainOrder(anew)];
        expect([...train.nodes]).toEqual(Array.from(trainAnew.nodes, (row) => nodeOf[row]));
        const sampled = counts.sampled.kept;
        const [set, setAnew] = [planTrain(own, order), planTrain(anew, expected)].map((plan) => plan.choose(cut, sampled, share));
        expect(set.tokens).toBe(setAnew.tokens);
        expect(nodeOf.map((n) => set.trainedOf(n))).toEqual(nodeOf.map((_, row) => setAnew.trainedOf(row)));
      }),
      { numRuns: 400 },
    );
  });

  it('compares every strategy as if the rest had never been there', () => {
    fc.assert(
      fc.property(dropped, ({ nodes, rule, trajectories }) => {
        const { own, anew } = both(problemOf(nodes, rule), trajectories, []);
        const shares = [0, 0.25, 0.5, 1];
        expect(allSteps(evaluateInSteps(own, shares))).toEqual(allSteps(evaluateInSteps(anew, shares)));
      }),
      { numRuns: 60 },
    );
  });

  it('has the signal of what remains, with the advantages of the group as it was sampled', () => {
    fc.assert(
      fc.property(
        dropped,
        fc.constantFrom('sft', 'rl'),
        fc.constantFrom('tokens', 'policy'),
        ({ nodes, trajectories, byHand }, mode, reachBy) => {
          const whole = problemOf(nodes, { mode, reachBy, advantage: 'dr-grpo' });
          const { reward } = whole.forest.trajectories;
          for (let t = 0; t < reward.length; t++) reward[t] = (t * 3) % 4;
          const { own, anew, nodeOf } = both(whole, trajectories, byHand);
          const all = scoreNodes(whole.forest, whole.rule);
          const scores = scoreNodes(own.forest, own.rule);
          expect(scores.trajectoryAdvantage).toEqual(all.trajectoryAdvantage);
          expect(scores.signal.every((value, n) => own.forest.excluded?.[n] !== 1 || value === 0)).toBe(true);
          expect(scores.importance.some(Number.isNaN)).toBe(false);
          if (mode === 'rl') return;
          const expected = scoreNodes(anew.forest, anew.rule);
          for (const name of ['signal', 'importance', 'lte', 'reach'] as const)
            expect(
              nodeOf.map((n) => scores[name][n]),
              name,
            ).toEqual([...expected[name]]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('drops nothing where nothing is dropped, and drops the same again', () => {
    fc.assert(
      fc.property(dropped, ({ nodes, trajectories, byHand }) => {
        const { forest } = problemOf(nodes);
        expect(withoutDropped(forest, null, null)).toBe(forest);
        const rollouts = Uint8Array.from(forest.trajectories.leaf, (_, t) => (trajectories.includes(t) ? 1 : 0));
        const hand = new Uint8Array(forest.length);
        for (const n of byHand) if (n < forest.length) hand.fill(1, n, forest.subtreeEnd[n]);
        const once = withoutDropped(forest, rollouts, hand);
        const twice = withoutDropped(once, rollouts, hand);
        expect(twice.excluded).toEqual(once.excluded);
        expect(twice.reachCount).toEqual(once.reachCount);
        expect(twice.before).toBe(forest);
        for (let n = 0; n < forest.length; n++) {
          const p = forest.parent[n];
          if (p !== NONE && once.excluded?.[p] === 1) expect(once.excluded[n]).toBe(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
