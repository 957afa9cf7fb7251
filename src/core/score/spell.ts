/**
 * Spells bytes with a scorer's tokens, each with the bytes of the text that it stands for.
 *
 * Tokenizers in SentencePiece's manner put a blank before a text (Llama 2, TinyLlama, the first Mistral, Phi-3). Where a text
 * begins, that blank is what the model was trained with: the first token keeps it, and stands for a byte less than it has.
 * Anywhere else there is none, so the bytes are tokenised behind a line end, whose own tokens are then taken off [ours].
 * Bytes of a character that is cut in two, and anything else that the scorer does not give back, become single-byte tokens.
 */
import type { Tokenizer } from '../tokens/tokenizer.ts';

export interface Spelled {
  readonly ids: ArrayLike<number>;
  /** token -> bytes of the text that it stands for, ≥ 1 */
  readonly lengths: ArrayLike<number>;
  /** Every byte is of one token. */
  readonly exact: boolean;
}

type Aligned = Pick<Spelled, 'ids' | 'lengths'>;

/** What is put before bytes that begin no text, where the scorer puts a blank before a text. */
const BEFORE = '\n';
const BLANK = 0x20;
const LONGEST_KEPT = 64;
const MOST_KEPT = 1 << 16;
/** Of one token, as the mapped tree counts them. */
const MOST_BYTES = 0xffff;

/** @param vocabulary ids from here on are spelled with those below. Short texts repeat in a forest and are remembered. */
export function makeSpell(scorer: Tokenizer, vocabulary = Infinity): (bytes: Uint8Array, begins: boolean) => Spelled {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const pieces = new Map<number, Uint8Array>();
  const pieceOf = (id: number): Uint8Array => {
    let piece = pieces.get(id);
    if (piece === undefined) pieces.set(id, (piece = scorer.bytes(id) ?? new Uint8Array(0)));
    return piece;
  };
  const single = singleBytes(scorer);
  const hasBytes = single.every((id) => id >= 0);
  const prefix = makeTaken(scorer, pieceOf);
  const known = new Map<string, Spelled>();

  return (bytes, begins) => {
    const [from, to] = wholeCharacters(bytes);
    const text = decoder.decode(bytes.subarray(from, to));
    // Different bytes that are no text all read as U+FFFD: those are spelled byte by byte, and not remembered.
    const isText = !text.includes('\uFFFD');
    const simple = isText && from === 0 && to === bytes.length;
    const key = prefix !== null && begins ? `^${text}` : ` ${text}`;
    const found = simple ? known.get(key) : undefined;
    if (found) return found;
    const ids: number[] = [];
    const lengths: number[] = [];
    const add = (id: number, length: number): void => {
      ids.push(id);
      lengths.push(length);
    };
    const byByte = (start: number, end: number): void => {
      for (let i = start; i < end; i++) if ((single[bytes[i]] ?? -1) >= 0) add(single[bytes[i]] ?? 0, 1);
    };
    byByte(0, from);
    const inner = bytes.subarray(from, to);
    const behind = prefix !== null && !(begins && from === 0) ? prefix(text) : null;
    const encoded = text === '' ? [] : (behind ?? scorer.encode(text));
    const matched = isText ? align(encoded, inner, pieceOf) : null;
    const aligned = matched ?? (isText && prefix === null ? alike(encoded, inner.length, pieceOf) : null);
    if (aligned !== null) {
      let at = from;
      for (let k = 0; k < aligned.ids.length; k++) {
        const length = aligned.lengths[k] ?? 0;
        if ((aligned.ids[k] ?? 0) < vocabulary) add(aligned.ids[k] ?? 0, length);
        else byByte(at, at + length);
        at += length;
      }
    } else if (hasBytes) byByte(from, to);
    else for (let k = 0; k < encoded.length; k++) if ((encoded[k] ?? 0) < vocabulary) add(encoded[k] ?? 0, pieceOf(encoded[k] ?? 0).length);
    byByte(to, bytes.length);
    let sum = 0;
    for (const length of lengths) sum += length;
    const spelled: Spelled = { ids, lengths, exact: sum === bytes.length };
    if (simple && text.length <= LONGEST_KEPT && known.size < MOST_KEPT) known.set(key, spelled);
    return spelled;
  };
}

/**
 * How a scorer that puts a blank before a text spells one that goes on: its tokens behind a line end, or null where the two do
 * not come apart. Null: it puts none.
 */
function makeTaken(scorer: Tokenizer, pieceOf: (id: number) => Uint8Array): ((text: string) => ArrayLike<number> | null) | null {
  const put = scorer.encode('a');
  let bytes = 0;
  for (let k = 0; k < put.length; k++) bytes += pieceOf(put[k] ?? 0).length;
  if (bytes !== 2 || pieceOf(put[0] ?? 0)[0] !== BLANK) return null;
  const before = Array.from(scorer.encode(BEFORE));
  return (text) => {
    const all = Array.from(scorer.encode(BEFORE + text));
    return before.every((id, k) => all[k] === id) ? all.slice(before.length) : null;
  };
}

/**
 * Bytes of `text` that each token stands for, or null where the tokens do not give it back. A token may begin with a blank that
 * the scorer put there; one of nothing else is left out. Blanks that a mark swallows (`rstrip`) count with the token before.
 */
function align(encoded: ArrayLike<number>, text: Uint8Array, pieceOf: (id: number) => Uint8Array): Aligned | null {
  const ids: number[] = [];
  const lengths: number[] = [];
  let at = 0;
  const stands = (piece: Uint8Array, skip: number): boolean => {
    if (at + piece.length - skip > text.length) return false;
    for (let i = skip; i < piece.length; i++) if (piece[i] !== text[at + i - skip]) return false;
    return true;
  };
  const swallow = (): boolean => {
    const last = lengths.at(-1) ?? MOST_BYTES;
    if (last >= MOST_BYTES || at >= text.length || !isBlank(text[at] ?? 0)) return false;
    lengths[lengths.length - 1] = last + 1;
    at++;
    return true;
  };
  for (let k = 0; k < encoded.length; k++) {
    const id = encoded[k] ?? 0;
    const piece = pieceOf(id);
    for (;;) {
      const skip = stands(piece, 0) ? 0 : piece[0] === BLANK && stands(piece, 1) ? 1 : -1;
      if (skip >= 0) {
        const length = piece.length - skip;
        at += length;
        if (length === 0) break;
        ids.push(id);
        lengths.push(length);
        break;
      }
      if (!swallow()) return null;
    }
  }
  while (at < text.length) if (!swallow()) return null;
  return { ids, lengths };
}

/** Tokens that give other bytes back, but as many (a scorer that lowers letters): each stands for what it has. */
function alike(ids: ArrayLike<number>, bytes: number, pieceOf: (id: number) => Uint8Array): Aligned | null {
  const lengths = Array.from(ids, (id) => pieceOf(id).length);
  return lengths.reduce((sum, length) => sum + length, 0) === bytes ? { ids, lengths } : null;
}

const isBlank = (byte: number): boolean => byte === BLANK || (byte >= 9 && byte <= 13);

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
