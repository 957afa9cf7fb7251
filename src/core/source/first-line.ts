/** Tells a file of JSON lines from one JSON document, by its first line. */
import { byteOrderMark, isBlankByte } from '../../base/bytes.ts';
import { numberListsOf } from './number-lists.ts';

/** Whether bytes begin with an object or a list, after a byte order mark and white space. */
export function opensJson(head: Uint8Array): boolean {
  const opener = head[firstByte(head)];
  return opener === 0x7b || opener === 0x5b;
}

/** Index of the first byte that is no byte order mark and no white space, or the length. */
export function firstByte(head: Uint8Array): number {
  let first: number = byteOrderMark(head);
  while (first < head.length && isBlankByte(head[first] ?? 0)) first++;
  return first;
}

/**
 * Follows a file's bytes, chunk after chunk, until it can be told; null: not yet, and a file that ends so is a document.
 *
 * The first line decides: a complete value with something behind it makes lines, a value that goes on over the line end
 * makes a document. A line end inside a string, or a `{` where only a key may stand, is no JSON at all: then the first
 * line is a broken record and the file still has lines.
 */
export function makeFirstLine(): (chunk: Uint8Array) => 'lines' | 'document' | null {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let complete = false;
  let broken = false;
  let before = 0;
  return (chunk) => {
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
    return null;
  };
}

function nextLineEnd(chunk: Uint8Array, from: number): number {
  const found = chunk.indexOf(0x0a, from);
  return found < 0 ? chunk.length : found;
}
