/** What the records of an export come to, counted on what is written. */
import type { ExportFigures } from '../answers/exporting.ts';
import { possibleProfiles } from './choose.ts';
import type { PlannedExport } from './plan.ts';

export function exportFigures({ plan, branches, ruling, factors, spec }: PlannedExport): ExportFigures {
  const { edgeStart } = ruling.problem.forest;
  const written = new Set(branches.map((record) => plan.end[record] ?? 0));
  let trainingTokens = 0;
  for (let n = 0; n < plan.trained.length; n++) {
    if (plan.trained[n] === 0) continue;
    for (let i = edgeStart[n] ?? 0; i < (edgeStart[n + 1] ?? 0); i++) if (factors?.[i] !== 0) trainingTokens++;
  }
  return {
    records: branches.length,
    branches: plan.branchEnd.length,
    branchesWithoutLoss: plan.branchEnd.filter((end) => !written.has(end)).length,
    trainingTokens,
    uncovered: plan.uncovered,
    skipped: possibleProfiles(spec, ruling.dataset).skipped,
  };
}
