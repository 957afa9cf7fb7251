/** One short name for everything that a forest was made of, whatever the order in which it came. */
import { mix32 } from '../../base/hash.ts';
import type { Forest } from '../model/forest.ts';

/**
 * 16 hexadecimal digits: the sum over trajectories of the mixed keys of the nodes that they end with. A leaf's key
 * stands for its task and all of its tokens, so nothing else is needed; where nodes are cut does not matter.
 */
export function fingerprint({ keys, trajectories }: Forest): string {
  let high = 0;
  let low = 0;
  for (const leaf of trajectories.leaf) {
    const upper = keys[2 * leaf];
    const lower = keys[2 * leaf + 1];
    high = (high + mix32(upper ^ Math.imul(lower, 0x9e3779b1))) | 0;
    low = (low + mix32(lower ^ Math.imul(upper, 0x85ebca77))) | 0;
  }
  return hex32(high) + hex32(low);
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
