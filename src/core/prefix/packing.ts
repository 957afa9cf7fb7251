/**
 * Records put together into blocks of at most so many tokens: each written out (flat), or as trees of which every block holds a token
 * once. What stands again in a later block is computed again: that is what a block's end costs.
 */
import { packTree } from '../export/tree-bins.ts';
import { NONE } from '../model/kinds.ts';
import { firstFitDecreasing } from './first-fit.ts';
import { fittingPart, joinShapes, type RecordShape } from './record-shape.ts';

/** Of a run of tokens in a block: of several records, and here for the first time; of one record; in an earlier block, or further left. */
export const RUN_KINDS = ['shared', 'own', 'repeated'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
const [SHARED, OWN, REPEATED] = [0, 1, 2];

export interface PackedBlocks {
  /** block -> its first run; one more entry than there are blocks */
  readonly start: Int32Array<ArrayBuffer>;
  /** run -> its tokens, index into RUN_KINDS, and the segment of the packed records that it ends with */
  readonly runTokens: Int32Array<ArrayBuffer>;
  readonly runKind: Uint8Array<ArrayBuffer>;
  readonly runSegment: Int32Array<ArrayBuffer>;
  /** run -> tokens above it on its path */
  readonly runDepth: Int32Array<ArrayBuffer>;
}

export interface PackedRecords {
  /** The records that fit, of all trees in their order. */
  readonly shape: RecordShape;
  /** tree -> its first segment in `shape`; one more entry than there are trees */
  readonly firstSegment: Int32Array;
  readonly flat: PackedBlocks;
  readonly tree: PackedBlocks;
  /** Records of more tokens than a block has: in neither packing. */
  readonly tooLong: { readonly records: number; readonly tokens: number };
}

/** @param across blocks may hold records of several trees */
export function packRecords(trees: readonly RecordShape[], room: number, across: boolean): PackedRecords {
  const fitting = trees.map((tree) => fittingPart(tree, room));
  const shape = joinShapes(fitting);
  const firstSegment = new Int32Array(trees.length + 1);
  fitting.forEach((tree, t) => (firstSegment[t + 1] = firstSegment[t] + tree.length));
  const groups = across ? [shape] : fitting;
  const flatBlocks: number[][] = [];
  const treeBlocks: Int32Array[] = [];
  let [record, segment] = [0, 0];
  for (const group of groups) {
    const [records, segments] = [record, segment];
    for (const block of firstFitDecreasing(group.tokens, room)) flatBlocks.push(block.map((r) => r + records));
    for (const bin of packTree(group, room, 1)) treeBlocks.push(bin.segments.map((s) => s + segments));
    record += group.end.length;
    segment += group.length;
  }
  const long = trees.flatMap(({ tokens }) => Array.from(tokens.filter((size) => size > room)));
  return {
    shape,
    firstSegment,
    flat: flatRuns(shape, flatBlocks),
    tree: treeRuns(shape, treeBlocks),
    tooLong: { records: long.length, tokens: long.reduce((sum, size) => sum + size, 0) },
  };
}

interface Runs {
  put(tokens: number, kind: number, segment: number, depth: number): void;
  endBlock(): void;
  done(): PackedBlocks;
}

function makeRuns(): Runs {
  const start = [0];
  const columns: [number[], number[], number[], number[]] = [[], [], [], []];
  return {
    put(...values) {
      if (values[0] > 0) values.forEach((value, c) => columns[c].push(value));
    },
    endBlock: () => void start.push(columns[0].length),
    done: () => ({
      start: Int32Array.from(start),
      runTokens: Int32Array.from(columns[0]),
      runKind: Uint8Array.from(columns[1]),
      runSegment: Int32Array.from(columns[2]),
      runDepth: Int32Array.from(columns[3]),
    }),
  };
}

/** Of each record what earlier ones have, what it shares besides, and what is its own. */
function flatRuns(
  { length, parent, depth, tokenStart, reach, end, tokens }: RecordShape,
  blocks: readonly (readonly number[])[],
): PackedBlocks {
  const runs = makeRuns();
  const seen = new Uint8Array(length);
  const upTo = (s: number): number => (s === NONE ? 0 : depth[s] + tokenStart[s + 1] - tokenStart[s]);
  for (const block of blocks) {
    for (const r of block) {
      let known: number = end[r];
      let shared: number = NONE;
      for (; known !== NONE && seen[known] === 0; known = parent[known]) {
        seen[known] = 1;
        if (shared === NONE && reach[known] > 1) shared = known;
      }
      const repeated = upTo(known);
      const both = Math.max(repeated, upTo(shared));
      runs.put(repeated, REPEATED, known, 0);
      runs.put(both - repeated, SHARED, shared, repeated);
      runs.put(tokens[r] - both, OWN, end[r], both);
    }
    runs.endBlock();
  }
  return runs.done();
}

function treeRuns({ length, depth, tokenStart, reach }: RecordShape, blocks: readonly Int32Array[]): PackedBlocks {
  const runs = makeRuns();
  const seen = new Uint8Array(length);
  for (const block of blocks) {
    for (const s of block) {
      runs.put(tokenStart[s + 1] - tokenStart[s], seen[s] === 1 ? REPEATED : reach[s] > 1 ? SHARED : OWN, s, depth[s]);
      seen[s] = 1;
    }
    runs.endBlock();
  }
  return runs.done();
}

export interface PackingFigures {
  /** Tokens of all blocks, and what of them stands in an earlier one, or further left. */
  readonly tokens: number;
  readonly repeated: number;
  readonly blocks: number;
  /** No packing of as many tokens that have to be computed takes fewer blocks. */
  readonly fewest: number;
  /** Effective reuse ratio: 1 − tokens ÷ tokens of the records, each written out. */
  readonly err: number;
}

/** @param least tokens that have to be in some block. @param flat of the records, each written out */
export function packingFigures({ start, runTokens, runKind }: PackedBlocks, least: number, flat: number, room: number): PackingFigures {
  let [tokens, repeated] = [0, 0];
  for (let run = 0; run < runTokens.length; run++) {
    tokens += runTokens[run];
    if (runKind[run] === REPEATED) repeated += runTokens[run];
  }
  return { tokens, repeated, blocks: start.length - 1, fewest: Math.ceil(least / room), err: flat === 0 ? 0 : 1 - tokens / flat };
}
