/** Where sketches of the model's tokens go: into rows of tokens and of nodes, the latter once a node's are all there. */
import type { SketchChoice } from '../../core/gradient/choose.ts';
import {
  addSketch,
  packSketch,
  sketchRow,
  type PackedSketches,
  type Sketches,
  type SketchFacts,
  type SketchRows,
  type SketchSource,
} from '../../core/gradient/store.ts';
import type { Forest } from '../../core/model/forest.ts';
import { nodeLengths, type MappedTree } from '../../core/score/map.ts';
import { eachShare } from '../../core/tokens/byte-map.ts';

export interface SketchTaker {
  take(facts: SketchFacts): void;
  /** All that is complete, with what there was before; null where nothing is. */
  rows(): Sketches | null;
}

interface Work {
  readonly forest: Pick<Forest, 'length' | 'edgeStart' | 'edgeTokens'>;
  /** The forest in the model's tokens, where these are others. */
  readonly mapped: MappedTree | null;
  readonly choice: SketchChoice;
  readonly dim: number;
  readonly source: SketchSource;
  /** query -> edge token (the model's) that a sketch is asked of; each once */
  readonly asked: Int32Array;
  readonly before: Sketches | null;
}

/** A node whose tokens have not all come. */
interface Open {
  left: number;
  /** Places of its tokens in its run, and their rows. */
  readonly places: number[];
  readonly rows: { readonly from: SketchFacts; readonly row: number }[];
}

export function makeSketchTaker({ forest, mapped, choice, dim, source, asked, before }: Work): SketchTaker {
  const starts = (mapped ?? forest).edgeStart;
  const tokens = makeRows(dim, before?.tokens ?? null, choice.tokens, choice.tokenShare);
  const nodes = makeRows(dim, before?.nodes ?? null, choice.nodes, choice.nodeShare);
  const expected = new Map<number, number>();
  const nodeOf = nodesOf(starts, forest.length);
  for (const at of asked) expected.set(nodeOf(at), (expected.get(nodeOf(at)) ?? 0) + 1);
  const open = new Map<number, Open>();
  const sum = new Float32Array(dim);

  /** The log's tokens of a node get those of the model's by the bytes that they share. */
  function closeMapped(n: number, { places, rows }: Open, tree: MappedTree): void {
    const lengths = nodeLengths(tree, forest, n);
    if (lengths === null) return;
    const rowAt = new Map(places.map((place, k) => [place, rows[k]]));
    const first = forest.edgeStart[n] ?? 0;
    let current = -1;
    const close = (): void => {
      if (current >= 0 && choice.tokens[first + current] === 1) tokens.put(first + current, sum);
    };
    eachShare(lengths.from, lengths.to, (from, to, share) => {
      const found = rowAt.get(from);
      if (!found) return;
      if (to !== current) {
        close();
        sum.fill(0);
        current = to;
      }
      addSketch(found.from, found.row, share, sum);
    });
    close();
  }

  function close(n: number, of: Open): void {
    if (mapped !== null) closeMapped(n, of, mapped);
    // Of a node that is known only the tokens that lack a row were asked about.
    if (choice.nodes[n] !== 1 || (before !== null && sketchRow(before.nodes, n) >= 0)) return;
    sum.fill(0);
    for (const { from, row } of of.rows) addSketch(from, row, 1, sum);
    nodes.put(n, sum);
  }

  return {
    take(facts) {
      // A device that stands in may know less; its sketches would not compare.
      if (facts.source.of !== source.of) return;
      facts.at.forEach((at, row) => {
        const n = nodeOf(at);
        if (mapped === null && choice.tokens[at] === 1) tokens.copy(at, facts, row);
        let found = open.get(n);
        if (!found) open.set(n, (found = { left: expected.get(n) ?? 0, places: [], rows: [] }));
        found.places.push(at - (starts[n] ?? 0));
        found.rows.push({ from: facts, row });
        if (--found.left > 0) return;
        open.delete(n);
        close(n, found);
      });
    },
    rows() {
      const found = { dim, ...source, tokens: tokens.sorted(), nodes: nodes.sorted() };
      return found.tokens.of.length + found.nodes.of.length === 0 ? null : found;
    },
  };
}

/** The model's edge token -> 1 where its node holds a token of the log whose sketch is missing. */
export function mappedWish(mapped: MappedTree, forest: Pick<Forest, 'length' | 'edgeStart'>, missing: Uint8Array): Uint8Array<ArrayBuffer> {
  const wish = new Uint8Array(mapped.edgeTokens.length);
  for (let n = 0; n < forest.length; n++)
    if (missing.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]).includes(1))
      wish.fill(1, mapped.edgeStart[n], mapped.edgeStart[n + 1]);
  return wish;
}

/** edge token -> its node, by bisection. */
function nodesOf(edgeStart: Int32Array, length: number): (at: number) => number {
  return (at) => {
    let low = 0;
    let high = length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((edgeStart[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

interface GrowingRows {
  copy(of: number, from: PackedSketches, row: number): void;
  put(of: number, sketch: Float32Array): void;
  sorted(): SketchRows;
}

/** Rows in blocks, so that growing copies nothing. @param chosen item -> 1: rows of others are given up */
function makeRows(dim: number, before: SketchRows | null, chosen: Uint8Array, share: number): GrowingRows {
  const BLOCK = 1024;
  const blocks: Uint16Array[] = [];
  const of: number[] = [];
  const scale: number[] = [];
  const place = (item: number, size: number): { block: Uint16Array; row: number } => {
    const row = of.push(item) - 1;
    scale.push(size);
    if (row % BLOCK === 0) blocks.push(new Uint16Array(BLOCK * dim));
    return { block: blocks.at(-1) ?? new Uint16Array(0), row: row % BLOCK };
  };
  return {
    copy(item, from, from_row) {
      const { block, row } = place(item, from.scale[from_row] ?? NaN);
      block.set(from.values.subarray(from_row * dim, (from_row + 1) * dim), row * dim);
    },
    put(item, sketch) {
      const { block, row } = place(item, 0);
      scale[scale.length - 1] = packSketch(sketch, block, row);
    },
    sorted() {
      // What has been computed anew counts.
      const fresh = new Map(of.map((item, row) => [item, row]));
      const isKept = (item: number): boolean => chosen[item] === 1 && !fresh.has(item);
      const kept = before === null ? [] : Array.from(before.of.keys()).filter((row) => isKept(before.of[row] ?? 0));
      const items = Int32Array.from([...fresh.keys(), ...kept.map((row) => before?.of[row] ?? 0)]).sort();
      const values = new Uint16Array(items.length * dim);
      const scales = new Float32Array(items.length);
      const keptAt = new Map(kept.map((row) => [before?.of[row] ?? 0, row]));
      items.forEach((item, at) => {
        const row = fresh.get(item);
        const old = keptAt.get(item) ?? 0;
        const block = row === undefined ? before?.values : blocks[Math.floor(row / BLOCK)];
        const from = (row === undefined ? old : row % BLOCK) * dim;
        values.set(block?.subarray(from, from + dim) ?? [], at * dim);
        scales[at] = (row === undefined ? before?.scale[old] : scale[row]) ?? NaN;
      });
      return { of: items, scale: scales, values, share };
    },
  };
}
