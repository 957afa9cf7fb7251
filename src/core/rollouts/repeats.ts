/**
 * Rollouts that a log holds more than once: written again after a restart, or written when the run paused for new weights and again,
 * longer, when it went on. Told by what the log names a rollout (its id within its task) and by its tokens: equal tokens alone may be
 * chance.
 */
import type { RolloutRow } from '../model/batch.ts';
import type { Forest } from '../model/forest.ts';
import { sameEpisodes } from './continued.ts';

/** `copy`: an earlier rollout has the same id and the same tokens; `part`: another of the same id goes on from where this one ends. */
export type Repeat = 'copy' | 'part';

/** rollout -> what it repeats; null: nothing. O(trajectories of rollouts of one id, squared, summed over ids). */
export function repeatsOf(forest: Forest, rollouts: readonly RolloutRow[]): readonly (Repeat | null)[] {
  const found = new Array<Repeat | null>(rollouts.length).fill(null);
  const leaves = leavesOf(forest, rollouts.length);
  for (const r of copiesOf(forest, rollouts)) found[r] = 'copy';
  for (const same of sameEpisodes(rollouts))
    for (const r of same) {
      const own = leaves[r] ?? [];
      if (found[r] === null && same.some((other) => other !== r && isBegun(forest, own, leaves[other] ?? []))) found[r] = 'part';
    }
  return found;
}

/** Rollouts that an earlier one is the same as. O(trajectories · log trajectories). */
export function copiesOf(forest: Forest, rollouts: readonly RolloutRow[]): readonly number[] {
  const several = [...sameEpisodes(rollouts)];
  if (several.length === 0) return [];
  const leaves = leavesOf(forest, rollouts.length);
  return several.flatMap((same) => {
    const seen = new Set<string>();
    return same.filter((r) => seen.size === seen.add((leaves[r] ?? []).join()).size);
  });
}

/** rollout -> nodes where its trajectories end, in the order of the forest */
function leavesOf({ trajectories }: Forest, count: number): readonly (readonly number[])[] {
  const leaves: number[][] = Array.from({ length: count }, () => []);
  for (let t = 0; t < trajectories.length; t++) leaves[trajectories.rollout[t] ?? 0]?.push(trajectories.leaf[t] ?? -1);
  for (const each of leaves) each.sort((a, b) => a - b);
  return leaves;
}

function sameLeaves(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((leaf, i) => leaf === b[i]);
}

/** Whether each of these ends where one of the others ends or goes on, and some goes on. */
function isBegun({ subtreeEnd }: Forest, own: readonly number[], other: readonly number[]): boolean {
  const isAbove = (a: number, b: number): boolean => a <= b && b < (subtreeEnd[a] ?? 0);
  const all = own.length > 0 && own.every((leaf) => other.some((end) => isAbove(leaf, end)));
  return all && !sameLeaves(own, other);
}
