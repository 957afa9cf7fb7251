/** All records together against flat training of every trajectory, token by token, where trajectories disagree on what was sampled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  branchesWithLoss,
  pathWeights,
  planBranches,
  shownPath,
  type BranchPlan,
  type Convention,
} from '../../../../src/core/export/branches.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { ENDING, FLAG, KIND } from '../../../../src/core/model/kinds.ts';
import { meanSampled } from '../../../../src/core/signal/mean.ts';
import { taskDivisors } from '../../../../src/core/signal/coefficient.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { pathTo, taskOf } from '../../../../src/core/tree/navigate.ts';
import { withKeptWhole } from '../../../../src/core/tree/outcome.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';

/** A trajectory token by token, looked up without any of the plan's means. */
interface FlatToken {
  readonly node: number;
  readonly sampled: boolean;
}

function flatTokens(forest: Forest, t: number): FlatToken[] {
  const tokens: FlatToken[] = [];
  for (const node of pathTo(forest, forest.trajectories.leaf[t]))
    for (let i = forest.edgeStart[node]; i < forest.edgeStart[node + 1]; i++)
      tokens.push({ node, sampled: sampledAt(forest.trajectories, t, tokens.length) });
  return tokens;
}

/** token of the trajectory -> whether flat training has loss there */
function flatLoss(forest: Forest, t: number, trained: Uint8Array, maskErrors: boolean): boolean[] {
  const tokens = flatTokens(forest, t);
  const loss = tokens.map(({ node, sampled }) => sampled && trained[node] === 1);
  if (!maskErrors) return loss;
  for (let start = 0; start < tokens.length; start++) {
    if (!tokens[start].sampled || (start > 0 && tokens[start - 1].sampled)) continue;
    let end = start;
    while (end < tokens.length && tokens[end].sampled) end++;
    const isError = ({ node }: FlatToken): boolean => (forest.flags[node] & FLAG.error) !== 0;
    // The results that follow the turn at once; a call is at fault if any of them is an error.
    let to = end;
    while (to < tokens.length && !tokens[to].sampled && forest.kind[tokens[to].node] === KIND.result) to++;
    const failed = tokens.slice(end, to).some(isError);
    // Where the log marks a token as an error, the turn up to there went wrong.
    let last = failed ? end : start;
    for (let i = start; i < end; i++) if (isError(tokens[i])) last = Math.max(last, i + 1);
    // A node is marked as a whole.
    while (last > start && last < end && tokens[last].node === tokens[last - 1].node) last++;
    loss.fill(false, start, last);
  }
  return loss;
}

/** node -> what flat training of all trajectories gives its tokens, from its values per trajectory */
function flatSum(forest: Forest, trained: Uint8Array, maskErrors: boolean, of: (t: number) => number): Float64Array {
  const sums = new Float64Array(forest.length);
  for (let t = 0; t < forest.trajectories.length; t++) {
    const loss = flatLoss(forest, t, trained, maskErrors);
    for (const node of pathTo(forest, forest.trajectories.leaf[t])) {
      const own = loss.slice(forest.depth[node], forest.depth[node] + forest.edgeStart[node + 1] - forest.edgeStart[node]);
      expect(new Set(own).size).toBe(1);
      if (own[0]) sums[node] += of(t);
    }
  }
  return sums;
}

/** node -> sum of its weights over all records that are written */
function weightSum(forest: Forest, plan: BranchPlan, convention: Convention, divisors: Float64Array): Float64Array {
  const sums = new Float64Array(forest.length);
  for (const record of branchesWithLoss(plan, convention)) {
    const shown = shownPath(forest, plan, record);
    const divisor = divisors[taskOf(forest, plan.end[record])];
    pathWeights(plan, convention, divisor, record, shown).forEach((weight, i) => (sums[shown.nodes[i]] += weight));
  }
  return sums;
}

const cases = fc.record({
  batch: batches({ values: 'none', maxRollouts: 10 }),
  keep: fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
  whole: fc.boolean(),
  train: fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
  all: fc.boolean(),
  maskErrors: fc.boolean(),
  divisor: fc.constantFrom('trajectories' as const, 'rollouts' as const),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function planned({ batch, keep, whole, train, all, maskErrors, divisor }: Case) {
  const builder = makeForestBuilder();
  builder.add(batch);
  const { forest } = freeze(builder);
  const kept = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++)
    kept[n] = (whole || (keep.next().value ?? 0) > 0) && (forest.parent[n] < 0 || kept[forest.parent[n]] === 1) ? 1 : 0;
  const trained = kept.map((is) => (is === 1 && (all || (train.next().value ?? 0) > 0) ? 1 : 0));
  return { forest, kept, trained, plan: planBranches(forest, kept, trained, maskErrors), divisors: taskDivisors(forest, divisor) };
}

describe('the records of a cut', () => {
  it('together weigh every token by its coefficient, as flat training of all trajectories does', () => {
    let disputed = 0;
    fc.assert(
      fc.property(cases, (drawn) => {
        const { forest, kept, trained, plan, divisors } = planned(drawn);
        const flat = flatSum(forest, trained, drawn.maskErrors, () => 1);
        const mean = weightSum(forest, plan, 'branch-mean', divisors);
        const once = weightSum(forest, plan, 'train-once', divisors);
        const uncovered = { nodes: 0, tokens: 0 };
        for (let n = 0; n < forest.length; n++) {
          if (forest.sampledCount[n] > 0 && forest.sampledCount[n] < forest.reachCount[n]) disputed++;
          const wanted = flat[n] / divisors[taskOf(forest, n)];
          if (kept[n] === 1 && wanted > 0 && plan.trained[n] === 0) {
            uncovered.nodes++;
            uncovered.tokens += forest.edgeStart[n + 1] - forest.edgeStart[n];
            expect([mean[n], once[n]]).toEqual([0, 0]);
            continue;
          }
          expect(mean[n]).toBeCloseTo(kept[n] === 1 ? wanted : 0, 9);
          expect(once[n]).toBe(kept[n] === 1 && wanted > 0 ? 1 : 0);
        }
        expect(plan.uncovered).toEqual(uncovered);
        if (drawn.whole) expect(uncovered.nodes).toBe(0);
      }),
      { numRuns: 600 },
    );
    expect(disputed).toBeGreaterThan(1000);
  });

  it('with kept-mean weigh every token as flat training of the trajectories kept whole, and nothing else', () => {
    let several = 0;
    fc.assert(
      fc.property(cases, (drawn) => {
        const { forest, kept, trained } = planned(drawn);
        const learning = withKeptWhole(forest, kept);
        const plan = planBranches(learning, kept, trained, drawn.maskErrors);
        const { leaf, rollout, length } = forest.trajectories;
        const whole = Array.from({ length }, (_, t) => pathTo(forest, leaf[t]).every((n) => kept[n] === 1));
        const flat = flatSum(forest, trained, drawn.maskErrors, (t) => (whole[t] ? 1 : 0));
        const advantage = flatSum(forest, trained, drawn.maskErrors, (t) => (whole[t] ? 1 + (t % 5) : 0));
        const found = weightSum(forest, plan, 'kept-mean', taskDivisors(learning, drawn.divisor));
        const mean = meanSampled(
          learning,
          Float64Array.from({ length }, (_, t) => 1 + (t % 5)),
        );
        const meanOf = plan.loss.mean(
          Float64Array.from({ length }, (_, t) => 1 + (t % 5)),
          mean,
          'left out',
        );
        for (let n = 0; n < forest.length; n++) {
          const own = [...whole.keys()].filter((t) => whole[t] && taskOf(forest, leaf[t]) === taskOf(forest, n));
          const k = drawn.divisor === 'trajectories' ? own.length : new Set(own.map((t) => rollout[t])).size;
          if (k > 1) several++;
          expect(found[n]).toBeCloseTo(flat[n] === 0 ? 0 : flat[n] / k, 9);
          if (flat[n] > 0) expect(meanOf[n]).toBeCloseTo(advantage[n] / flat[n], 9);
        }
      }),
      { numRuns: 300 },
    );
    expect(several).toBeGreaterThan(100);
  });

  it('have loss on nothing that their own trajectory did not sample, and end with the last turn that trains', () => {
    let trimmed = 0;
    fc.assert(
      fc.property(cases, (drawn) => {
        const { forest, kept, trained, plan, divisors } = planned(drawn);
        expect(plan.branches.flat().sort((a, b) => a - b)).toEqual([...plan.branchEnd.keys()]);
        for (const [record, end] of plan.end.entries()) {
          const t = plan.trajectory[record];
          const path = pathTo(forest, end);
          const own = pathTo(forest, forest.trajectories.leaf[t]);
          expect(own.slice(0, path.length)).toEqual(path);
          expect(kept[end]).toBe(1);
          const loss = flatLoss(forest, t, trained, drawn.maskErrors);
          const weights = pathWeights(plan, 'branch-mean', divisors[taskOf(forest, end)], record, shownPath(forest, plan, record));
          path.forEach((n, i) => expect(weights[i] > 0).toBe(loss[forest.depth[n]]));
          if (plan.hasLoss[record] === 0) {
            expect(plan.branchEnd).toContain(end);
            continue;
          }
          // All behind the last token with loss is of its turn, and the turn is whole as far as it is kept.
          const tokens = flatTokens(forest, t);
          const count = plan.tokenCount[record];
          for (let i = loss.lastIndexOf(true, count - 1); i < count; i++) expect(tokens[i].sampled).toBe(true);
          const next = own[path.length];
          const goesOn = next !== undefined && kept[next] === 1 && tokens[count].sampled;
          if (goesOn) expect(forest.endings[end] & ENDING.turn).toBe(ENDING.turn);
          if (next !== undefined && kept[next] === 1) trimmed++;
        }
      }),
    );
    expect(trimmed).toBeGreaterThan(50);
  });

  it('have the weighted advantage of flat training, in which a trajectory of unknown advantage trains nothing', () => {
    const drawnAdvantage = fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    fc.assert(
      fc.property(cases, fc.infiniteStream(drawnAdvantage), (drawn, draw) => {
        const { forest, trained, plan, divisors } = planned({ ...drawn, whole: true });
        const advantage = Float64Array.from({ length: forest.trajectories.length }, () => draw.next().value ?? 0);
        const mean = plan.loss.mean(advantage, meanSampled(forest, advantage, 'zero'), 'zero');
        const flat = flatSum(forest, trained, drawn.maskErrors, (t) => advantage[t] || 0);
        weightSum(forest, plan, 'branch-mean', divisors).forEach((weight, n) => {
          if (weight > 0) expect(weight * (mean[n] || 0)).toBeCloseTo(flat[n] / divisors[taskOf(forest, n)], 9);
        });
      }),
      { numRuns: 400 },
    );
  });
});
