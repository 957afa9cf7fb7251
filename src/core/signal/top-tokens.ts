/** The sampled tokens of which some figure is largest, and the forks at which most trajectories leave the most frequent way. */
import { largestFirst, makeLargest, offer } from '../../base/largest.ts';
import type { Forest } from '../model/forest.ts';
import { isFork } from '../tree/navigate.ts';

export interface TopToken {
  /** Index into `edgeTokens`. */
  readonly at: number;
  readonly node: number;
  /** What it is ranked by. */
  readonly size: number;
}

export interface TopTokens {
  /** The largest first. */
  readonly tokens: readonly TopToken[];
  /** Distinct sampled tokens that were looked at, and those of them with a value. */
  readonly sampled: number;
  readonly known: number;
}

export interface TopFork {
  readonly node: number;
  /** Trajectories through it that go another way than most, or end there while others go on. */
  readonly parted: number;
}

/** The key of node a comes before that of node b. */
function isKeyBefore({ keys }: Forest, a: number, b: number): boolean {
  return keys[2 * a] < keys[2 * b] || (keys[2 * a] === keys[2 * b] && keys[2 * a + 1] < keys[2 * b + 1]);
}

/** The node whose run holds token `at`. */
export function nodeOfToken({ edgeStart }: Forest, at: number): number {
  let low = 0;
  let high = edgeStart.length - 1;
  // edgeStart[low] <= at < edgeStart[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edgeStart[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * One pass over the sampled tokens, with room for `count` of them. Of equals the one of the smaller node key comes first, and in a node the
 * earlier one.
 * @param sizeOf token and its node -> what it is ranked by, NaN unknown. @param task null: of all tasks
 */
export function topTokens(forest: Forest, sizeOf: (at: number, node: number) => number, task: number | null, count: number): TopTokens {
  const largest = makeLargest(count, (a, b) => {
    const nodeA = nodeOfToken(forest, a);
    const nodeB = nodeOfToken(forest, b);
    return nodeA === nodeB ? a < b : isKeyBefore(forest, nodeA, nodeB);
  });
  const [first, end] = rangeOf(forest, task);
  let sampled = 0;
  let known = 0;
  for (let n = first; n < end; n++) {
    if (forest.sampledCount[n] === 0) continue;
    for (let at = forest.edgeStart[n]; at < forest.edgeStart[n + 1]; at++) {
      sampled++;
      const size = sizeOf(at, n);
      if (Number.isNaN(size)) continue;
      known++;
      offer(largest, at, size);
    }
  }
  const tokens = largestFirst(largest).map(({ item, value }) => ({ at: item, node: nodeOfToken(forest, item), size: value }));
  return { tokens, sampled, known };
}

/** The forks of a task's token tree, or of all, by `parted`, and how many there are; of equals the one of the smaller key comes first. */
export function topForks(forest: Forest, task: number | null, count: number): { readonly forks: readonly TopFork[]; readonly of: number } {
  const largest = makeLargest(count, (a, b) => isKeyBefore(forest, a, b));
  const [first, end] = rangeOf(forest, task);
  let of = 0;
  for (let n = first; n < end; n++) {
    if (!isFork(forest, n)) continue;
    of++;
    let most = 0;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) if (forest.reachCount[c] > most) most = forest.reachCount[c];
    offer(largest, n, forest.reachCount[n] - most);
  }
  return { forks: largestFirst(largest).map(({ item, value }) => ({ node: item, parted: value })), of };
}

function rangeOf({ treeStart }: Forest, task: number | null): [first: number, end: number] {
  return task === null ? [0, treeStart[treeStart.length - 1]] : [treeStart[task], treeStart[task + 1]];
}
