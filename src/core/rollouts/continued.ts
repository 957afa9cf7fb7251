/**
 * Records of one rollout that paused, for new weights for example, and went on: the later record begins with all that the earlier one
 * holds. Nothing is guessed: the log gives both the same id, in one folder, says of the earlier one that it paused, gives that one no
 * reward, and the tokens agree.
 */
import type { RolloutRow } from '../model/batch.ts';
import type { Forest } from '../model/forest.ts';
import { versionSpan } from './policy-versions.ts';

/**
 * What logs call a rollout that is to go on; the last word of names such as `Status.ABORTED`. Not `truncated` and `incomplete`: so ends
 * what reached a limit of length; nor `running`, which is left where a run was killed.
 */
const PARTIAL: ReadonlySet<string> = new Set('aborted partial paused pending preempted suspended interrupted in_progress'.split(' '));
/** Of more records with one id none is a part: no rollout pauses that often. */
const MOST = 256;

/** Whether a log says by this status that a rollout paused. */
function isPartial(status: string): boolean {
  return PARTIAL.has(status.slice(status.lastIndexOf('.') + 1).toLowerCase());
}

/** Whether a record may be a part of a rollout: it paused, and nobody has judged it. */
export function mayGoOn({ status, reward }: Pick<RolloutRow, 'status' | 'reward'>): boolean {
  return reward === null && isPartial(status);
}

/** What the log names a rollout in all its records, within its task. */
export function episodeKey({ task, id, episode }: Pick<RolloutRow, 'task' | 'id' | 'episode'>): string {
  return `${task}\n${episode === undefined ? 'id' : 'episode'}\n${episode ?? id}`;
}

/** Indices of the rows of each rollout that has several, in the order of the rows. */
export function sameEpisodes(rollouts: readonly RolloutRow[]): Iterable<readonly number[]> {
  const named = new Map<string, number[]>();
  for (const [r, row] of rollouts.entries()) {
    const key = episodeKey(row);
    const same = named.get(key);
    if (same) same.push(r);
    else named.set(key, [r]);
  }
  return [...named.values()].filter((same) => same.length > 1);
}

/**
 * Part -> the rollout that goes on with it, in the order of the parts. A part that two records go on with in different ways is none.
 * O(rollouts + pairs of records of one id). @param nameOf input -> its path: runs in different folders may give the same ids
 */
export function continuedBy(
  forest: Forest,
  rollouts: readonly RolloutRow[],
  nameOf: (source: number) => string,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (!rollouts.some(mayGoOn)) return found;
  const isPart = partTest(forest, rollouts);
  const leaves = leavesByBranch(forest, rollouts.length);
  const next = new Map<number, number>();
  for (const same of sameEpisodes(rollouts)) {
    if (same.length > MOST) continue;
    const folders = new Map(same.map((r) => [r, folderOf(rollouts[r].origin?.name ?? nameOf(rollouts[r].source))]));
    const goesOn = (r: number, other: number): boolean => begins(forest, leaves[r], leaves[other]);
    for (const r of same) {
      if (!isPart(r)) continue;
      const near = same.filter((other) => other !== r && folders.get(other) === folders.get(r));
      const longer = near.filter((other) => goesOn(r, other) && isNoEarlier(rollouts[other], rollouts[r]));
      // The shortest of them, if all others go on with that one, or say the same.
      const first = longer.find((one) => longer.every((other) => other === one || !goesOn(other, one)));
      if (first === undefined) continue;
      if (longer.every((other) => sameLeaves(leaves[other], leaves[first]) || goesOn(first, other))) next.set(r, first);
    }
  }
  for (const part of [...next.keys()].sort((a, b) => a - b)) {
    let last = part;
    // Each step is to more tokens.
    for (let to = next.get(last); to !== undefined; to = next.get(last)) last = to;
    found.set(part, last);
  }
  return found;
}

/** Whether a rollout may go on, none of its branches has a reward, and it sampled a token. */
function partTest({ trajectories }: Forest, rollouts: readonly RolloutRow[]): (r: number) => boolean {
  const { rollout, reward, sampledStart } = trajectories;
  const [judged, sampled] = [new Set<number>(), new Set<number>()];
  for (let t = 0; t < trajectories.length; t++) {
    if (!Number.isNaN(reward[t])) judged.add(rollout[t]);
    if (sampledStart[t + 1] > sampledStart[t]) sampled.add(rollout[t]);
  }
  return (r) => mayGoOn(rollouts[r]) && !judged.has(r) && sampled.has(r);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A later record is not of an older policy. */
function isNoEarlier(later: RolloutRow, earlier: RolloutRow): boolean {
  const [a, b] = [versionSpan(earlier.policy), versionSpan(later.policy)];
  return a === null || b === null || a.last <= b.last;
}

/** rollout -> branch -> leaf; of a branch without tokens none */
function leavesByBranch({ trajectories }: Forest, count: number): readonly ReadonlyMap<number, number>[] {
  const leaves = Array.from({ length: count }, () => new Map<number, number>());
  for (let t = 0; t < trajectories.length; t++) leaves[trajectories.rollout[t]].set(trajectories.branch[t], trajectories.leaf[t]);
  return leaves;
}

function sameLeaves(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([branch, leaf]) => b.get(branch) === leaf);
}

/** Whether every branch ends where that branch of the other ends or goes on, and some goes on or is new. */
function begins({ subtreeEnd }: Forest, own: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  if (own.size === 0 || sameLeaves(own, other)) return false;
  return [...own].every(([branch, leaf]) => {
    const end = other.get(branch);
    return end !== undefined && leaf <= end && end < subtreeEnd[leaf];
  });
}
