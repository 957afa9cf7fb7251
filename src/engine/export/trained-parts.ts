/** The characters of an answer that train, for targets that can mark a part of a message. */
import { joinBytes } from '../../base/bytes.ts';
import type { MessageOut } from '../../core/export/message-record.ts';
import type { TokenRow } from '../../core/export/token-row.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';

/** Characters [start, end) of a content, counted in code points. */
export interface TrainedPart {
  readonly start: number;
  readonly end: number;
}

/** One character for each byte, so that places in the text are places in the bytes. */
const byBytes = new TextDecoder('latin1');

/**
 * Which characters of its content train by the tokens of the record; null where that cannot be known exactly: the answer holds more
 * than its content, the tokens do not spell the content once and nowhere else, or what trains begins or ends inside a character.
 * @param row the record's tokens. @param tokenizer that may have made them
 */
export function trainedParts(
  { content, tool_calls: calls, reasoning_content: thoughts, tokens }: MessageOut,
  row: Pick<TokenRow, 'ids' | 'weight'>,
  tokenizer: Tokenizer,
): readonly TrainedPart[] | null {
  if (typeof content !== 'string' || content === '' || calls !== undefined || thoughts !== undefined) return null;
  /** token of the answer -> bytes up to its end */
  const ends: number[] = [];
  const pieces: Uint8Array[] = [];
  for (let i = tokens.start, length = 0; i < tokens.end; i++) {
    const bytes = tokenizer.bytes(row.ids[i] ?? -1);
    if (bytes === null) return null;
    pieces.push(bytes);
    ends.push((length += bytes.length));
  }
  const own = new TextEncoder().encode(content);
  const [text, needle] = [byBytes.decode(joinBytes(pieces)), byBytes.decode(own)];
  const first = text.indexOf(needle);
  if (first < 0 || text.lastIndexOf(needle) !== first) return null;
  // In bytes first: a character may consist of several tokens.
  const inContent = (byte: number): number => Math.max(0, Math.min(own.length, byte - first));
  const runs: { start: number; end: number }[] = [];
  for (let i = 0; i < ends.length; i++) {
    if ((row.weight[tokens.start + i] ?? 0) === 0) continue;
    const [start, end] = [inContent(ends[i - 1] ?? 0), inContent(ends[i] ?? 0)];
    if (start === end) continue;
    const last = runs.at(-1);
    if (last?.end === start) last.end = end;
    else runs.push({ start, end });
  }
  const points = codePointsBefore(own);
  const parts = runs.map(({ start, end }) => ({ start: points[start] ?? -1, end: points[end] ?? -1 }));
  return parts.some(({ start, end }) => start < 0 || end < 0) ? null : parts;
}

/** byte -> code points before it, and −1 inside one; one entry more than there are bytes */
function codePointsBefore(bytes: Uint8Array): Int32Array {
  const points = new Int32Array(bytes.length + 1);
  let count = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const isInside = i < bytes.length && ((bytes[i] ?? 0) & 0xc0) === 0x80;
    points[i] = isInside ? -1 : count++;
  }
  return points;
}
