/** Records held to a number of tokens: none shows more, and together they train what whole records train. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathWeights, planBranches, shownPath, type BranchPlan } from '../../../../src/core/export/branches.ts';
import { extentsOf, type LengthLimit } from '../../../../src/core/export/extent.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { pathTo } from '../../../../src/core/tree/navigate.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';

const cases = fc.record({
  batch: batches({ keys: 2, maxRollouts: 6, values: 'none' }),
  train: fc.infiniteStream(fc.boolean()),
  tokens: fc.integer({ min: 1, max: 16 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function planned({ batch, train }: Case, ...limits: LengthLimit[]): { forest: Forest; trained: Uint8Array; plans: BranchPlan[] } {
  const builder = makeForestBuilder();
  builder.add(batch);
  const { forest } = freeze(builder);
  const kept = new Uint8Array(forest.length).fill(1);
  const trained = kept.map(() => (train.next().value === true ? 1 : 0));
  const plans = [{ tokens: 0, way: 'drop' } as const, ...limits].map((length) =>
    planBranches(forest, kept, trained, false, null, { length, eventEnds: () => null, trainsEnds: true, choose: null }),
  );
  return { forest, trained, plans };
}

/** node -> sum of its weights over all records, K being 1 */
function sums(forest: Forest, plan: BranchPlan): Float64Array {
  const found = new Float64Array(forest.length);
  for (const record of plan.end.keys()) {
    const shown = shownPath(forest, plan, record);
    pathWeights(plan, 'branch-mean', 1, record, shown).forEach((weight, i) => (found[shown.nodes[i]] += weight));
  }
  return found;
}

const endOf = (forest: Forest, n: number): number => forest.depth[n] + forest.edgeStart[n + 1] - forest.edgeStart[n];

it('show no more tokens than they may, whatever becomes of longer ones', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom('drop' as const, 'cut' as const, 'windows' as const), (drawn, way) => {
      const { forest, plans } = planned(drawn, { tokens: drawn.tokens, way });
      const [whole, held] = plans;
      for (const record of held.end.keys()) {
        const { nodes } = shownPath(forest, held, record);
        expect(held.tokenCount[record]).toBe(nodes.reduce((sum, n) => sum + forest.edgeStart[n + 1] - forest.edgeStart[n], 0));
        if (held.hasLoss[record] === 1) expect(held.tokenCount[record]).toBeLessThanOrEqual(drawn.tokens);
      }
      const [all, found] = [sums(forest, whole), sums(forest, held)];
      let lost = 0;
      for (let n = 0; n < forest.length; n++) {
        // What trains at all trains as much as before: there are fewer records of it, each with more weight.
        if (found[n] > 0) expect(found[n]).toBeCloseTo(all[n], 12);
        else if (all[n] > 0) lost += forest.edgeStart[n + 1] - forest.edgeStart[n];
      }
      expect(held.overLong.tokens).toBe(lost);
      expect(held.uncovered).toEqual(whole.uncovered);
      if (way !== 'drop') return;
      const fits = [...whole.end.keys()].filter((record) => whole.hasLoss[record] === 0 || whole.tokenCount[record] <= drawn.tokens);
      expect([...held.end]).toEqual(fits.map((record) => whole.end[record]));
    }),
    { numRuns: 400 },
  );
});

it('lose, in windows, only turns that are longer than one', () => {
  let kept = 0;
  let lost = 0;
  fc.assert(
    fc.property(cases, (drawn) => {
      // No call waits for its result.
      const batch = { ...drawn.batch, segmentFlags: drawn.batch.segmentFlags.map((flags) => flags & 1) };
      const { forest, plans } = planned({ ...drawn, batch }, { tokens: drawn.tokens, way: 'windows' });
      const [whole, held] = plans;
      const [all, found] = [sums(forest, whole), sums(forest, held)];
      for (const [record, t] of whole.trajectory.entries()) {
        const { nodes, marks } = shownPath(forest, whole, record);
        const end = whole.tokenCount[record];
        for (const [i, n] of nodes.entries()) {
          if (marks[i] === 0) continue;
          let [from, to] = [forest.depth[n], forest.depth[n] + 1];
          while (from > 0 && sampledAt(forest.trajectories, t, from - 1)) from--;
          while (to < end && sampledAt(forest.trajectories, t, to)) to++;
          // In other trajectories half a call may end there.
          const before = nodes.find((m) => endOf(forest, m) === from) ?? NONE;
          const mayBegin = before === NONE || (forest.flags[before] & FLAG.open) === 0;
          if ((mayBegin && to - from <= drawn.tokens) || to <= drawn.tokens) expect(found[n]).toBeCloseTo(all[n], 12);
          if (found[n] > 0) kept++;
          else lost++;
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(kept).toBeGreaterThan(500);
  expect(lost).toBeGreaterThan(50);
});

it('train each turn in one window, the one in which most stands before it', () => {
  let windows = 0;
  fc.assert(
    fc.property(cases, (drawn) => {
      const { forest, trained } = planned(drawn);
      for (const [t, leaf] of forest.trajectories.leaf.entries()) {
        const path = pathTo(forest, leaf);
        const marks = path.map((n) => (trained[n] === 1 && sampledAt(forest.trajectories, t, forest.depth[n]) ? 1 : 0));
        const { extents, isLong } = extentsOf(forest, t, path, Uint8Array.from(marks), null, { tokens: drawn.tokens, way: 'windows' });
        if (!isLong) continue;
        windows += extents.length;
        for (const [k, { end, head, from, lossFrom }] of extents.entries()) {
          expect(head <= from && (from === 0 || from <= lossFrom) && lossFrom < endOf(forest, end)).toBe(true);
          if (k > 0) expect(lossFrom).toBeGreaterThanOrEqual(endOf(forest, extents[k - 1].end));
          // Whatever a later window shows again, this one shows with more before it.
          if (k > 0) expect(from).toBeGreaterThanOrEqual(extents[k - 1].from);
          expect(2 * head).toBeLessThanOrEqual(drawn.tokens);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(windows).toBeGreaterThan(30);
});
