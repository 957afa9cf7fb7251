/**
 * Which tasks of each pool are taken, so that an export has the mix that a person asks for. [ours]
 * Shares are whole numbers over their sum, so no rounding decides.
 */

export interface MixPool {
  readonly name: string;
  /** A whole number: its share is that over the sum of all pools. */
  readonly share: number;
  /** Tasks that there are. */
  readonly tasks: number;
}

/**
 * pool -> tasks that are taken: as many in all as there can be, N, of which each pool has its share of N rounded up or down, none more
 * than it has. Pools without tasks leave their share to the others. O(pools · log pools · (1 + tries)).
 */
export function sampleSizes(pools: readonly MixPool[]): readonly number[] {
  const isAsked = pools.map(({ share, tasks }) => share > 0 && tasks > 0);
  const sum = pools.reduce((total, { share }, at) => total + (isAsked[at] ? share : 0), 0);
  if (sum === 0) return pools.map(() => 0);
  // floor(share · N ÷ sum) <= tasks, for each pool.
  let most = pools.reduce((total, { tasks }, at) => total + (isAsked[at] ? tasks : 0), 0);
  for (const [at, { share, tasks }] of pools.entries()) if (isAsked[at]) most = Math.min(most, Math.ceil(((tasks + 1) * sum) / share) - 1);
  for (let wanted = most; wanted > 0; wanted--) {
    const sizes = apportioned(pools, isAsked, sum, wanted);
    if (sizes !== null) return sizes;
  }
  return pools.map(() => 0);
}

/** The shares of `wanted`, rounded down, and one more for those of the largest remainder; null where there are not so many. */
function apportioned(pools: readonly MixPool[], isAsked: readonly boolean[], sum: number, wanted: number): number[] | null {
  const remainder = pools.map(({ share }, at) => (isAsked[at] ? (share * wanted) % sum : 0));
  const sizes = pools.map(({ share }, at) => (isAsked[at] ? (share * wanted - (remainder[at] ?? 0)) / sum : 0));
  if (sizes.some((size, at) => size > (pools[at]?.tasks ?? 0))) return null;
  let left = wanted - sizes.reduce((total, size) => total + size, 0);
  const next = [...pools.keys()]
    .filter((at) => (remainder[at] ?? 0) > 0 && (sizes[at] ?? 0) < (pools[at]?.tasks ?? 0))
    .sort((a, b) => (remainder[b] ?? 0) - (remainder[a] ?? 0) || ((pools[a]?.name ?? '') < (pools[b]?.name ?? '') ? -1 : 1));
  for (const at of next) {
    if (left === 0) break;
    sizes[at] = (sizes[at] ?? 0) + 1;
    left--;
  }
  return left === 0 ? sizes : null;
}

/**
 * pool -> what the weights of its tokens are multiplied by, so that its share of all weight is the share that is asked for and the sum of
 * weights stays what it was. @param mass pool -> sum of the weights of its tokens; pools without any leave their share to the others
 */
export function mixFactors(shares: readonly number[], mass: readonly number[]): readonly number[] {
  const isAsked = shares.map((share, at) => share > 0 && (mass[at] ?? 0) > 0);
  const total = (of: readonly number[]): number => of.reduce((sum, value, at) => sum + (isAsked[at] ? value : 0), 0);
  const [shareSum, massSum] = [total(shares), total(mass)];
  return shares.map((share, at) => (isAsked[at] ? ((share / shareSum) * massSum) / (mass[at] ?? 1) : 0));
}
