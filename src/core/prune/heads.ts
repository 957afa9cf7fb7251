/** What each unit of an order was taken by: with it, the orders of parts of a log merge into the order of all of it. */
import type { Units } from './units.ts';

/**
 * Columns by unit. Of units that could be taken, the one with the largest key is; of equals that with the smaller share, then
 * with the smaller key of its node. Nothing of that depends on which other tasks there are.
 */
export interface Heads {
  readonly key: Float64Array;
  /** Bits that rise with the share of its task that comes before: see `spread`. */
  readonly share: Uint32Array;
  /** A node that it is named by. */
  readonly node: Int32Array;
}

export function makeHeads(length: number): Heads {
  return { key: new Float64Array(length), share: new Uint32Array(length), node: new Int32Array(length) };
}

/** Unit `u` is taken by a key; where keys tie, by the place of unit `by`. */
export function takenBy(heads: Heads | null, units: Units, u: number, key: number, by: number): void {
  if (heads === null) return;
  heads.key[u] = key;
  heads.share[u] = units.share[by];
  heads.node[u] = units.top[by];
}
