/** Says from a file's first bytes what kind of container it is: lines, one JSON document, or something to unpack first. */
import { byteOrderMark, isBlankByte } from '../../base/bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { numberListsOf } from './number-lists.ts';

/**
 * `lines`: one JSON value per line. `document`: one JSON value over the whole file (also when it has one line only).
 * `lfs`: a Git LFS pointer that stands in for the real file. `utf16` and `binary` cannot be read as logs.
 */
export type Container = 'empty' | 'lines' | 'document' | 'gzip' | 'zstd' | 'zip' | 'parquet' | 'lfs' | 'utf16' | 'binary';

const HEAD = 1 << 16;
const STEP = 1 << 20;
const LFS = 'version https://git-lfs';
const MAGIC: readonly (readonly [Container, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['utf16', [0xff, 0xfe]],
  ['utf16', [0xfe, 0xff]],
];

/** Looks at as much of the source as its first line needs. */
export async function sniff(source: ByteSource): Promise<Container> {
  const head = await source.read(0, Math.min(HEAD, source.byteLength));
  for (const [container, magic] of MAGIC) if (magic.every((byte, index) => head[index] === byte)) return container;
  let first: number = byteOrderMark(head);
  while (first < head.length && isBlankByte(head[first] ?? 0)) first++;
  if (first === head.length) return source.byteLength > head.length ? 'lines' : 'empty';
  if (String.fromCharCode(...head.subarray(first, first + LFS.length)) === LFS) return 'lfs';
  // JSON text has no zero bytes: control characters are escaped in strings.
  if (head.includes(0)) return 'binary';
  const opener = head[first];
  return opener === 0x7b || opener === 0x5b ? linesOrDocument(source, first) : 'lines';
}

/**
 * The first line decides: a complete value with something behind it makes lines, a value that goes on over the line end
 * makes a document. A line end inside a string, or a `{` where only a key may stand, is no JSON at all: then the first
 * line is a broken record and the file still has lines.
 */
async function linesOrDocument(source: ByteSource, from: number): Promise<Container> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let complete = false;
  let broken = false;
  let before = 0;
  for (let at = from; at < source.byteLength; at += STEP) {
    const chunk = await source.read(at, Math.min(at + STEP, source.byteLength));
    const lists = numberListsOf(chunk);
    let lineEnd = nextLineEnd(chunk, 0);
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (complete || broken) {
        if (isBlankByte(byte)) continue;
        // After a complete first value anything more makes lines; after an open one, a second opening brace does
        // where the object's own grammar asks for a key.
        if (complete) return 'lines';
        return byte === 0x7b && before !== 0x3a && before !== 0x5b && before !== 0x2c ? 'lines' : 'document';
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
        else if (byte === 0x0a) return 'lines';
        continue;
      }
      // Lists of numbers, of which logs of token ids are full.
      const end = byte === 0x5b && depth > 0 && lists ? lists.endOf(i + 1) : -1;
      if (end >= 0) {
        if (lineEnd < i) lineEnd = nextLineEnd(chunk, i);
        if (end <= lineEnd) {
          i = end - 1;
          before = 0x5d;
          continue;
        }
      }
      if (byte === 0x0a && depth > 0) broken = true;
      if (isBlankByte(byte)) continue;
      before = byte;
      if (byte === 0x22) inString = true;
      else if (byte === 0x7b || byte === 0x5b) depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        depth--;
        complete = depth <= 0;
      }
    }
  }
  return 'document';
}

function nextLineEnd(chunk: Uint8Array, from: number): number {
  const found = chunk.indexOf(0x0a, from);
  return found < 0 ? chunk.length : found;
}
