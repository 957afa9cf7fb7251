/** Warnings that profiles share. */
import type { PlannedExport } from './plan.ts';

/** Of a cut that keeps nothing. */
export function emptyWarnings({ plan }: PlannedExport): string[] {
  return plan.leaf.length === 0 ? ['The cut keeps nothing.'] : [];
}

/** Of branches that are no training records because they carry no loss; and those of `emptyWarnings`. */
export function lossWarnings(planned: PlannedExport): string[] {
  const kept = planned.plan.leaf.length;
  const lossless = kept - planned.branches.length;
  if (kept === 0 || lossless === 0) return emptyWarnings(planned);
  if (lossless === kept) return ['No token carries loss: there are no training records.'];
  return [
    `${lossless.toLocaleString('en')} of ${kept.toLocaleString('en')} kept ` +
      `branches carry no loss, so they are no training records and are not written.`,
  ];
}
