/**
 * How sets of rollouts are drawn again for a bootstrap. Tasks are the clusters: rollouts of one task resemble each other, and
 * drawn as if they did not they would make an interval too narrow.
 */

/**
 * Three levels of intervals: a block has clusters, a cluster strata, a stratum members. Clusters of one block are drawn with
 * replacement, as many as it has; then of each drawn cluster the members of each stratum, as many as that has.
 */
export interface Strata {
  /** Rollouts; only those that are in some set. */
  readonly members: Int32Array<ArrayBuffer>;
  /** stratum -> first member; length + 1 entries */
  readonly stratumStart: Int32Array<ArrayBuffer>;
  /** cluster -> first stratum; length + 1 entries */
  readonly clusterStart: Int32Array<ArrayBuffer>;
  /** block -> first cluster; length + 1 entries */
  readonly blockStart: Int32Array<ArrayBuffer>;
}

/**
 * A stratum holds the rollouts of one task that are in the same sets, so that sets keep their sizes. Sets that have a task in
 * common, by themselves or through others, are in one block: drawn together, what is alike in their tasks falls out of a difference.
 * @param order rollouts in an order that no order of files changes. @param task rollout -> task. @param sets rollout -> bit per set
 */
export function strataOf(order: Int32Array, task: Int32Array, sets: Int32Array): Strata {
  const block = blocksOf(order, task, sets);
  const members = order.filter((r) => sets[r] !== 0);
  const place = new Int32Array(task.length);
  for (const [i, r] of members.entries()) place[r] = i;
  members.sort((a, b) => block[a] - block[b] || task[a] - task[b] || sets[a] - sets[b] || place[a] - place[b]);
  const stratumStart: number[] = [];
  const clusterStart: number[] = [];
  const blockStart: number[] = [];
  for (const [i, r] of members.entries()) {
    const before = i === 0 ? -1 : members[i - 1];
    const isBlock = before < 0 || block[before] !== block[r];
    const isCluster = isBlock || task[before] !== task[r];
    if (isBlock) blockStart.push(clusterStart.length);
    if (isCluster) clusterStart.push(stratumStart.length);
    if (isCluster || sets[before] !== sets[r]) stratumStart.push(i);
  }
  return {
    members,
    stratumStart: Int32Array.from([...stratumStart, members.length]),
    clusterStart: Int32Array.from([...clusterStart, stratumStart.length]),
    blockStart: Int32Array.from([...blockStart, clusterStart.length]),
  };
}

/** rollout -> its block; blocks are numbered by their first set. */
function blocksOf(order: Int32Array, task: Int32Array, sets: Int32Array): Int32Array {
  // Union of sets through tasks: each set points at one of its block.
  const parent = Int32Array.from({ length: 32 }, (_, set) => set);
  const root = (set: number): number => {
    let at = set;
    while (parent[at] !== at) at = parent[at];
    return at;
  };
  const first = new Map<number, number>();
  const join = (key: number, set: number): void => {
    const known = first.get(key);
    if (known === undefined) first.set(key, set);
    else {
      const [a, b] = [root(known), root(set)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  };
  for (const r of order) for (let bits = sets[r]; bits !== 0; bits &= bits - 1) join(task[r], lowest(bits));
  return sets.map((bits) => (bits === 0 ? -1 : root(lowest(bits))));
}

/** The place of the lowest bit that is set. */
export function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
