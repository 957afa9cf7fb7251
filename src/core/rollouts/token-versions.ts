/**
 * Which version of the policy sampled which tokens, where a log tells more than one version for a whole rollout: runs of tokens, packed
 * into a short text, because a row of each rollout carries it. Rows without it have one version throughout, `RolloutRow.policy`.
 */
import type { RolloutRow } from '../model/batch.ts';
import type { Branch, RolloutEvent } from '../model/rollout.ts';
import { versionSpan } from './policy-versions.ts';

/** Tokens up to `to`, from where the run before ends; `version` as logged, empty where the log does not say. */
export interface VersionRun {
  readonly to: number;
  readonly version: string;
}

/**
 * branch -> runs; null where no event says a version that is a number, or all say that of the rollout. What is not sampled belongs to the
 * run before it. @param ends event, branch after branch -> tokens of its trajectory up to its end
 */
export function versionsOfBranches(branches: readonly Branch[], ends: ArrayLike<number>, policy: string): VersionRun[][] | null {
  const told = branches.some(({ events }) => events.some((event) => event.sampled && saysOther(event, policy)));
  if (!told) return null;
  let at = 0;
  return branches.map(({ events }) => {
    const runs: VersionRun[] = [];
    let from = 0;
    for (const event of events) {
      const to = ends[at++] ?? from;
      if (event.sampled) addEvent(runs, event, from, to, policy);
      from = to;
    }
    return reachingTo(runs, from);
  });
}

function saysOther({ policy, tokens }: RolloutEvent, ofRollout: string): boolean {
  if (tokens?.versions !== undefined) return true;
  return policy !== undefined && policy !== ofRollout && versionSpan(policy) !== null;
}

function addEvent(runs: VersionRun[], { policy, tokens }: RolloutEvent, from: number, to: number, ofRollout: string): void {
  const whole = policy ?? ofRollout;
  const each = tokens?.versions;
  // Tokens that were made here of the text are not those that the log counts.
  if (each === undefined || each.length !== to - from) {
    addRun(runs, from, to, each === undefined ? whole : spanOf(each, whole));
    return;
  }
  for (let i = 0; i < each.length; i++) addRun(runs, from + i, from + i + 1, each[i] >= 0 ? String(each[i]) : '');
}

/** Of single versions, negative or NaN where none is told, the least and the largest. */
function spanOf(each: ArrayLike<number>, otherwise: string): string {
  const known = Array.from(each).filter((version) => version >= 0);
  if (known.length === 0) return otherwise;
  const first = known.reduce((a, b) => Math.min(a, b));
  const last = known.reduce((a, b) => Math.max(a, b));
  return first === last ? String(first) : `${first}-${last}`;
}

/** What lies between two runs, which nobody sampled, goes with the one before, and what comes before all of them with the first. */
function addRun(runs: VersionRun[], from: number, to: number, version: string): void {
  if (to === from) return;
  const last = runs.at(-1);
  if (last?.version === version) runs[runs.length - 1] = { to, version };
  else {
    if (last !== undefined) runs[runs.length - 1] = { to: from, version: last.version };
    runs.push({ to, version });
  }
}

function reachingTo(runs: VersionRun[], to: number): VersionRun[] {
  const last = runs.at(-1);
  if (last !== undefined) runs[runs.length - 1] = { to, version: last.version };
  return runs;
}

/** @param branches branch -> runs */
export function packVersions(branches: readonly (readonly VersionRun[])[]): string {
  const names = new Map<string, number>();
  const packed = branches.map((runs) =>
    runs.flatMap(({ to, version }) => {
      const known = names.get(version) ?? names.size;
      names.set(version, known);
      return [to, known];
    }),
  );
  return JSON.stringify([[...names.keys()], ...packed]);
}

/** What `packVersions` was given. */
export function unpackVersions(text: string): VersionRun[][] {
  const [names, ...branches]: [string[], ...number[][]] = JSON.parse(text);
  return branches.map((packed) =>
    Array.from({ length: packed.length / 2 }, (_, i) => ({ to: packed[2 * i], version: names[packed[2 * i + 1]] })),
  );
}

/** The runs of a branch of so many tokens. */
export function versionRuns(row: Pick<RolloutRow, 'versions' | 'policy'>, branch: number, tokens: number): readonly VersionRun[] {
  const told = row.versions === undefined ? undefined : unpackVersions(row.versions)[branch];
  return told !== undefined && told.length > 0 ? told : [{ to: tokens, version: row.policy }];
}

/** The same, where a record of the same rollout, paused, says what its first tokens were sampled by. */
export function withEarlier(later: readonly VersionRun[], earlier: readonly VersionRun[]): VersionRun[] {
  const runs: VersionRun[] = [];
  const last = earlier.at(-1);
  let from = 0;
  for (const { to, version } of [...earlier, ...later.map((run) => ({ ...run, version: notBefore(run.version, last?.version ?? '') }))]) {
    if (to <= from) continue;
    if (runs.at(-1)?.version === version) runs.pop();
    runs.push({ to, version });
    from = to;
  }
  return runs;
}

/** What is left of a span of versions, which only rise, for tokens that came after those of another record. */
function notBefore(version: string, earlier: string): string {
  const span = versionSpan(version);
  const before = versionSpan(earlier);
  if (span === null || before === null || before.last <= span.first || before.last > span.last) return version;
  return before.last === span.last ? String(span.last) : `${before.last}-${span.last}`;
}
