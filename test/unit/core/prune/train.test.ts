import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planTrain, trainedTokens } from '../../../../src/core/prune/train-plan.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { layTicks, planTrainOrder, trainEnd, trainPins } from '../../../../src/core/prune/train.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { BARE, nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

const anyProblem = nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
  // One budget over all tasks; where each has its own: train-methods.test.ts.
  ruleArbitrary(nodes.length).map((rule) => problemOf(nodes, { ...rule, scope: 'global' })),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** The train set as a tick finds it, and the cut that it lies in. */
function trainAt(problem: PruneProblem, cutShare: number, trainShare: number) {
  const { forest } = problem;
  const order = planOrder(problem);
  const cut = cutAt(order, cutShare);
  const train = planTrainOrder(problem);
  const kept = keepMask(forest, order, cut);
  const tokens = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const sampled = kept.reduce((sum, k, n) => sum + (k === 1 && forest.sampledCount[n] > 0 ? tokens(n) : 0), 0);
  const ticks = layTicks(train, order, problem.signal);
  const end = trainEnd(ticks, cut, { tokens: sampled, signal: cut.signal }, trainShare);
  const byNode = trainedTokens(forest, planTrain(problem, order).choose(cut, sampled, trainShare));
  // Whole nodes, or nothing of them.
  expect([...byNode.keys()].every((n) => byNode[n] === 0 || byNode[n] === tokens(n))).toBe(true);
  return { ...end, train, kept, sampled, nodeTokens: tokens, trained: Uint8Array.from(byNode, (count) => (count > 0 ? 1 : 0)) };
}

it('trains sampled nodes of the cut only, within the train budget, pins first', () => {
  fc.assert(
    fc.property(anyProblem, share, share, (problem, cutShare, trainShare) => {
      const { forest } = problem;
      const { train, kept, sampled, nodeTokens, trained, tokens, budget, pinsUnmet } = trainAt(problem, cutShare, trainShare);
      let sum = 0;
      for (let n = 0; n < forest.length; n++) {
        if (trained[n] === 0) continue;
        sum += nodeTokens(n);
        expect(kept[n]).toBe(1);
        expect(forest.sampledCount[n]).toBeGreaterThan(0);
      }
      expect(tokens).toBe(sum);
      expect(sum).toBeLessThanOrEqual(budget);
      expect(budget).toBeCloseTo(trainShare * sampled, 9);
      // Something that is not pinned carries loss only where every pin in the cut does.
      const { pinned } = train.protections;
      const extra = trained.some((t, n) => t === 1 && pinned[n] === 0);
      const pins = [...kept.keys()].filter((n) => kept[n] === 1 && pinned[n] === 1 && forest.sampledCount[n] > 0);
      const missing = pins.some((n) => trained[n] === 0);
      expect(extra && missing).toBe(false);
      expect(pinsUnmet).toBe(missing ? pins.reduce((all, n) => all + nodeTokens(n), 0) : null);
    }),
    { numRuns: 300 },
  );
});

it('takes whole nodes in train order up to the first that does not fit', () => {
  fc.assert(
    fc.property(anyProblem, share, fc.oneof(share, fc.constantFrom(0, 1)), (problem, cutShare, trainShare) => {
      const { train, kept, nodeTokens, trained, budget } = trainAt(problem, cutShare, trainShare);
      const inCut = [...train.nodes].filter((n) => kept[n] === 1);
      let spent = 0;
      let fits = true;
      for (const n of inCut) {
        fits &&= spent + nodeTokens(n) <= budget;
        expect(trained[n]).toBe(fits ? 1 : 0);
        if (fits) spent += nodeTokens(n);
      }
    }),
    { numRuns: 300 },
  );
});

it('trains everything sampled at 100 % and grows with the train budget', () => {
  fc.assert(
    fc.property(anyProblem, share, share, (problem, cutShare, trainShare) => {
      const part = trainAt(problem, cutShare, trainShare);
      const all = trainAt(problem, cutShare, 1);
      expect(all.tokens).toBe(all.sampled);
      expect(part.trained.every((t, n) => t <= all.trained[n])).toBe(true);
    }),
  );
});

it('takes signal per token, favoured nodes counting double', () => {
  const problem = problemOf(
    [
      { parent: NONE, tokens: 4, signal: 4 },
      { parent: 0, tokens: 2, signal: 3 },
      { parent: 0, tokens: 2, signal: 2, kind: 'call' },
      { parent: 0, tokens: 2, signal: 9, flags: 0 }, // not sampled
    ],
    { ...BARE, trainProtect: { tool: { level: 'favour', factor: 2 } } },
  );
  const trainedAt = (trainShare: number): number[] => [...trainAt(problem, 1, trainShare).trained];
  expect(trainedAt(0.25)).toEqual([0, 0, 1, 0]);
  expect(trainedAt(0.5)).toEqual([0, 1, 1, 0]);
  expect(trainedAt(1)).toEqual([1, 1, 1, 0]);
});

it('counts what pins need where nothing is cut: with that much every pin trains, with one token less not', () => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      const { tokens, of } = trainPins(layTicks(planTrainOrder(problem), planOrder(problem), problem.signal));
      expect(trainAt(problem, 1, 1).sampled).toBe(of);
      if (of === 0) return;
      expect(trainAt(problem, 1, tokens / of).pinsUnmet).toBeNull();
      if (tokens > 0) expect(trainAt(problem, 1, (tokens - 1) / of).pinsUnmet).toBe(tokens);
    }),
    { numRuns: 300 },
  );
});
