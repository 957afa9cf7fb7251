/** What a run of logged ids says in the session's tokenizer, and whether that is what the log says of it. */
import { indexOfNumber } from '../../base/find-number.ts';
import type { Part } from '../model/rollout.ts';
import { isSeparateCall } from './template.ts';
import type { Tokenisation } from './tokenisation.ts';

/** Runs of a rollout whose text was not found before the tokenizer is taken for a different one than the log's. */
const TRIALS = 16;
/** The rollout's ids are taken to be another tokenizer's. */
export const isOther = ({ found, missed }: Tokenisation['tried']): boolean => found === 0 && missed >= TRIALS;

/** As templates write the beginning of a message: three tokens in a row do not come to it by chance. */
const ANGLE = 0x3c;
const HEADER =
  /<\|im_start\|>(system|user|assistant|tool)\n|<\|start_header_id\|>(system|user|assistant|environment|agent|ipython)<\|end_header_id\|>/;

/** Tokens of a run in which its header stands, if it has one: a mark, a role and what templates put before the first of them. */
const HEADER_TOKENS = 16;

/**
 * Counts whether ids that were cut into parts by their marks read as the text that the log gives, or, where it gives none, as a
 * message of a chat. A few runs of each rollout say as much as all.
 */
export function readCut(ids: ArrayLike<number>, parts: readonly Part[], { counts, tried, tokenizer }: Tokenisation): void {
  if (tried.found + tried.missed >= TRIALS) return;
  const said = parts.filter((part) => part.text.trim() !== '' || part.tool !== undefined);
  const length = runBytes(ids, 0, said.length > 0 ? ids.length : Math.min(ids.length, HEADER_TOKENS), tokenizer);
  // Most runs without words are of another tokenizer, and hold nothing that a header begins with.
  if (said.length === 0 && length >= 0 && indexOfNumber(scratch, ANGLE, 0, length) < 0) return;
  const text = length < 0 ? null : textOf(length);
  const isRead = text !== null && (said.length > 0 ? said.some((part) => findPart(text, part, 0) !== null) : HEADER.test(text));
  if (isRead) {
    counts.verifiedRuns++;
    tried.found++;
  } else if (said.length > 0 || text === null) {
    counts.unverifiedRuns++;
    tried.missed++;
  }
}

let scratch = new Uint8Array(1 << 12);
/** Bytes up to which it is kept. */
const KEPT = 1 << 20;

/** What a run says. Null: an id is unknown. */
export function runText(ids: ArrayLike<number>, from: number, to: number, tokenizer: Tokenisation['tokenizer']): string | null {
  const length = runBytes(ids, from, to, tokenizer);
  return length < 0 ? null : textOf(length);
}

/** Writes the bytes of a run to `scratch` and returns how many they are: most runs are looked at no further. -1: an id is unknown. */
function runBytes(ids: ArrayLike<number>, from: number, to: number, tokenizer: Tokenisation['tokenizer']): number {
  let length = 0;
  for (let i = from; i < to; i++) {
    const bytes = tokenizer.bytes(ids[i]);
    if (bytes === null) return -1;
    if (length + bytes.length > scratch.length) {
      const wider = new Uint8Array(2 * (length + bytes.length));
      wider.set(scratch.subarray(0, length));
      scratch = wider;
    }
    for (let b = 0; b < bytes.length; b++) scratch[length + b] = bytes[b];
    length += bytes.length;
  }
  return length;
}

/** What the first bytes of `scratch` say. */
function textOf(length: number): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(scratch.subarray(0, length), { stream: true });
  if (scratch.length > KEPT) scratch = new Uint8Array(1 << 12);
  return text;
}

/** Where a part stands in a text, from `cursor` on. */
export function findPart(text: string, part: Part, cursor: number): { start: number; end: number } | null {
  if (isSeparateCall(part)) {
    const mark = text.indexOf('<tool_call>', cursor);
    const body = text.indexOf(part.tool ?? part.text, mark < 0 ? cursor : mark);
    if (body < 0) return null;
    const close = text.indexOf('</tool_call>', body);
    return { start: mark < 0 ? body : mark, end: close < 0 ? body + 1 : close };
  }
  const wanted = part.text.trim();
  const at = wanted === '' ? -1 : text.indexOf(wanted, cursor);
  return at < 0 ? null : { start: at, end: at + wanted.length };
}
