/**
 * Lets a model with another tokenizer score a forest: the forest's text is tokenised again, and what the model says of
 * its own tokens is shared out over the forest's tokens by bytes, sums preserved.
 *
 * Boundary rule [ours]: every node's bytes are tokenised by themselves, so no scorer token reaches over a node's edge.
 * Branches share all scorer tokens before their fork and the mass of a node stays in the node; the price is that a word
 * cut by a fork or by a segment's end is tokenised in two parts. How a node's bytes are spelled: `spell.ts`.
 */
import { joinBytes } from '../../base/bytes.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { mapMass } from '../tokens/byte-map.ts';
import { makeSpell } from './spell.ts';
import type { TokenTree } from './token-tree.ts';
import { makeGrowable, push, trimmed } from '../../base/growable.ts';

/** The same nodes with the scorer's tokens in them. */
export interface MappedTree extends TokenTree {
  /** scorer edge token -> 1 where its node holds a wanted token */
  readonly wanted: Uint8Array<ArrayBuffer>;
  /** scorer edge token -> bytes */
  readonly bytes: Uint16Array<ArrayBuffer>;
  /** tree edge token -> bytes; 0 where the tree's tokenizer does not know the id */
  readonly treeBytes: Uint16Array<ArrayBuffer>;
  /** Tree tokens whose id the tree's tokenizer does not know: they are left out of the text. */
  readonly unknown: number;
  /** Nodes whose bytes the scorer cannot represent exactly; their mass is shared out over lengths scaled to fit. */
  readonly inexact: number;
}

const STEP_BYTES = 1 << 16;

/**
 * @param tree with `treeTokenizer`'s ids. @param wanted parallel to its edgeTokens
 * @param vocabulary of the model: its tokenizer's ids from here on are spelled with those below
 * Nodes that no wanted token needs are left empty. Time: bytes of the rest; gives way about every 64 kB of text, since
 * tokenising takes a second for each megabyte or so.
 */
export function* mapTreeInSteps(
  tree: TokenTree,
  wanted: Uint8Array,
  treeTokenizer: Tokenizer,
  scorer: Tokenizer,
  vocabulary = Infinity,
): Generator<undefined, MappedTree> {
  const needed = neededNodes(tree, wanted);
  const treeBytes = new Uint16Array(tree.edgeTokens.length);
  const edgeStart = new Int32Array(tree.length + 1);
  const depth = new Int32Array(tree.length);
  const edgeTokens = makeGrowable(Int32Array);
  const bytes = makeGrowable(Uint16Array);
  const marks = makeGrowable(Uint8Array);
  const spell = makeSpell(scorer, vocabulary);
  let unknown = 0;
  let inexact = 0;
  let sinceStep = 0;
  for (let n = 0; n < tree.length; n++) {
    edgeStart[n] = edgeTokens.length;
    const parent = tree.parent[n];
    if (parent >= 0) depth[n] = depth[parent] + edgeStart[parent + 1] - edgeStart[parent];
    if (needed[n] === 0) {
      edgeStart[n + 1] = edgeTokens.length;
      continue;
    }
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (let i = tree.edgeStart[n]; i < tree.edgeStart[n + 1]; i++) {
      const piece = treeTokenizer.bytes(tree.edgeTokens[i]);
      if (piece === null) {
        unknown++;
        continue;
      }
      treeBytes[i] = piece.length;
      length += piece.length;
      pieces.push(piece);
    }
    // A text begins with the first bytes on its path.
    const spelled = spell(joinBytes(pieces), depth[n] === 0);
    if (!spelled.exact) inexact++;
    for (let k = 0; k < spelled.ids.length; k++) {
      push(edgeTokens, spelled.ids[k]);
      push(bytes, spelled.lengths[k]);
      push(marks, needed[n] === 2 ? 1 : 0);
    }
    edgeStart[n + 1] = edgeTokens.length;
    sinceStep += length;
    if (sinceStep < STEP_BYTES) continue;
    sinceStep = 0;
    yield undefined;
  }
  return {
    length: tree.length,
    parent: tree.parent,
    subtreeEnd: tree.subtreeEnd,
    treeStart: tree.treeStart,
    edgeStart,
    depth,
    edgeTokens: trimmed(edgeTokens),
    wanted: trimmed(marks),
    bytes: trimmed(bytes),
    treeBytes,
    unknown,
    inexact,
  };
}

/** node -> 2: it holds a wanted token; 1: a node below it does; 0: neither */
function neededNodes(tree: TokenTree, wanted: Uint8Array): Uint8Array {
  const needed = new Uint8Array(tree.length);
  for (let n = tree.length - 1; n >= 0; n--) {
    for (let i = tree.edgeStart[n]; i < tree.edgeStart[n + 1] && needed[n] !== 2; i++) if (wanted[i] === 1) needed[n] = 2;
    if (needed[n] > 0 && tree.parent[n] >= 0 && needed[tree.parent[n]] === 0) needed[tree.parent[n]] = 1;
  }
  return needed;
}

/**
 * The mass of node `n` on the tree's tokens. @param values parallel to the mapped tree's edgeTokens, NaN = none
 * @returns one value per token of the node; NaN where every scorer token over it has none
 */
export function mapNode(mapped: MappedTree, tree: TokenTree, n: number, values: Float32Array): Float64Array {
  const lengths = nodeLengths(mapped, tree, n);
  if (lengths === null) return new Float64Array(tree.edgeStart[n + 1] - tree.edgeStart[n]).fill(Number.NaN);
  return mapMass(lengths.from, values.subarray(mapped.edgeStart[n], mapped.edgeStart[n + 1]), lengths.to);
}

/** Bytes of the scorer's and of the tree's tokens of node `n`, of one sum; null where either has none. */
export function nodeLengths(
  mapped: MappedTree,
  tree: Pick<TokenTree, 'edgeStart'>,
  n: number,
): { readonly from: ArrayLike<number>; readonly to: ArrayLike<number> } | null {
  const from = mapped.bytes.subarray(mapped.edgeStart[n], mapped.edgeStart[n + 1]);
  const to = mapped.treeBytes.subarray(tree.edgeStart[n], tree.edgeStart[n + 1]);
  let held = 0;
  let wanted = 0;
  for (let i = 0; i < from.length; i++) held += from[i];
  for (let i = 0; i < to.length; i++) wanted += to[i];
  if (held === 0 || wanted === 0) return null;
  return { from: held === wanted ? from : Float64Array.from(from, (length) => (length * wanted) / held), to };
}
