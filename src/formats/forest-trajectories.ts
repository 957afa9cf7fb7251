/** The trajectories of a forest export's line, each checked before any of it is used. */
import type { VersionRun } from '../core/rollouts/token-versions.ts';
import { ADVANTAGES, REWARDS, type NumberFaults } from '../core/tokens/plausible.ts';
import { describe, get, getList, getNumber, getObject, getString, isList } from './json.ts';

export interface ForestTrajectory {
  /** Of its rollout, within the line. */
  readonly number: number;
  readonly rollout: string;
  readonly origin: { readonly name: string; readonly line: number };
  readonly leaf: number;
  readonly branch: number;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly status: string;
  readonly policy: string;
  readonly startedAt: number | null;
  /** Pairs [from, to) of positions, one behind the other. */
  readonly sampled: readonly number[];
  /** Tokens up to an action's end -> the action. */
  readonly actions: ReadonlyMap<number, string>;
  /** Which version of the policy sampled which tokens; none: `policy` throughout. */
  readonly versions: readonly VersionRun[];
}

/** What of a line its trajectories are about. */
export interface ForestShape {
  /** node -> tokens from the root to its end */
  readonly depth: readonly number[];
  readonly actions: readonly string[];
}

/** The trajectory, or what it should have and has not. @param faults takes rewards and advantages that cannot be */
export function readTrajectory(
  entry: unknown,
  { depth, actions }: ForestShape,
  faults: NumberFaults,
): ForestTrajectory | { readonly expected: string; readonly found: string } {
  const wrong = (expected: string, key: string): { expected: string; found: string } => ({
    expected: `${expected} at ${key}`,
    found: describe(get(entry, key)).slice(0, 120),
  });
  const rollout = getString(entry, 'rollout');
  const leaf = get(entry, 'leaf');
  if (rollout === undefined || !isCount(leaf) || leaf >= depth.length)
    return { expected: `a rollout id and a leaf below ${depth.length}`, found: describe(entry).slice(0, 120) };
  const length = depth[leaf] ?? 0;
  const number = get(entry, 'number');
  if (!isCount(number)) return wrong('a number of its rollout', 'number');
  const branch = get(entry, 'branch') ?? 0;
  if (!isCount(branch)) return wrong('a number of its branch', 'branch');
  const sampled = getList(entry, 'sampled') ?? [];
  if (!isAscending(sampled, length) || sampled.length % 2 === 1)
    return wrong(`pairs of positions up to ${length}, one behind the other,`, 'sampled');
  const ends = getList(entry, 'action_end') ?? [];
  const done = getList(entry, 'action') ?? [];
  if (!done.every((index) => isCount(index) && index < actions.length)) return wrong(`indices below ${actions.length}`, 'action');
  // Before exports said where actions end, none is known to.
  if (ends.length > 0 && (ends.length !== done.length || !ends.every((end) => isCount(end) && end <= length)))
    return wrong(`${done.length} positions up to ${length}`, 'action_end');
  const versions = readVersions(getList(entry, 'versions') ?? []);
  if (versions === null) return wrong('pairs of an ascending position and a version', 'versions');
  const source = getObject(entry, 'source');
  const line = get(source, 'line') ?? 0;
  if (!isCount(line)) return wrong('a line', 'source');
  return {
    number,
    rollout,
    origin: { name: getString(source, 'name') ?? '', line },
    leaf,
    branch,
    reward: plausible(get(entry, 'reward'), (value) => faults.check(value, REWARDS, 'of a trajectory')),
    advantage: plausible(get(entry, 'advantage'), (value) => faults.check(value, ADVANTAGES, 'of a trajectory')),
    status: getString(entry, 'status') ?? '',
    policy: getString(entry, 'policy') ?? '',
    startedAt: getNumber(entry, 'startedAt') ?? null,
    sampled,
    actions: new Map(ends.flatMap((end, i) => (isCount(end) ? [[end, actions[Number(done[i])] ?? ''] as const] : []))),
    versions,
  };
}

function readVersions(pairs: readonly unknown[]): VersionRun[] | null {
  const runs: VersionRun[] = [];
  for (const pair of pairs) {
    const [to, version] = isList(pair) ? pair : [];
    if (!isCount(to) || to <= (runs.at(-1)?.to ?? 0) || typeof version !== 'string') return null;
    runs.push({ to, version });
  }
  return runs;
}

/** Names of canonical actions; null where the line holds something else there. */
export function readActions(record: unknown): readonly string[] | null {
  const names = get(record, 'actions') ?? [];
  return isList(names) && names.every((name) => typeof name === 'string') ? names : null;
}

function plausible(value: unknown, check: (value: number) => number): number | null {
  const counts = typeof value === 'number' ? check(value) : Number.NaN;
  return Number.isNaN(counts) ? null : counts;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff;
}

function isAscending(values: readonly unknown[], most: number): values is readonly number[] {
  let last = -1;
  for (const value of values) {
    if (!isCount(value) || value <= last || value > most) return false;
    last = value;
  }
  return true;
}
