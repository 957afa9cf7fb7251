/** Slow, obvious optima of the tree knapsack, to measure the fast orders against. */
import { FLAG, NONE } from '../../../../src/core/model/kinds.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';

/**
 * Most signal of any keep set within `budget`, by trying all 2^n of them: closed, no path ends open, and every node of
 * `pinned` in it. -1 where none fits.
 */
export function bestOfAllSubsets(forest: Forest, cost: Float64Array, signal: Float64Array, budget: number, pinned?: Uint8Array): number {
  let best = pinned?.includes(1) ? -1 : 0;
  for (let set = 0; set < 1 << forest.length; set++) {
    if (!isKeepSet(forest, set) || pinned?.some((pin, n) => pin === 1 && ((set >> n) & 1) === 0)) continue;
    let spent = 0;
    let gained = 0;
    for (let n = 0; n < forest.length; n++) {
      if (((set >> n) & 1) === 0) continue;
      spent += cost[n];
      gained += signal[n];
    }
    if (spent <= budget && gained > best) best = gained;
  }
  return best;
}

function isKeepSet(forest: Forest, set: number): boolean {
  for (let n = 0; n < forest.length; n++) {
    if (((set >> n) & 1) === 0) continue;
    const p = forest.parent[n];
    if (p !== NONE && ((set >> p) & 1) === 0) return false;
    if ((forest.flags[n] & FLAG.open) === 0 || forest.subtreeEnd[n] === n + 1) continue;
    let goesOn = false;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c++) goesOn ||= forest.parent[c] === n && ((set >> c) & 1) === 1;
    if (!goesOn) return false;
  }
  return true;
}

/**
 * Most signal of any parent-closed set for every budget 0..limit of whole cost units, without pairs: a dynamic program
 * over pre-order in which taking node n goes on at n + 1 and leaving it goes on at the end of its subtree.
 */
export function knapsackCurve(forest: Forest, cost: Float64Array, signal: Float64Array, limit: number): Float64Array {
  const width = limit + 1;
  const best = new Float64Array((forest.length + 1) * width);
  for (let n = forest.length - 1; n >= 0; n--) {
    const leave = forest.subtreeEnd[n] * width;
    const take = (n + 1) * width;
    for (let b = 0; b <= limit; b++) {
      const left = b - cost[n];
      best[n * width + b] = Math.max(best[leave + b], left >= 0 ? signal[n] + best[take + left] : 0);
    }
  }
  return best.slice(0, width);
}

/**
 * The same where no path may end at an open node: the dynamic program also knows whether the parent of the node at hand
 * still needs a child. @param open node -> a path may not end there
 */
export function openKnapsackCurve(
  { parent, subtreeEnd, length }: Pick<Forest, 'parent' | 'subtreeEnd' | 'length'>,
  open: (n: number) => boolean,
  cost: ArrayLike<number>,
  signal: ArrayLike<number>,
  limit: number,
): Float64Array {
  const width = limit + 1;
  const [free, needed] = [new Float64Array((length + 1) * width), new Float64Array((length + 1) * width)];
  for (let n = length - 1; n >= 0; n--) {
    const leave = subtreeEnd[n] * width;
    const hasSibling = parent[n] !== NONE && subtreeEnd[n] < subtreeEnd[parent[n]];
    const below = open(n) && subtreeEnd[n] > n + 1 ? needed : free;
    for (let b = 0; b <= limit; b++) {
      const left = b - cost[n];
      const take = left >= 0 ? signal[n] + below[(n + 1) * width + left] : -Infinity;
      free[n * width + b] = Math.max(free[leave + b], take);
      needed[n * width + b] = Math.max(hasSibling ? needed[leave + b] : -Infinity, take);
    }
  }
  return free.slice(0, width);
}
