/** Complete branches by what they add: marginal signal per marginal cost of what is not taken yet. */
import { makeIndexHeap, popIndex, pushIndex } from '../../base/heap.ts';
import { NONE } from '../model/kinds.ts';
import { takenBy } from './heads.ts';
import { takePath } from './path-order.ts';
import type { StrategyInput } from './strategy.ts';

/**
 * What a branch still adds is the way from a unit whose parent is taken to a leaf, and nothing in such a subtree is taken.
 * So each subtree has its densest way down once and for all, and taking it opens the subtrees beside it. Ties go by the
 * places of the leaves. O(units × forks above them), no recursion. [ours]
 */
export function branchesByDensity({ units, rest, goesOn, heads }: StrategyInput): Int32Array {
  const { length, parent, subtreeEnd, cost, rankSignal, place } = units;
  const key = new Float64Array(length);
  const tie = new Int32Array(length);
  /** unit whose parent is taken -> leaf of its densest way down */
  const best = new Int32Array(length).fill(NONE);
  const heap = makeIndexHeap(key, tie);
  const sumCost = new Float64Array(length);
  const sumSignal = new Float64Array(length);

  const open = (top: number): void => {
    for (let u = top; u < subtreeEnd[top]; u++) {
      const p = u === top ? NONE : parent[u];
      sumCost[u] = cost[u] + (p === NONE ? 0 : sumCost[p]);
      sumSignal[u] = rankSignal[u] + (p === NONE ? 0 : sumSignal[p]);
      if (subtreeEnd[u] !== u + 1) continue;
      const density = sumCost[u] > 0 ? sumSignal[u] / sumCost[u] : Infinity;
      if (best[top] !== NONE && (density < key[top] || (density === key[top] && place[u] > tie[top]))) continue;
      best[top] = u;
      key[top] = density;
      tie[top] = place[u];
    }
    pushIndex(heap, top);
  };

  for (let u = 0; u < length; u++) {
    if (rest.part[u] === rest.value && (parent[u] === NONE || rest.part[parent[u]] !== rest.value)) open(u);
  }
  const taken = Uint8Array.from(rest.part, (part) => (part === rest.value ? 0 : 1));
  const order = new Int32Array(length);
  let at = 0;
  for (let top = popIndex(heap); top !== NONE; top = popIndex(heap)) {
    const start = at;
    at = takePath(units, best[top], taken, order, at);
    for (let k = start; k < at; k++) {
      if (k + 1 < at) goesOn[order[k]] = 1;
      const u = order[k];
      takenBy(heads, units, u, key[top], best[top]);
      for (let c = u + 1; c < subtreeEnd[u]; c = subtreeEnd[c]) if (taken[c] === 0) open(c);
    }
  }
  return order.slice(0, at);
}
