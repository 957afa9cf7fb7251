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

/** What tree and row have in common while the row is made; entries of others are left over from rows before. */
interface Shared {
  /** segment of the tree -> segment of the row, and tokens of the row up to its end */
  readonly segment: Int32Array;
  readonly rowEnd: Int32Array;
  /** sample of the tree -> sample of the row */
  readonly sample: Int32Array;
}

/** A row for each bin. A token's loss stands in one of them: where the first sample that trains it lies. */
export function treeRows(tree: SampleTree, bins: readonly Bin[], multiple: number): TreeRow[] {
  const binOf = binsOfSamples(tree, bins);
  const samplesOf = bins.map((): number[] => []);
  binOf.forEach((bin, sample) => samplesOf[bin].push(sample));
  const shared: Shared = {
    segment: new Int32Array(tree.length),
    rowEnd: new Int32Array(tree.length),
    sample: new Int32Array(tree.end.length),
  };
  const jointsOf = makeJoints(tree);
  return bins.map((bin, number) => {
    const samples = Int32Array.from(samplesOf[number]);
    samples.forEach((sample, i) => (shared.sample[sample] = i));
    const tokens = tokensOf(tree, bin, multiple, jointsOf(bin, samples), shared);
    return {
      ...tokens,
      samples,
      samplePaths: pathsOf(tree, samples, shared),
      ...lossesOf(tree, bin, (sample) => binOf[sample] === number, shared),
    };
  });
}

/** Of a bin: segment of the tree -> 1 where it goes on in its only child there, because no sample of the bin ends with it. */
function makeJoints({ parent, end, length }: SampleTree): (bin: Bin, samples: Int32Array) => Uint8Array {
  const children = new Int32Array(length);
  const goesOn = new Uint8Array(length);
  return ({ segments }, samples) => {
    for (const s of segments) children[s] = 0;
    for (const s of segments) if (parent[s] !== NONE) children[parent[s]]++;
    for (const s of segments) goesOn[s] = children[s] === 1 ? 1 : 0;
    for (const sample of samples) goesOn[end[sample]] = 0;
    return goesOn;
  };
}

function tokensOf(
  { ids, depth, parent, tokenStart }: SampleTree,
  { segments, tokens }: Bin,
  multiple: number,
  goesOn: Uint8Array,
  shared: Shared,
): Pick<TreeRow, 'ids' | 'positions' | 'segmentOffsets' | 'segmentParents'> {
  const row = new Int32Array(paddedLength(tokens, multiple));
  const positions = new Int32Array(row.length);
  const offsets: number[] = [];
  const parents: number[] = [];
  let at = 0;
  for (const s of segments) {
    const above = parent[s];
    if (above === NONE || goesOn[above] === 0) {
      offsets.push(at);
      parents.push(above === NONE ? NONE : shared.segment[above]);
    }
    row.set(ids.subarray(tokenStart[s], tokenStart[s + 1]), at);
    for (let i = tokenStart[s]; i < tokenStart[s + 1]; i++) positions[at++] = depth[s] + i - tokenStart[s];
    shared.segment[s] = parents.length - 1;
    shared.rowEnd[s] = at;
  }
  offsets.push(at);
  return { ids: row, positions, segmentOffsets: Int32Array.from(offsets), segmentParents: Int32Array.from(parents) };
}

function pathsOf({ end, parent }: SampleTree, samples: Int32Array, { segment }: Shared): Int32Array[] {
  return Array.from(samples, (sample) => {
    const path: number[] = [];
    for (let s = end[sample]; s !== NONE; s = parent[s]) if (path.at(-1) !== segment[s]) path.push(segment[s]);
    return Int32Array.from(path.reverse());
  });
}

function lossesOf(
  tree: SampleTree,
  { segments }: Bin,
  hasSample: (sample: number) => boolean,
  { rowEnd, sample }: Shared,
): Pick<TreeRow, 'predIndex' | 'targetId' | 'weight' | 'logprob' | 'advantage' | 'sampleId'> {
  const { tokenStart, parent, trainer } = tree;
  const isHere = (token: number): boolean => trainer[token] !== NONE && hasSample(trainer[token]);
  let count = 0;
  for (const s of segments) for (let token = tokenStart[s]; token < tokenStart[s + 1]; token++) if (isHere(token)) count++;
  const tokens = new Int32Array(count);
  const predIndex = new Int32Array(count);
  let next = 0;
  for (const s of segments) {
    const shift = rowEnd[s] - tokenStart[s + 1];
    for (let token = tokenStart[s]; token < tokenStart[s + 1]; token++) {
      if (!isHere(token)) continue;
      predIndex[next] = (token > tokenStart[s] ? token + shift : rowEnd[parent[s]]) - 1;
      tokens[next++] = token;
    }
  }
  return {
    predIndex,
    targetId: tokens.map((token) => tree.ids[token]),
    weight: take(Float64Array, tree.weight, tokens),
    logprob: take(Float32Array, tree.logprob, tokens),
    advantage: take(Float64Array, tree.advantage, tokens),
    sampleId: tokens.map((token) => sample[trainer[token]]),
  };
}

/** The values of these tokens. */
function take<A extends Float64Array | Float32Array>(type: new (length: number) => A, values: A, tokens: Int32Array): A {
  const taken = new type(tokens.length);
  for (let i = 0; i < tokens.length; i++) taken[i] = values[tokens[i]];
  return taken;
}

/** sample -> the first bin that has its last segment */
function binsOfSamples(tree: SampleTree, bins: readonly Bin[]): Int32Array {
  const binOf = new Int32Array(tree.length).fill(NONE);
  for (const [number, { segments }] of bins.entries()) for (const s of segments) if (binOf[s] === NONE) binOf[s] = number;
  return tree.end.map((segment) => binOf[segment]);
}
