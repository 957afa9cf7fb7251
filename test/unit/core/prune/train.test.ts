import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { layTicks, planTrain, planTrainOrder, trainEnd } from '../../../../src/core/prune/train.ts';
import { BARE, nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

const anyProblem = nodesArbitrary({ size: 24, open: true, kinds: true })
  .chain((nodes) => ruleArbitrary(nodes.length).map((rule) => problemOf(nodes, rule)));
const share = fc.double({ min: 0, max: 1, noNaN: true });

it('trains sampled nodes of the cut only, within the train budget, pins first', () => {
  fc.assert(fc.property(anyProblem, share, share, (problem, cutShare, trainShare) => {
    const { forest } = problem;
    const order = planOrder(problem);
    const cut = cutAt(order, cutShare);
    const train = planTrainOrder(problem);
    const set = planTrain(problem, train, order, cut, trainShare);
    const kept = keepMask(forest, order, cut);
    const tokens = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
    let trained = 0;
    let sampled = 0;
    for (let n = 0; n < forest.length; n++) {
      if (kept[n] === 1 && forest.sampledCount[n] > 0) sampled += tokens(n);
      if (set.trained[n] === 0) continue;
      trained += tokens(n);
      expect(kept[n]).toBe(1);
      expect(forest.sampledCount[n]).toBeGreaterThan(0);
    }
    expect(set.tokens).toBe(trained);
    expect(set.sampledTokens).toBe(sampled);
    expect(trained).toBeLessThanOrEqual(set.budget);
    expect(set.budget).toBeCloseTo(trainShare * sampled, 9);
    // Something that is not pinned carries loss only where every pin in the cut does.
    const { pinned } = train.protections;
    const extra = set.trained.some((t, n) => t === 1 && pinned[n] === 0);
    const missing = kept.some((k, n) => k === 1 && pinned[n] === 1 && forest.sampledCount[n] > 0 && set.trained[n] === 0);
    expect(extra && missing).toBe(false);
    expect(set.pinsUnmet).toBe(missing);
  }), { numRuns: 300 });
});

it('finds at a tick the end of the set that it does not make', () => {
  fc.assert(fc.property(anyProblem, share, fc.oneof(share, fc.constantFrom(0, 1)), (problem, cutShare, trainShare) => {
    const order = planOrder(problem);
    const cut = cutAt(order, cutShare);
    const train = planTrainOrder(problem);
    const set = planTrain(problem, train, order, cut, trainShare);
    const ticks = layTicks(train, order);
    const { end, tokens, budget, pinsUnmet } = trainEnd(ticks, cut, set.sampledTokens, trainShare);
    const kept = keepMask(problem.forest, order, cut);
    expect([tokens, budget, pinsUnmet]).toEqual([set.tokens, set.budget, set.pinsUnmet ? set.pinnedTokens : null]);
    expect(kept.map((k, n) => (k === 1 && ticks.row[n] < end ? 1 : 0))).toEqual(set.trained);
  }), { numRuns: 300 });
});

it('trains everything sampled at 100 % and grows with the train budget', () => {
  fc.assert(fc.property(anyProblem, share, share, (problem, cutShare, trainShare) => {
    const order = planOrder(problem);
    const cut = cutAt(order, cutShare);
    const train = planTrainOrder(problem);
    const part = planTrain(problem, train, order, cut, trainShare);
    const all = planTrain(problem, train, order, cut, 1);
    expect(all.tokens).toBe(all.sampledTokens);
    expect(part.trained.every((t, n) => t <= all.trained[n])).toBe(true);
  }));
});

it('takes signal per token, favoured nodes counting double', () => {
  const problem = problemOf([
    { parent: NONE, tokens: 4, signal: 4 },
    { parent: 0, tokens: 2, signal: 3 },
    { parent: 0, tokens: 2, signal: 2, kind: 'call' },
    { parent: 0, tokens: 2, signal: 9, flags: 0 }, // not sampled
  ], { ...BARE, trainProtect: { tool: { level: 'favour', factor: 2 } } });
  const order = planOrder(problem);
  const trainedAt = (trainShare: number): number[] =>
    [...planTrain(problem, planTrainOrder(problem), order, cutAt(order, 1), trainShare).trained];
  expect(trainedAt(0.25)).toEqual([0, 0, 1, 0]);
  expect(trainedAt(0.5)).toEqual([0, 1, 1, 0]);
  expect(trainedAt(1)).toEqual([1, 1, 1, 0]);
});
