/**
 * Records for chosen nodes that no record of a kept branch shows with loss: a node may be sampled by trajectories only that
 * end inside the kept tree, as in logs of single calls, where a later call repeats the answer as prompt.
 */
import { makeIndexHeap, popIndex, pushIndex } from '../../base/heap.ts';
import { NONE } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import { isClosed } from '../prune/segments.ts';
import { pathTo } from '../tree/navigate.ts';
import type { Loss } from './loss.ts';

interface PlannedRecord {
  readonly end: number;
  readonly trajectory: number;
}

/**
 * Trajectories, each up to the last kept node at which its path may end: first the one that shows the most tokens not
 * shown yet, and so on; among equals the first in `trajectoryOrder`. O(trajectories · path), once more for each record.
 */
export function coverRest(forest: Forest, kept: Uint8Array, loss: Loss, records: readonly PlannedRecord[]): PlannedRecord[] {
  const shown = new Uint8Array(forest.length);
  const show = ({ end, trajectory }: PlannedRecord): void => {
    const path = pathTo(forest, end);
    const marks = loss.marks(trajectory, path);
    path.forEach((n, i) => {
      if (marks[i] === 1) shown[n] = 1;
    });
  };
  for (const record of records) show(record);
  /** node -> 1: a node at or above it is not shown yet */
  const isWaiting = new Uint8Array(forest.length);
  let waiting = 0;
  for (let n = 0; n < forest.length; n++) {
    const own = kept[n] === 1 && loss.carriers[n] > 0 && shown[n] === 0;
    if (own) waiting++;
    const above = forest.parent[n];
    isWaiting[n] = own || (above !== NONE && isWaiting[above] === 1) ? 1 : 0;
  }
  if (waiting === 0) return [];
  const ends = lastKept(forest, kept);
  const gainOf = (i: number): number => {
    const t = forest.trajectoryOrder[i];
    return ends[t] === NONE || isWaiting[ends[t]] === 0 ? 0 : loss.tokens(t, pathTo(forest, ends[t]), shown);
  };
  const gain = Float64Array.from(forest.trajectoryOrder, (_, i) => gainOf(i));
  const heap = makeIndexHeap(gain);
  for (let i = 0; i < gain.length; i++) if (gain[i] > 0) pushIndex(heap, i);
  const added: PlannedRecord[] = [];
  for (let i = popIndex(heap); i !== NONE; i = popIndex(heap)) {
    // Gains only fall: one that still holds is the largest.
    const now = gainOf(i);
    if (now === 0) continue;
    if (now < gain[i]) {
      gain[i] = now;
      pushIndex(heap, i);
      continue;
    }
    const t = forest.trajectoryOrder[i];
    const record = { end: ends[t], trajectory: t };
    added.push(record);
    show(record);
  }
  return added;
}

/** trajectory -> the last kept node of its path at which it ends, a kept branch ends, or a path may end; NONE where there is none */
function lastKept(forest: Forest, kept: Uint8Array): Int32Array {
  const hasKeptChild = new Uint8Array(forest.length);
  for (let n = 0; n < forest.length; n++) if (kept[n] === 1 && forest.parent[n] !== NONE) hasKeptChild[forest.parent[n]] = 1;
  return forest.trajectories.leaf.map((leaf) => {
    let n = leaf;
    while (n !== NONE && kept[n] === 0) n = forest.parent[n];
    if (n === NONE || n === leaf || hasKeptChild[n] === 0) return n;
    while (n !== NONE && !isClosed(forest, n)) n = forest.parent[n];
    return n;
  });
}
