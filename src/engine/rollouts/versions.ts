/** Versions of the policy by tokens, of what is open: as the rows tell, and the records that were merged into them. */
import type { RolloutRow } from '../../core/model/batch.ts';
import { addLag, eachSampledRun, makeLagSums, type LagSums } from '../../core/rollouts/policy-lag.ts';
import { versionSpan } from '../../core/rollouts/policy-versions.ts';
import { unpackVersions, versionRuns, withEarlier, type VersionRun } from '../../core/rollouts/token-versions.ts';
import type { Dataset, MergedPart } from '../dataset.ts';
import { saidOn } from './said-on.ts';

export interface Versions {
  /** trajectory of the token forest -> runs of its tokens */
  readonly runsOf: (trajectory: number) => readonly VersionRun[];
  /** What is compared with: as chosen, else the newest that the log tells; null: it tells none as numbers. */
  readonly target: number | null;
}

const held = new WeakMap<Dataset, { readonly chosen: number | undefined; readonly versions: Versions }>();

export function versionsOf(dataset: Dataset): Versions {
  const chosen = saidOn(dataset).policyVersion;
  const known = held.get(dataset);
  if (known !== undefined && known.chosen === chosen) return known.versions;
  const { forest, rollouts } = dataset.tokens;
  const newest = newestOf([...rollouts, ...(dataset.parts ?? []).map(({ row }) => row)]);
  const partsOf = partsByRollout(dataset);
  const versions: Versions = {
    target: newest === null ? null : (chosen ?? newest),
    runsOf(t) {
      const { rollout, branch, tokenCount } = forest.trajectories;
      const [r, b] = [rollout[t] ?? 0, branch[t] ?? 0];
      const row = rollouts[r];
      const own = row === undefined ? [] : versionRuns(row, b, tokenCount[t] ?? 0);
      // A record that tells versions turn by turn is believed; of one that has one version throughout an earlier record tells more.
      if (own.length > 1) return own;
      return (partsOf.get(r) ?? []).reduce((runs, part) => {
        const first = part.tokens[b] ?? 0;
        return first === 0 ? runs : withEarlier(runs, versionRuns(part.row, b, first));
      }, own);
    },
  };
  held.set(dataset, { chosen, versions });
  return versions;
}

/** trajectories of a rollout, added up: rollout -> sums; null where no version is told */
export function lagsOf(dataset: Dataset): readonly LagSums[] | null {
  const { target, runsOf } = versionsOf(dataset);
  if (target === null) return null;
  const { forest, rollouts } = dataset.tokens;
  const sums = rollouts.map(makeLagSums);
  for (let t = 0; t < forest.trajectories.length; t++) {
    const own = sums[forest.trajectories.rollout[t] ?? 0];
    if (own !== undefined)
      eachSampledRun(forest.trajectories, t, runsOf(t), (from, to, version) => addLag(own, version, to - from, target));
  }
  return sums;
}

/** rollout -> parts merged into it, the longest first: what a shorter one says of its tokens is nearer to when they were sampled */
function partsByRollout({ parts = [], tokens: { rollouts } }: Dataset): ReadonlyMap<number, readonly MergedPart[]> {
  const found = new Map<number, MergedPart[]>();
  if (parts.length === 0) return found;
  const rowAt = new Map(rollouts.map((row, r) => [placeOf(row), r]));
  for (const part of parts) {
    const r = rowAt.get(placeOf(part.into)) ?? -1;
    found.set(r, [...(found.get(r) ?? []), part]);
  }
  const total = ({ tokens }: MergedPart): number => tokens.reduce((sum, count) => sum + count, 0);
  for (const own of found.values()) own.sort((a, b) => total(b) - total(a) || (placeOf(a.row) < placeOf(b.row) ? -1 : 1));
  return found;
}

/** rollout -> records merged into it */
export function partCounts(dataset: Dataset): ReadonlyMap<number, number> {
  return new Map([...partsByRollout(dataset)].map(([r, own]) => [r, own.length]));
}

function placeOf({ source, address }: Pick<RolloutRow, 'source' | 'address'>): string {
  return `${source}:${address.start}:${address.member}`;
}

function newestOf(rows: readonly RolloutRow[]): number | null {
  let newest: number | null = null;
  const take = (version: string): void => {
    const span = versionSpan(version);
    if (span !== null) newest = Math.max(newest ?? span.last, span.last);
  };
  for (const { policy, versions } of rows) {
    take(policy);
    if (versions !== undefined) for (const runs of unpackVersions(versions)) for (const { version } of runs) take(version);
  }
  return newest;
}
