/** What the records of an export come to, counted on what is written. */
import { branchesWithLoss } from '../../core/export/branches.ts';
import { addWeight, effectiveOf, type WeightSums } from '../../core/gradient/weights.ts';
import type { ExportFigures } from '../answers/exporting.ts';
import type { PlannedExport } from './planned.ts';

/** All figures but what is skipped, which only the list of profiles knows. */
export function recordFigures(planned: PlannedExport): Omit<ExportFigures, 'skipped'> {
  const { plan, records, ruling, learning } = planned;
  const { spec } = planned;
  const written = new Set(Array.from(branchesWithLoss(plan, spec.weights)).flatMap((record) => plan.branches[record] ?? []));
  const left = new Set(plan.branches.flat());
  return {
    records: records.length,
    branches: plan.branchEnd.length,
    // Those that a limit of tokens leaves out carry some.
    branchesWithoutLoss: left.size - written.size,
    merged: plan.merged,
    overLong: plan.overLong,
    leftOut: { ...planned.leftOut, tokens: plan.leftOut.tokens },
    mix: planned.mix?.pools ?? null,
    ...tokenWeights(planned),
    uncovered: plan.uncovered,
    outsideWhole: learning === ruling.problem.forest ? null : outsideWhole(planned),
  };
}

/** Distinct tokens that carry loss, and (Σw)² ÷ Σw² over their weights, each summed over all records. */
function tokenWeights(planned: PlannedExport): Pick<ExportFigures, 'trainingTokens' | 'effectiveTokens'> {
  const tasks = recordWeightSums(planned);
  return { trainingTokens: tasks.reduce((sum, { tokens }) => sum + tokens, 0), effectiveTokens: effectiveOf(tasks) };
}

/** task -> its tokens that carry loss, and sums over their weights */
export function recordWeightSums({ plan, ruling, spec, divisors }: PlannedExport): (WeightSums & { readonly tokens: number })[] {
  const { edgeStart, treeStart } = ruling.problem.forest;
  return Array.from(divisors, (divisor, task) => {
    const sums = { tokens: 0, sum: 0, squares: 0 };
    for (let n = treeStart[task] ?? 0; n < (treeStart[task + 1] ?? 0); n++) {
      if (plan.trained[n] === 0) continue;
      const weight = spec.weights === 'train-once' ? 1 : (plan.loss.carriers[n] ?? 0) / divisor;
      for (let i = edgeStart[n] ?? 0; i < (edgeStart[n + 1] ?? 0); i++) {
        const factor = plan.tokenFactors?.[i] ?? 1;
        if (factor === 0) continue;
        sums.tokens++;
        addWeight(sums, weight * factor, 1);
      }
    }
    return sums;
  });
}

/** Chosen tokens that someone sampled, but nobody who is kept whole. */
function outsideWhole({ ruling, keep, kept, learning }: PlannedExport): number {
  const { forest } = ruling.problem;
  let tokens = 0;
  for (let n = 0; n < forest.length; n++)
    if (kept[n] === 1 && (forest.sampledCount[n] ?? 0) > 0 && learning.sampledCount[n] === 0) tokens += keep.train.trainedOf(n);
  return tokens;
}
