/** How far behind a chosen version of the policy the sampled tokens of a trajectory are, as far as the log tells their versions. */
import type { TrajectoryTable } from '../model/forest.ts';
import { versionSpan } from './policy-versions.ts';
import type { VersionRun } from './token-versions.ts';

/** Sums over sampled tokens; those of several trajectories add up, but for `most`. */
export interface LagSums {
  /** Tokens of which the log tells one version, and how many versions they are behind together; newer ones count below 0. */
  told: number;
  behind: number;
  /** Tokens that are surely of another version or surely not, and those of another. */
  decided: number;
  off: number;
  /** Of the token of the oldest version that may have sampled one; NaN where none is told. */
  most: number;
}

export function makeLagSums(): LagSums {
  return { told: 0, behind: 0, decided: 0, off: 0, most: Number.NaN };
}

export type PolicySide = 'on' | 'off' | 'unknown';

/** On-policy: sampled by that version; off-policy: by another. A span of versions that holds it decides nothing. */
export function sideOf(version: string, target: number): PolicySide {
  const span = versionSpan(version);
  if (span === null) return 'unknown';
  if (target < span.first || target > span.last) return 'off';
  return span.first === span.last ? 'on' : 'unknown';
}

export function addLag(sums: LagSums, version: string, tokens: number, target: number): void {
  const span = versionSpan(version);
  if (span === null || tokens === 0) return;
  const oldest = target - span.first;
  if (!(sums.most >= oldest)) sums.most = oldest;
  if (span.first === span.last) {
    sums.told += tokens;
    sums.behind += tokens * oldest;
  }
  const side = sideOf(version, target);
  if (side !== 'unknown') sums.decided += tokens;
  if (side === 'off') sums.off += tokens;
}

/** Calls `visit` for each stretch of tokens that trajectory `t` sampled and that one run covers. O(runs of both). */
export function eachSampledRun(
  { sampledStart, sampledRuns }: Pick<TrajectoryTable, 'sampledStart' | 'sampledRuns'>,
  t: number,
  runs: readonly VersionRun[],
  visit: (from: number, to: number, version: string) => void,
): void {
  let r = 0;
  for (let i = sampledStart[t]; i < sampledStart[t + 1]; i += 2) {
    let from = sampledRuns[i];
    const end = sampledRuns[i + 1];
    while (from < end) {
      while (r < runs.length && runs[r].to <= from) r++;
      if (r === runs.length) return;
      const to = Math.min(end, runs[r].to);
      visit(from, to, runs[r].version);
      from = to;
    }
  }
}
