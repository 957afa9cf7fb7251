/** Cuts a source of bytes into lines, and a file into line-aligned ranges that parallel workers can read on their own. */
import { byteOrderMark, joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { lineEnds } from './number-lists.ts';

/** Bytes [start, end) of a source. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Line {
  /** Without its line end (LF or CRLF) and without a byte order mark. May be a view into a larger buffer. */
  readonly bytes: Uint8Array;
  /** Of the first of `bytes` in the source. */
  readonly byteOffset: number;
  /**
   * 1-based, counted from the start of the range that is being read. A reader of a later range adds the `lines` of
   * the ranges before it, which are known once those have been read (`LineBatch.lines` of their last batch).
   */
  readonly line: number;
  /** False for a last line without a line end: the writer may still be at it. */
  readonly terminated: boolean;
}

/** The lines that end in one chunk, empty ones included. */
export interface LineBatch {
  readonly lines: readonly Line[];
  /** Lines of the range so far. */
  readonly count: number;
  /** First byte of the range that no line so far covers. */
  readonly nextOffset: number;
}

const RETURN = 13;
const PROBE = 1 << 18;
/** Large enough that a chunk holds many records, small enough that several workers' chunks stay far below a tab's memory. */
export const CHUNK = 2 << 20;

/** First byte after the first newline at or after `from`; the source's length where there is none. */
async function afterNextNewline(source: ByteSource, from: number): Promise<number> {
  for (let at = from; at < source.byteLength; at += PROBE) {
    const chunk = await source.read(at, Math.min(at + PROBE, source.byteLength));
    const [found] = lineEnds(chunk);
    if (found !== undefined) return at + found + 1;
  }
  return source.byteLength;
}

/**
 * At most `parts` ranges that tile the source, each starting at a line start. A line that is longer than a range
 * belongs to the range where it begins, so there may be fewer ranges than asked for. An empty source has none.
 */
export async function planRanges(source: ByteSource, parts: number): Promise<readonly ByteRange[]> {
  const size = source.byteLength;
  const ranges: ByteRange[] = [];
  let start = 0;
  for (let part = 1; part <= parts && start < size; part++) {
    const ideal = Math.floor((size * part) / parts);
    // A line start at `ideal` itself is found by looking from the byte before it.
    const end = part === parts ? size : ideal <= start ? start : await afterNextNewline(source, ideal - 1);
    if (end <= start) continue;
    ranges.push({ start, end });
    start = end;
  }
  return ranges;
}

/**
 * The lines of [start, end), which must begin at a line start, in batches of one chunk of `chunkBytes` each. Lines
 * inside a chunk are views, not copies. A carriage return before the newline and a byte order mark at offset 0 are
 * left out. A source that ends early gives the lines it has.
 */
export async function* readLines(source: ByteSource, start = 0, end = source.byteLength, chunkBytes = CHUNK): AsyncGenerator<LineBatch> {
  let pending: Uint8Array[] = [];
  let pendingLength = 0;
  let lineStart = start;
  let count = 0;

  const takeLine = (last: Uint8Array, terminated: boolean): Line => {
    pending.push(last);
    let bytes = joinBytes(pending);
    pending = [];
    pendingLength = 0;
    if (bytes.length > 0 && bytes[bytes.length - 1] === RETURN) bytes = bytes.subarray(0, -1);
    let byteOffset = lineStart;
    if (lineStart === 0) {
      byteOffset = byteOrderMark(bytes);
      bytes = bytes.subarray(byteOffset);
    }
    count++;
    return { bytes, byteOffset, line: count, terminated };
  };

  const read = (at: number): Promise<Uint8Array> | null => {
    if (at >= end) return null;
    const chunk = source.read(at, Math.min(at + chunkBytes, end));
    // It is awaited only if somebody asks for more lines.
    chunk.catch(() => undefined);
    return chunk;
  };
  let ahead = read(start);
  for (let at = start; ahead !== null;) {
    const chunk: Uint8Array = await ahead;
    if (chunk.length === 0) break;
    // The next chunk is read while this one's lines are parsed.
    ahead = read(at + chunk.length);
    const lines: Line[] = [];
    let from = 0;
    for (const found of lineEnds(chunk)) {
      lines.push(takeLine(chunk.subarray(from, found), true));
      from = found + 1;
      lineStart = at + from;
    }
    if (from < chunk.length) {
      pending.push(chunk.subarray(from));
      pendingLength += chunk.length - from;
    }
    at += chunk.length;
    if (lines.length > 0) yield { lines, count, nextOffset: lineStart };
  }
  if (pendingLength > 0) {
    const nextOffset = lineStart + pendingLength;
    const line = takeLine(new Uint8Array(0), false);
    yield { lines: [line], count, nextOffset };
  }
}
