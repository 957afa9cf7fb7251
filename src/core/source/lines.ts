/** Cuts a source of bytes into lines, and a file into line-aligned ranges that parallel workers can read on their own. */
import { byteOrderMark, isBlankByte, joinBytes } from '../../base/bytes.ts';
import type { ChunkBuffers } from './chunk-buffers.ts';
import type { ByteSource } from './byte-source.ts';
import { lineEnds } from './number-lists.ts';

/** Bytes [start, end) of a source. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Line {
  /**
   * Without its line end (LF or CRLF) and without a byte order mark; of a line whose rest nobody wants, its beginning. May be a
   * view into a larger buffer.
   */
  readonly bytes: Uint8Array;
  /** Of the first of `bytes` in the source; blanks that a very long line begins with are passed over. */
  readonly byteOffset: number;
  /** Of the line from there on, to its end. */
  readonly length: number;
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
const EMPTY = new Uint8Array(0);
const PROBE = 1 << 18;
/** Large enough that a chunk holds many records, small enough that several workers' chunks stay far below a tab's memory. */
export const CHUNK = 2 << 20;
/** Of a longer line only the beginning is held until its end is found; then it is read whole, if it is wanted. */
const HELD = 16 << 20;
/** Lines that are handed on at once, and their bytes: a chunk may hold millions, and each may come to much more than its bytes. */
const LINES_AT_ONCE = 1 << 14;
const BYTES_AT_ONCE = 1 << 18;

/** First byte after the first newline at or after `from`; the source's length where there is none. */
async function afterNextNewline(source: ByteSource, from: number): Promise<number> {
  for (let at = from; at < source.byteLength; at += PROBE) {
    const chunk = await source.read(at, Math.min(at + PROBE, source.byteLength));
    const [found] = lineEnds(chunk);
    if (found !== undefined) return at + found + 1;
  }
  return source.byteLength;
}

/** Of one range: large enough to amortise a job, small enough that several workers share a file and progress moves. */
export const RANGE_BYTES = 4 << 20;

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
 * The lines of [start, end), which must begin at a line start, in batches of one chunk of `chunkBytes` each, or of fewer bytes
 * where lines are many. Lines inside a chunk are views, not copies. A carriage return before the newline and a byte order mark at
 * offset 0 are left out. A source that ends early gives the lines it has.
 *
 * @param buffers what chunks are read into: then lines hold until the next batch is asked for
 * @param wants asked of a very long line, of which it is given the beginning, once its end is found: whether its rest is to be read
 */
export async function* readLines(
  source: ByteSource,
  start = 0,
  end = source.byteLength,
  chunkBytes = CHUNK,
  wants: (line: Line) => boolean = () => true,
  heldBytes = HELD,
  buffers?: ChunkBuffers,
): AsyncGenerator<LineBatch> {
  let pending: Uint8Array[] = [];
  let pendingLength = 0;
  /** Buffers that pieces of `pending` lie in. */
  let inUse: Uint8Array<ArrayBuffer>[] = [];
  let lineStart = start;
  let count = 0;
  let handedOn = start;

  let lastByte = 0;

  const hold = (piece: Uint8Array): void => {
    if (pendingLength <= heldBytes) pending.push(piece);
    pendingLength += piece.length;
    lastByte = piece.at(-1) ?? lastByte;
  };
  const letGo = (): void => {
    pending = [];
    pendingLength = 0;
    lastByte = 0;
    for (const buffer of inUse) buffers?.free(buffer);
    inUse = [];
  };
  const takeLine = (last: Uint8Array, terminated: boolean): Line => {
    hold(last);
    let length = pendingLength - Number(lastByte === RETURN);
    let bytes = joinBytes(pending);
    letGo();
    if (bytes.length > length) bytes = bytes.subarray(0, length);
    let byteOffset = lineStart;
    if (lineStart === 0) {
      byteOffset = byteOrderMark(bytes);
      bytes = bytes.subarray(byteOffset);
      length -= byteOffset;
    }
    count++;
    return { bytes, byteOffset, length, line: count, terminated };
  };
  const whole = async (line: Line): Promise<Line> =>
    wants(line) ? { ...line, bytes: await source.read(line.byteOffset, line.byteOffset + line.length) } : line;

  interface Ahead {
    readonly chunk: Promise<Uint8Array>;
    readonly buffer: Uint8Array<ArrayBuffer> | undefined;
  }
  const read = (at: number): Ahead | null => {
    if (at >= end) return null;
    const buffer = buffers?.take();
    const chunk = source.read(at, Math.min(at + chunkBytes, end), buffer);
    // It is awaited only if somebody asks for more lines.
    chunk.catch(() => undefined);
    return { chunk, buffer };
  };
  let ahead = read(start);
  for (let at = start; ahead !== null;) {
    const { buffer }: Ahead = ahead;
    const chunk: Uint8Array = await ahead.chunk;
    if (chunk.length === 0) break;
    // The next chunk is read while this one's lines are parsed.
    ahead = read(at + chunk.length);
    let lines: Line[] = [];
    let from = 0;
    for (const found of lineEnds(chunk)) {
      if (found === from && pendingLength === 0 && lineStart > 0) {
        lines.push({ bytes: EMPTY, byteOffset: lineStart, length: 0, line: ++count, terminated: true });
      } else {
        const line = takeLine(chunk.subarray(from, found), true);
        lines.push(line.bytes.length < line.length ? await whole(line) : line);
      }
      from = found + 1;
      lineStart = at + from;
      if (lines.length < LINES_AT_ONCE && lineStart - handedOn < BYTES_AT_ONCE) continue;
      yield { lines, count, nextOffset: lineStart };
      lines = [];
      handedOn = lineStart;
    }
    const before = from === 0 ? pendingLength : 0;
    if (from < chunk.length) hold(chunk.subarray(from));
    at += chunk.length;
    if (lines.length > 0) yield { lines, count, nextOffset: lineStart };
    if (buffer !== undefined && pending.at(-1)?.buffer === buffer.buffer) inUse.push(buffer);
    else if (buffer !== undefined) buffers?.free(buffer);
    handedOn = lineStart;
    if (before <= heldBytes && pendingLength > heldBytes && pending.every(isBlank)) {
      lineStart += pendingLength;
      letGo();
    }
  }
  if (pendingLength > 0) {
    const nextOffset = lineStart + pendingLength;
    const line = takeLine(new Uint8Array(0), false);
    yield { lines: [line.bytes.length < line.length ? await whole(line) : line], count, nextOffset };
  }
  buffers?.leave();
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(isBlankByte);
}
