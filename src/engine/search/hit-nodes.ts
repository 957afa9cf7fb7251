/** The nodes that places in texts belong to: those of the message's part, found by where its event lies in tokens and by its kind. */
import { KIND, NONE } from '../../core/model/kinds.ts';
import type { Forest } from '../../core/model/forest.ts';
import { nodeKeyOf, type NodeKey } from '../../core/model/node-key.ts';
import { unpackBranchEnds } from '../../core/tokens/event-ends.ts';
import type { FoundPlace } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';

/** place -> key of the first node of its part in the token tree; null where the log does not say where events end */
export function nodesOfHits(
  dataset: Dataset,
  rollout: number,
  places: readonly Pick<FoundPlace, 'branch' | 'event' | 'kind'>[],
): (NodeKey | null)[] {
  const { forest, rollouts } = dataset.tokens;
  const ends = unpackBranchEnds(rollouts[rollout]?.eventEnds ?? '');
  const leaves = new Map<number, number>();
  return places.map((place) => {
    const branch = ends[place.branch];
    const leaf = leaves.get(place.branch) ?? leafOf(forest, rollout, place.branch);
    leaves.set(place.branch, leaf);
    if (branch === undefined || leaf === NONE) return null;
    const node = nodeOfPart(forest, leaf, branch[place.event - 1] ?? 0, branch[place.event] ?? 0, KIND[place.kind]);
    return node === NONE ? null : nodeKeyOf(forest.keys, node);
  });
}

function leafOf({ trajectories }: Forest, rollout: number, branch: number): number {
  const { rollout: of, branch: number } = trajectories;
  // They are in the order of rollouts.
  let low = 0;
  for (let high = trajectories.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((of[middle] ?? 0) < rollout) low = middle + 1;
    else high = middle;
  }
  for (let t = low; t < trajectories.length && of[t] === rollout; t++) if (number[t] === branch) return trajectories.leaf[t] ?? NONE;
  return NONE;
}

/** The first node of the kind on the path to the leaf between two depths in tokens; else the first of any kind there. */
function nodeOfPart(forest: Forest, leaf: number, from: number, to: number, kind: number): number {
  let any = NONE;
  let found = NONE;
  for (let n = leaf; n !== NONE; n = forest.parent[n] ?? NONE) {
    const start = forest.depth[n] ?? 0;
    const end = start + (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0);
    if (end <= from) break;
    if (start >= to) continue;
    any = n;
    if (((forest.kinds[n] ?? 0) & (1 << kind)) !== 0) found = n;
  }
  return found === NONE ? any : found;
}
