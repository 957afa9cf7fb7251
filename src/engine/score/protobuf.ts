/** Reading protobuf messages field by field, without a schema and without copying. https://protobuf.dev/programming-guides/encoding/ */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface Field {
  readonly number: number;
  /** Value of a number; length-delimited fields span [from, to). */
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The fields of the message bytes[from .. to), or as far as they can be read; fixed-width numbers are passed over. */
export function* fieldsOf(bytes: Uint8Array, { from, to }: Span): Generator<Field> {
  const reader = new BinaryReader(bytes.subarray(from, to));
  try {
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      if (wire === WireType.Varint) {
        const value = Number(reader.uint64());
        yield { number, value, from: from + reader.pos, to: from + reader.pos };
      } else if (wire === WireType.LengthDelimited) {
        const length = reader.uint32();
        if (length > reader.len - reader.pos) return;
        reader.pos += length;
        yield { number, value: 0, from: from + reader.pos - length, to: from + reader.pos };
      } else reader.skip(wire, number);
    }
  } catch {
    // The message ends early, or is none.
  }
}

/** The numbers of a repeated field, whether they are packed into one span or stand alone. */
export function* numbersOf(bytes: Uint8Array, { from, to, value: alone }: Field): Generator<number> {
  if (from === to) {
    yield alone;
    return;
  }
  const reader = new BinaryReader(bytes.subarray(from, to));
  try {
    while (reader.pos < reader.len) yield Number(reader.uint64());
  } catch {
    // Cut short.
  }
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array, { from, to }: Span): string {
  return decoder.decode(bytes.subarray(from, to));
}
