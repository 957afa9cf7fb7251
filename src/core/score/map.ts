/**
 * Lets a model with another tokenizer score a forest: the forest's text is tokenised again, and what the model says of
 * its own tokens is shared out over the forest's tokens by bytes, sums preserved.
 *
 * Boundary rule [ours]: every node's bytes are tokenised by themselves, so no scorer token reaches over a node's edge.
 * Branches share all scorer tokens before their fork and the mass of a node stays in the node; the price is that a word
 * cut by a fork or by a segment's end is tokenised in two parts. Bytes of a character that a node's edge cuts in two, and
 * anything else that the scorer's text does not give back byte by byte, become single-byte tokens.
 */
import { joinBytes } from '../../base/bytes.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { mapMass } from '../tokens/byte-map.ts';
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
 * Nodes that no wanted token needs are left empty. Time: bytes of the rest; gives way about every 64 kB of text, since
 * tokenising takes a second for each megabyte or so.
 */
export function* mapTreeInSteps(
  tree: TokenTree,
  wanted: Uint8Array,
  treeTokenizer: Tokenizer,
  scorer: Tokenizer,
): Generator<undefined, MappedTree> {
  const needed = neededNodes(tree, wanted);
  const treeBytes = new Uint16Array(tree.edgeTokens.length);
  const edgeStart = new Int32Array(tree.length + 1);
  const depth = new Int32Array(tree.length);
  const edgeTokens = makeGrowable(Int32Array);
  const bytes = makeGrowable(Uint16Array);
  const marks = makeGrowable(Uint8Array);
  const tokenise = makeTokenise(scorer);
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
    const tokenised = tokenise(joinBytes(pieces));
    if (!tokenised.exact) inexact++;
    for (let k = 0; k < tokenised.ids.length; k++) {
      push(edgeTokens, tokenised.ids[k]);
      push(bytes, tokenised.lengths[k]);
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

interface Tokenised {
  readonly ids: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  readonly exact: boolean;
}

/** Tokenises bytes. Texts repeat in a forest (marks, separators), so the short ones are remembered. */
function makeTokenise(scorer: Tokenizer): (bytes: Uint8Array) => Tokenised {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const lengthOf = new Map<number, number>();
  const bytesOf = (id: number): number => {
    let length = lengthOf.get(id);
    if (length === undefined) lengthOf.set(id, (length = scorer.bytes(id)?.length ?? 0));
    return length;
  };
  const single = singleBytes(scorer);
  const known = new Map<string, Tokenised>();

  return (bytes) => {
    const [from, to] = wholeCharacters(bytes);
    const text = decoder.decode(bytes.subarray(from, to));
    // Different bytes that are no text all read as U+FFFD: those are tokenised byte by byte, and not remembered.
    const isText = !text.includes('\uFFFD');
    const simple = isText && from === 0 && to === bytes.length;
    const found = simple ? known.get(text) : undefined;
    if (found) return found;
    const ids: number[] = [];
    const lengths: number[] = [];
    const byByte = (start: number, end: number): void => {
      for (let i = start; i < end; i++) {
        const id = single[bytes[i]];
        if (id < 0) continue;
        ids.push(id);
        lengths.push(1);
      }
    };
    byByte(0, from);
    const encoded = text === '' ? [] : scorer.encode(text);
    let covered = 0;
    for (let k = 0; k < encoded.length; k++) covered += bytesOf(encoded[k]);
    if ((isText && covered === to - from) || single.some((id) => id < 0)) {
      for (let k = 0; k < encoded.length; k++) {
        ids.push(encoded[k]);
        lengths.push(bytesOf(encoded[k]));
      }
    } else byByte(from, to);
    byByte(to, bytes.length);
    let sum = 0;
    for (const length of lengths) sum += length;
    const tokenised: Tokenised = { ids, lengths, exact: sum === bytes.length };
    if (simple && text.length <= 64 && known.size < 1 << 16) known.set(text, tokenised);
    return tokenised;
  };
}

/** byte -> the token for just it, or −1 */
function singleBytes(scorer: Tokenizer): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  // Byte-level and byte-fallback vocabularies hold their single bytes among the first few hundred ids.
  for (let id = 0; id < 4096; id++) {
    const bytes = scorer.bytes(id);
    if (bytes?.length === 1 && ids[bytes[0]] === -1) ids[bytes[0]] = id;
  }
  return ids;
}

/** [from, to) of the bytes that are whole characters: without continuation bytes at the start and an unfinished end. */
function wholeCharacters(bytes: Uint8Array): [number, number] {
  let from = 0;
  while (from < bytes.length && from < 3 && (bytes[from] & 0xc0) === 0x80) from++;
  let lead = bytes.length - 1;
  while (lead >= from && bytes.length - lead < 4 && (bytes[lead] & 0xc0) === 0x80) lead--;
  if (lead < from || bytes[lead] < 0xc0) return [from, bytes.length];
  const size = bytes[lead] >= 0xf0 ? 4 : bytes[lead] >= 0xe0 ? 3 : 2;
  return [from, bytes.length - lead < size ? lead : bytes.length];
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
