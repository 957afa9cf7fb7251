/** Numbers by chance that can be had again from a seed (mulberry32). */

export interface Random {
  /** 0 ≤ number < 1 */
  next(): number;
  /** 0 ≤ integer < `limit` */
  below(limit: number): number;
  chance(share: number): boolean;
  /** Throws where the list is empty. */
  pick<T>(list: readonly T[]): T;
}

export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick(list) {
      if (list.length === 0) throw new Error('nothing to pick from');
      return list[below(list.length)];
    },
  };
}

/** The seed of one execution: the same run again is the same execution. */
export function seedOf(seed: number, thread: number, execution: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(thread + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ execution ^ (hash >>> 15), 0x27d4eb2d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
