/** Reading protobuf messages field by field, without a schema and without copying. https://protobuf.dev/programming-guides/encoding/ */

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
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < to; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < to) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { number, value: varint(), from: at, to: at };
    else if (wire === 2) {
      const length = varint();
      const start = at;
      if (start + length > to) return;
      at += length;
      yield { number, value: 0, from: start, to: at };
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
    } else return;
  }
}

/** The numbers of a repeated field, whether they are packed into one span or stand alone. */
export function* numbersOf(bytes: Uint8Array, { from, to, value: alone }: Field): Generator<number> {
  if (from === to) {
    yield alone;
    return;
  }
  let value = 0;
  let scale = 1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    yield value;
    value = 0;
    scale = 1;
  }
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array, { from, to }: Span): string {
  return decoder.decode(bytes.subarray(from, to));
}
