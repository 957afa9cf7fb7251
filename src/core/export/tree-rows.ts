/** Bins of a sample tree as rows for a trainer: tokens once each, which segments see which, and what is predicted where. */
import { NONE } from '../model/kinds.ts';
import type { SampleTree } from './sample-tree.ts';
import { paddedLength, type Bin } from './tree-bins.ts';

/** One row. Segments, samples and tokens are counted within it. */
export interface TreeRow {
  /** Padded with 0 to a multiple. */
  readonly ids: Int32Array;
  /** token -> tokens above it on its path from a root; 0 for padding */
  readonly positions: Int32Array;
  /** segments + 1 offsets into the tokens; the last is their number without padding */
  readonly segmentOffsets: Int32Array;
  /** segment -> segment | NONE; a parent stands before its children */
  readonly segmentParents: Int32Array;
  /** sample -> its segments from a root on */
  readonly samplePaths: readonly Int32Array[];
  /** sample -> its number in the tree */
  readonly samples: Int32Array;
  /** Losses, in the order of the tokens that they are of: the token at whose output the loss is taken, and the id wanted there. */
  readonly predIndex: Int32Array;
  readonly targetId: Int32Array;
  readonly weight: Float64Array;
  /** NaN: unknown. */
  readonly logprob: Float32Array;
  readonly advantage: Float64Array;
  /** loss -> the first sample of the row that trains it */
  readonly sampleId: Int32Array;
}

/** A row for each bin. A token's loss stands in one of them: where the first sample that trains it lies. */
export function treeRows(tree: SampleTree, bins: readonly Bin[], multiple: number): TreeRow[] {
  const binOf = binsOfSamples(tree, bins);
  const samplesOf = bins.map((): number[] => []);
  binOf.forEach((bin, sample) => samplesOf[bin].push(sample));
  /** segment of the tree -> segment of the row that is being made */
  const own = new Int32Array(tree.length);
  /** sample of the tree -> sample of that row */
  const place = new Int32Array(tree.end.length);
  return bins.map((bin, number) => {
    bin.segments.forEach((s, i) => (own[s] = i));
    const samples = Int32Array.from(samplesOf[number]);
    return { ...tokensOf(tree, bin, own, multiple), samples, samplePaths: pathsOf(tree, samples, own), ...losses(number, bin, samples) };
  });

  function losses(
    number: number,
    { segments }: Bin,
    samples: Int32Array,
  ): Pick<TreeRow, 'predIndex' | 'targetId' | 'weight' | 'logprob' | 'advantage' | 'sampleId'> {
    const { tokenStart, parent, trainer } = tree;
    const isHere = (token: number): boolean => trainer[token] !== NONE && binOf[trainer[token]] === number;
    let count = 0;
    for (const s of segments) for (let token = tokenStart[s]; token < tokenStart[s + 1]; token++) if (isHere(token)) count++;
    const tokens = new Int32Array(count);
    const predIndex = new Int32Array(count);
    const ends = new Int32Array(segments.length);
    let at = 0;
    let next = 0;
    for (const [i, s] of segments.entries()) {
      for (let token = tokenStart[s]; token < tokenStart[s + 1]; token++, at++) {
        if (!isHere(token)) continue;
        predIndex[next] = token > tokenStart[s] ? at - 1 : ends[own[parent[s]]] - 1;
        tokens[next++] = token;
      }
      ends[i] = at;
    }
    samples.forEach((sample, i) => (place[sample] = i));
    return {
      predIndex,
      targetId: tokens.map((token) => tree.ids[token]),
      weight: take(Float64Array, tree.weight, tokens),
      logprob: take(Float32Array, tree.logprob, tokens),
      advantage: take(Float64Array, tree.advantage, tokens),
      sampleId: tokens.map((token) => place[trainer[token]]),
    };
  }
}

/** The values of these tokens. */
function take<A extends Float64Array | Float32Array>(type: new (length: number) => A, values: A, tokens: Int32Array): A {
  const taken = new type(tokens.length);
  for (let i = 0; i < tokens.length; i++) taken[i] = values[tokens[i]];
  return taken;
}

function tokensOf(
  { ids, depth, parent, tokenStart }: SampleTree,
  { segments, tokens }: Bin,
  own: Int32Array,
  multiple: number,
): Pick<TreeRow, 'ids' | 'positions' | 'segmentOffsets' | 'segmentParents'> {
  const row = new Int32Array(paddedLength(tokens, multiple));
  const positions = new Int32Array(row.length);
  const segmentOffsets = new Int32Array(segments.length + 1);
  for (const [i, s] of segments.entries()) {
    const at = segmentOffsets[i];
    const length = tokenStart[s + 1] - tokenStart[s];
    row.set(ids.subarray(tokenStart[s], tokenStart[s + 1]), at);
    for (let k = 0; k < length; k++) positions[at + k] = depth[s] + k;
    segmentOffsets[i + 1] = at + length;
  }
  return { ids: row, positions, segmentOffsets, segmentParents: segments.map((s) => (parent[s] === NONE ? NONE : own[parent[s]])) };
}

function pathsOf({ end, parent }: SampleTree, samples: Int32Array, own: Int32Array): Int32Array[] {
  return Array.from(samples, (sample) => {
    const path: number[] = [];
    for (let s = end[sample]; s !== NONE; s = parent[s]) path.push(own[s]);
    return Int32Array.from(path.reverse());
  });
}

/** sample -> the first bin that has its last segment */
function binsOfSamples(tree: SampleTree, bins: readonly Bin[]): Int32Array {
  const binOf = new Int32Array(tree.length).fill(NONE);
  for (const [number, { segments }] of bins.entries()) for (const s of segments) if (binOf[s] === NONE) binOf[s] = number;
  return tree.end.map((segment) => binOf[segment]);
}
