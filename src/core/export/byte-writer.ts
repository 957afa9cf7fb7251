/** JSON text as bytes in one growing array: whole numbers, repeated entries and copies without a string on the way. */
import { grown } from '../../base/growable.ts';

export interface ByteWriter {
  data: Uint8Array<ArrayBuffer>;
  /** Bytes written; whoever sets it back drops what is behind. */
  length: number;
}

const encoder = new TextEncoder();
/** The two digits of each number below 100. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => 48 + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10));
const COMMA = 44;
/** Of an Int32 with its sign and a comma. */
const LONGEST_ENTRY = 12;

export function makeByteWriter(capacity = 1 << 12): ByteWriter {
  return { data: new Uint8Array(capacity), length: 0 };
}

function reserve(writer: ByteWriter, bytes: number): Uint8Array<ArrayBuffer> {
  writer.data = grown(writer.data, writer.length + bytes);
  return writer.data;
}

export function writeText(writer: ByteWriter, text: string): void {
  // A UTF-16 unit takes at most three bytes.
  const data = reserve(writer, 3 * text.length);
  writer.length += encoder.encodeInto(text, data.subarray(writer.length)).written;
}

/** Drops the last byte: the comma behind a list's last entry. */
export function dropLast(writer: ByteWriter): void {
  writer.length--;
}

/** `values[from .. to)` as entries of a list, a comma behind each. */
export function writeIntegers(writer: ByteWriter, values: Int32Array, from: number, to: number): void {
  let data = reserve(writer, (to - from) * LONGEST_ENTRY);
  let at = writer.length;
  for (let i = from; i < to; i++) {
    let value = values[i];
    if (value < 0) {
      // No token has such an id, and the negative of the least Int32 is no Int32.
      writer.length = at;
      writeText(writer, `${value},`);
      data = writer.data;
      at = writer.length;
      continue;
    }
    if (value < 10) data[at++] = 48 + value;
    else if (value < 100) at = writePair(data, at, value);
    else {
      const end = at + digitsOf(value);
      let place = end;
      while (value >= 100) {
        const rest = (value / 100) | 0;
        place -= 2;
        writePair(data, place, value - rest * 100);
        value = rest;
      }
      if (value < 10) data[at] = 48 + value;
      else writePair(data, at, value);
      at = end;
    }
    data[at++] = COMMA;
  }
  writer.length = at;
}

function writePair(data: Uint8Array, at: number, value: number): number {
  data[at] = PAIRS[2 * value];
  data[at + 1] = PAIRS[2 * value + 1];
  return at + 2;
}

function digitsOf(value: number): number {
  if (value < 100_000) return value < 1000 ? 3 : value < 10_000 ? 4 : 5;
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7;
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
}

/** `entry`, which is ASCII, `count` times. */
export function writeRepeated(writer: ByteWriter, entry: string, count: number): void {
  const { length } = entry;
  const data = reserve(writer, length * count);
  const start = writer.length;
  const end = start + length * count;
  if (count > 0) for (let i = 0; i < length; i++) data[start + i] = entry.charCodeAt(i);
  // What is there is copied behind itself, twice as much each time.
  for (let done = length; start + done < end; done *= 2) data.copyWithin(start + done, start, Math.min(start + done, end - done));
  writer.length = end;
}

/** The first `length` bytes of `bytes`. */
export function writeBytes(writer: ByteWriter, bytes: Uint8Array, length: number): void {
  reserve(writer, length).set(bytes.subarray(0, length), writer.length);
  writer.length += length;
}

export function writeByte(writer: ByteWriter, byte: number): void {
  reserve(writer, 1)[writer.length++] = byte;
}

/** The next `bytes` bytes, to be filled in at once. */
export function reserveBytes(writer: ByteWriter, bytes: number): DataView {
  const view = new DataView(reserve(writer, bytes).buffer, writer.length, bytes);
  writer.length += bytes;
  return view;
}
