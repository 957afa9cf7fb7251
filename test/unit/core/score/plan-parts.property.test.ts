/** Parts of a plan together are the plan: the same contexts, each token forwarded as often. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partSteps, planPart } from '../../../../src/core/score/plan-parts.ts';
import { planScores } from '../../../../src/core/score/plan.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { START } from '../../../../src/core/score/windows.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { replay } from './replay.ts';

it('asks about every token in the context that the whole plan gives it', () => {
  const limits = fc.record({
    context: fc.integer({ min: 4, max: 20 }),
    overlap: fc.integer({ min: 0, max: 4 }),
    chunk: fc.integer({ min: 1, max: 8 }),
    batch: fc.integer({ min: 1, max: 4 }),
    cacheTokens: fc.integer({ min: 60, max: 200 }),
    start: fc.constantFrom(null, 7),
  });
  fc.assert(
    fc.property(batches({ keys: 3, maxRollouts: 8, values: 'none' }), limits, fc.integer({ min: 1, max: 30 }), (batch, limits, least) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest } = freeze(builder);
      const plan = planScores(forest, wantedTokens(forest, 'sampled'), limits);
      const whole = replay(plan);
      const ends = partSteps(plan, least);
      expect(ends.at(-1)).toBe(plan.steps);
      const contexts = new Map<number, readonly number[]>();
      const forwarded: string[] = [];
      let tokens = 0;
      ends.slice(1).forEach((to, i) => {
        const part = planPart(plan, forest.edgeTokens, ends[i], to);
        tokens += part.plan.forwarded;
        expect(part.plan.distinct + part.plan.reanchored).toBe(part.plan.forwarded);
        const edge = (token: number): number => (token === START ? START : part.edge[token]);
        const seen = replay(part.plan);
        for (const [target, context] of seen.contexts) contexts.set(edge(target), context.map(edge));
        forwarded.push(...seen.forwarded.map((text) => text.split(' ').map(Number).map(edge).join(' ')));
        part.edge.forEach((token, own) => expect(part.edgeTokens[own]).toBe(forest.edgeTokens[token]));
        if (i + 2 < ends.length) expect(part.plan.forwarded).toBeGreaterThanOrEqual(least);
      });
      expect(tokens).toBe(plan.forwarded);
      expect(contexts).toEqual(whole.contexts);
      expect(forwarded).toEqual(whole.forwarded);
    }),
  );
});
