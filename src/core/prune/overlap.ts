/** What two keep sets of one forest have in common, counted. */
import type { Forest } from '../model/forest.ts';
import type { TrainSet } from './train-method.ts';

/** A cut with its train set. */
export interface KeptSet {
  /** node -> kept at ranks below its task's limit */
  readonly rank: Int32Array;
  /** task -> first rank that is dropped */
  readonly limit: Int32Array;
  readonly train: TrainSet;
}

/** Exact counts. */
export interface Overlap {
  readonly a: number;
  readonly b: number;
  readonly both: number;
  readonly either: number;
}

export interface KeptOverlaps {
  readonly nodes: Overlap;
  /** Distinct tokens of kept nodes. */
  readonly tokens: Overlap;
  /** Distinct tokens that carry loss. */
  readonly trained: Overlap;
}

/** The bit of a set in what follows. */
export const A = 1;
export const B = 2;

/** node - first -> bits of the sets that keep it, for nodes [first, end) of one task. */
export function keptBits(a: KeptSet, b: KeptSet, task: number, first: number, end: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(end - first);
  const [limitA, limitB] = [a.limit[task], b.limit[task]];
  for (let n = first; n < end; n++) bits[n - first] = (a.rank[n] < limitA ? A : 0) | (b.rank[n] < limitB ? B : 0);
  return bits;
}

/** O(nodes + sampled tokens of those that both sets keep). */
export function keptOverlaps(forest: Forest, a: KeptSet, b: KeptSet): KeptOverlaps {
  const nodes = counts();
  const tokens = counts();
  const trained = counts();
  let [ofA, ofB] = [new Float32Array(64), new Float32Array(64)];
  for (let task = 0; task + 1 < forest.treeStart.length; task++) {
    const first = forest.treeStart[task];
    const bits = keptBits(a, b, task, first, forest.treeStart[task + 1]);
    for (const [i, by] of bits.entries()) {
      if (by === 0) continue;
      const n = first + i;
      const run = forest.edgeStart[n + 1] - forest.edgeStart[n];
      nodes.add(by, 1);
      tokens.add(by, run);
      if (forest.sampledCount[n] === 0) continue;
      if (by !== (A | B)) {
        trained.add(by, (by === A ? a : b).train.trainedOf(n));
        continue;
      }
      if (ofA.length < run) [ofA, ofB] = [new Float32Array(run * 2), new Float32Array(run * 2)];
      a.train.factorsOf(n, ofA, 0);
      b.train.factorsOf(n, ofB, 0);
      for (let t = 0; t < run; t++) trained.add((ofA[t] > 0 ? A : 0) | (ofB[t] > 0 ? B : 0), 1);
    }
  }
  return { nodes: nodes.overlap(), tokens: tokens.overlap(), trained: trained.overlap() };
}

/** rollout -> bits of the sets that keep it whole: all its trajectories, to the last token. O(trajectories). */
export function wholeBits(
  { trajectories, trajectoryOrder, trajectoryStart }: Forest,
  rollouts: number,
  a: KeptSet,
  b: KeptSet,
): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(rollouts).fill(A | B);
  for (let task = 0; task + 1 < trajectoryStart.length; task++) {
    const [limitA, limitB] = [a.limit[task], b.limit[task]];
    for (let i = trajectoryStart[task]; i < trajectoryStart[task + 1]; i++) {
      const t = trajectoryOrder[i];
      const leaf = trajectories.leaf[t];
      bits[trajectories.rollout[t]] &= (a.rank[leaf] < limitA ? A : 0) | (b.rank[leaf] < limitB ? B : 0);
    }
  }
  return bits;
}

/** Counts members by the sets that have them. */
export function counts(): { add(bits: number, weight: number): void; overlap(): Overlap } {
  const sums = [0, 0, 0, 0];
  return {
    add(bits, weight) {
      sums[bits] += weight;
    },
    overlap: () => ({ a: sums[A] + sums[A | B], b: sums[B] + sums[A | B], both: sums[A | B], either: sums[A] + sums[B] + sums[A | B] }),
  };
}

/** Jaccard similarity; two empty sets are the same. */
export function jaccard({ both, either }: Overlap): number {
  return either === 0 ? 1 : both / either;
}
