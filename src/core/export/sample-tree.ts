/** The samples of a task as one tree: each prefix that some of them share once, with what all of them train of it. */
import { NONE } from '../model/kinds.ts';

/** A row of tokens; all columns have one length. */
export interface Sample {
  readonly ids: Int32Array;
  /** Loss weight, 0: none. */
  readonly weight: Float64Array;
  /** NaN: unknown. */
  readonly advantage: Float64Array;
  /** Log-probability of the token for the policy that wrote it. NaN: unknown. */
  readonly logprob: Float32Array;
}

/**
 * Segments in depth-first pre-order, siblings by their first token: a segment ends where samples part or one of them ends, so each
 * sample is a run of whole segments from a root on.
 */
export interface SampleTree {
  readonly length: number;
  /** segment -> segment | NONE */
  readonly parent: Int32Array;
  /** segment -> segment, exclusive */
  readonly subtreeEnd: Int32Array;
  /** segment -> tokens above it */
  readonly depth: Int32Array;
  /** length + 1 offsets into the token columns */
  readonly tokenStart: Int32Array;
  readonly ids: Int32Array;
  /** token -> sum of its weights over all samples; 0: no loss, also where a sample begins with it, which nothing predicts */
  readonly weight: Float64Array;
  /** token -> mean over the samples that train it, by weight; NaN unknown in one of them */
  readonly advantage: Float64Array;
  readonly logprob: Float32Array;
  /** token -> first sample that trains it | NONE */
  readonly trainer: Int32Array;
  /** sample -> the segment that it ends with */
  readonly end: Int32Array;
}

/** Builds the tree of samples that have a token each. O(tokens of all samples), and their comparison where they come in another order. */
export function sampleTree(samples: readonly Sample[]): SampleTree {
  const order = inOrder(samples);
  const shape = shapeOf(samples, order);
  const { length, source, from, to } = shape;
  const tokenStart = new Int32Array(length + 1);
  for (let s = 0; s < length; s++) tokenStart[s + 1] = tokenStart[s] + to[s] - from[s];
  const tokens = tokenStart[length];
  const ids = new Int32Array(tokens);
  for (let s = 0; s < length; s++) ids.set(samples[source[s]].ids.subarray(from[s], to[s]), tokenStart[s]);
  return { length, parent: shape.parent, subtreeEnd: shape.subtreeEnd, depth: from, tokenStart, ids, end: shape.end, ...valuesOf() };

  function valuesOf(): Pick<SampleTree, 'weight' | 'advantage' | 'logprob' | 'trainer'> {
    const weight = new Float64Array(tokens);
    const advantage = new Float64Array(tokens);
    const logprob = new Float32Array(tokens);
    const trainer = new Int32Array(tokens).fill(NONE);
    for (const [number, own] of samples.entries()) {
      const { weight: ownWeight, advantage: ownAdvantage, logprob: ownLogprob } = own;
      for (let s = shape.end[number]; s !== NONE; s = shape.parent[s]) {
        const shift = tokenStart[s] - from[s];
        for (let i = Math.max(1, from[s]); i < to[s]; i++) {
          const added = ownWeight[i];
          if (added <= 0) continue;
          const at = i + shift;
          const before = weight[at];
          // A mean that stays exact where all say the same.
          if (trainer[at] === NONE) {
            trainer[at] = number;
            advantage[at] = ownAdvantage[i];
            logprob[at] = ownLogprob[i];
          } else if (advantage[at] !== ownAdvantage[i]) {
            advantage[at] += ((ownAdvantage[i] - advantage[at]) * added) / (before + added);
          }
          weight[at] = before + added;
        }
      }
    }
    return { weight, advantage, logprob, trainer };
  }
}

/** Several trees as one forest; samples are numbered on. */
export function joinTrees(trees: readonly SampleTree[]): SampleTree {
  if (trees.length === 1) return trees[0];
  const starts = { segment: [0], token: [0], sample: [0] };
  for (const tree of trees) {
    starts.segment.push((starts.segment.at(-1) ?? 0) + tree.length);
    starts.token.push((starts.token.at(-1) ?? 0) + tree.ids.length);
    starts.sample.push((starts.sample.at(-1) ?? 0) + tree.end.length);
  }
  const lengthOf = (list: readonly number[]): number => list.at(-1) ?? 0;
  const length = lengthOf(starts.segment);
  const tokens = lengthOf(starts.token);
  const joined = {
    length,
    parent: new Int32Array(length),
    subtreeEnd: new Int32Array(length),
    depth: new Int32Array(length),
    tokenStart: new Int32Array(length + 1),
    ids: new Int32Array(tokens),
    weight: new Float64Array(tokens),
    advantage: new Float64Array(tokens),
    logprob: new Float32Array(tokens),
    trainer: new Int32Array(tokens),
    end: new Int32Array(lengthOf(starts.sample)),
  };
  for (const [i, tree] of trees.entries()) {
    const [segment, token, sample] = [starts.segment[i], starts.token[i], starts.sample[i]];
    const shifted = (value: number, by: number): number => (value === NONE ? NONE : value + by);
    joined.parent.set(
      tree.parent.map((parent) => shifted(parent, segment)),
      segment,
    );
    joined.subtreeEnd.set(
      tree.subtreeEnd.map((end) => end + segment),
      segment,
    );
    joined.depth.set(tree.depth, segment);
    joined.tokenStart.set(
      tree.tokenStart.map((start) => start + token),
      segment,
    );
    joined.ids.set(tree.ids, token);
    joined.weight.set(tree.weight, token);
    joined.advantage.set(tree.advantage, token);
    joined.logprob.set(tree.logprob, token);
    joined.trainer.set(
      tree.trainer.map((trainer) => shifted(trainer, sample)),
      token,
    );
    joined.end.set(
      tree.end.map((end) => end + segment),
      sample,
    );
  }
  return joined;
}

/** Samples by their tokens, a prefix before what continues it; among equals the earlier one first. */
function inOrder(samples: readonly Sample[]): Int32Array {
  const order = Int32Array.from(samples.keys());
  const compare = (a: number, b: number): number => compareIds(samples[a].ids, samples[b].ids) || a - b;
  // As the forest has them, they are in order.
  for (let i = 1; i < order.length; i++) if (compare(i - 1, i) > 0) return order.sort(compare);
  return order;
}

function compareIds(a: Int32Array, b: Int32Array): number {
  const same = sharedLength(a, b);
  if (same === a.length || same === b.length) return a.length - b.length;
  return a[same] - b[same];
}

function sharedLength(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a[same] === b[same]) same++;
  return same;
}

interface Shape extends Pick<SampleTree, 'length' | 'parent' | 'subtreeEnd' | 'end'> {
  /** segment -> a sample that has it, and its tokens [from, to) there */
  readonly source: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Inserts samples in their order: each shares its beginning with the one before it, which is the path that is open. */
function shapeOf(samples: readonly Sample[], order: Int32Array): Shape {
  const made = { source: [] as number[], from: [] as number[], to: [] as number[], parent: [] as number[] };
  const add = (source: number, from: number, to: number, parent: number): number => {
    made.source.push(source);
    made.from.push(from);
    made.to.push(to);
    return made.parent.push(parent) - 1;
  };
  const open: number[] = [];
  const madeEnd = new Int32Array(samples.length);
  /** sample -> its place in the order */
  const place = new Int32Array(samples.length);
  for (const [i, sample] of order.entries()) {
    place[sample] = i;
    const { ids } = samples[sample];
    const same = i === 0 ? 0 : sharedLength(samples[order[i - 1]].ids, ids);
    while (open.length > 0 && made.from[open.at(-1) ?? 0] >= same) open.pop();
    const last = open.at(-1);
    if (last !== undefined && made.to[last] > same) {
      // What both have stays open; the rest of it hangs below.
      const upper = add(made.source[last], made.from[last], same, made.parent[last]);
      made.from[last] = same;
      made.parent[last] = upper;
      open[open.length - 1] = upper;
    }
    if (same < ids.length) open.push(add(sample, same, ids.length, open.at(-1) ?? NONE));
    madeEnd[sample] = open.at(-1) ?? NONE;
  }
  const length = made.from.length;
  // The first sample through a segment made it: what samples have first, in their order and from the root down, is pre-order.
  const rows = Int32Array.from(made.from.keys());
  rows.sort((a, b) => place[made.source[a]] - place[made.source[b]] || made.from[a] - made.from[b]);
  const rowOf = new Int32Array(length);
  rows.forEach((segment, row) => (rowOf[segment] = row));
  const parent = Int32Array.from(rows, (segment) => (made.parent[segment] === NONE ? NONE : rowOf[made.parent[segment]]));
  const subtreeEnd = Int32Array.from(rows, (_, row) => row + 1);
  for (let row = length - 1; row >= 0; row--)
    if (parent[row] !== NONE) subtreeEnd[parent[row]] = Math.max(subtreeEnd[parent[row]], subtreeEnd[row]);
  return {
    length,
    source: Int32Array.from(rows, (segment) => made.source[segment]),
    from: Int32Array.from(rows, (segment) => made.from[segment]),
    to: Int32Array.from(rows, (segment) => made.to[segment]),
    parent,
    subtreeEnd,
    // The last segment of a sample may have been parted since, of which it has all.
    end: madeEnd.map((segment) => rowOf[segment]),
  };
}
