/** Which sets of rollouts are compared: versions of the policy in their order, runs of them where they are many, or others. */
import { columnOf } from '../../../core/rollouts/columns.ts';
import { versionSpan } from '../../../core/rollouts/policy-versions.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';
import { MOST_SETS, type Split } from '../../answers/statistics.ts';
import { termOf } from '../../plots/term.ts';
import { groupings, namedSets, setsOf, type Sets } from '../../plots/sets.ts';

export interface VersionSets extends Sets {
  readonly by: string;
  /** set -> its version; null: some have none */
  readonly versions: Float64Array | null;
}

/** What tells rollouts apart where nobody says how, the first that has two words. */
const BY_ITSELF = ['policy', 'model', 'file'] as const;

/**
 * Null: nothing parts them.
 * @param taken rollout -> 1 where the filter takes it. @param match the same of another filter
 */
export async function versionSets(
  rollouts: RolloutsAnswer,
  taken: Uint8Array,
  split: Split | null,
  match: (text: string) => Promise<Uint8Array>,
): Promise<VersionSets | null> {
  const ways = groupings(rollouts).map(({ id }) => id);
  const by = split === null ? BY_ITSELF.find((id) => ways.includes(id)) : 'by' in split ? split.by : null;
  if (by === undefined) return null;
  const sets = by === 'policy' ? policySets(rollouts, taken) : null;
  if (sets !== null) return sets.sets.length < 2 ? null : sets;
  const found = await setsOf(rollouts, taken, by === null ? split : { by, base: null }, match);
  return found.sets.length < 2 ? null : { ...found, by: by ?? 'filters', versions: null };
}

interface Version {
  readonly word: number;
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/** Null where a version that the filter leaves is no number. */
function policySets(rollouts: RolloutsAnswer, taken: Uint8Array): VersionSets | null {
  const column = columnOf(rollouts, 'policy');
  if (column?.type !== 'text') return null;
  const sizes = new Map<number, number>();
  let unknown = 0;
  for (const [r, is] of taken.entries()) {
    if (is === 0) continue;
    const word = column.codes[r] ?? -1;
    if (word < 0) unknown++;
    else sizes.set(word, (sizes.get(word) ?? 0) + 1);
  }
  const versions: Version[] = [];
  for (const word of sizes.keys()) {
    const name = column.words[word] ?? '';
    const span = versionSpan(name);
    if (span === null) return null;
    versions.push({ word, name, first: span.first, last: span.last });
  }
  versions.sort((a, b) => a.first - b.first || a.last - b.last || a.word - b.word);
  const runs = inRuns(versions, (version) => sizes.get(version.word) ?? 0);
  const setOf = new Map(runs.flatMap((run, set) => run.map(({ word }) => [word, set])));
  const masks = runs.map(() => new Uint8Array(rollouts.length));
  for (const [r, is] of taken.entries()) {
    const mask = is === 0 ? undefined : masks[setOf.get(column.codes[r] ?? -1) ?? -1];
    if (mask) mask[r] = 1;
  }
  const names = runs.map((run) => ({ name: nameOf(run), term: run.length === 1 ? termOf('policy', run[0]?.name ?? '') : null }));
  const middle = runs.map((run) => {
    const total = run.reduce((sum, { word }) => sum + (sizes.get(word) ?? 0), 0);
    return run.reduce((sum, { word, first, last }) => sum + ((first + last) / 2) * (sizes.get(word) ?? 0), 0) / total;
  });
  return {
    ...namedSets(rollouts, names, masks, 0),
    left: { words: 0, rollouts: 0, unknown },
    by: 'policy',
    versions: Float64Array.from(middle),
  };
}

/** Each version for itself, or runs of neighbours with about as many rollouts. [ours] */
function inRuns(versions: readonly Version[], sizeOf: (version: Version) => number): readonly (readonly Version[])[] {
  if (versions.length <= MOST_SETS) return versions.map((version) => [version]);
  const total = versions.reduce((sum, version) => sum + sizeOf(version), 0);
  const runs: Version[][] = Array.from({ length: RUNS }, () => []);
  let before = 0;
  for (const version of versions) {
    const size = sizeOf(version);
    runs[Math.min(RUNS - 1, Math.floor(((before + size / 2) / total) * RUNS))]?.push(version);
    before += size;
  }
  return runs.filter((run) => run.length > 0);
}

/** Runs that more versions than there are sets are put into. */
const RUNS = 12;

function nameOf(run: readonly Version[]): string {
  const [first, last] = [run[0], run.at(-1)];
  return run.length === 1 ? (first?.name ?? '') : `${first?.name ?? ''} to ${last?.name ?? ''}`;
}
