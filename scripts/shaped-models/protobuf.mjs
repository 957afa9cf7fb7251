/** Writes protobuf messages. https://protobuf.dev/programming-guides/encoding/ */

const [VARINT, LENGTH, BIT32] = [0, 2, 5];
const encoder = new TextEncoder();

/** One message: its fields in the order in which they are added. */
export class Message {
  #pieces = [];

  #varint(value) {
    const bytes = [];
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    this.#pieces.push(Uint8Array.of(...bytes, rest));
  }

  number(field, value) {
    this.#varint(field * 8 + VARINT);
    // Negative numbers are of 64 bits in two's complement.
    if (value >= 0) this.#varint(value);
    else {
      const bits = BigInt.asUintN(64, BigInt(value));
      this.#pieces.push(Uint8Array.from({ length: 10 }, (_, i) => Number((bits >> BigInt(7 * i)) & 127n) | (i < 9 ? 128 : 0)));
    }
  }

  float(field, value) {
    this.#varint(field * 8 + BIT32);
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setFloat32(0, value, true);
    this.#pieces.push(new Uint8Array(bytes.buffer));
  }

  bytes(field, value) {
    this.#varint(field * 8 + LENGTH);
    this.#varint(value.length);
    this.#pieces.push(value);
  }

  text(field, value) {
    this.bytes(field, encoder.encode(value));
  }

  message(field, fill) {
    const inner = new Message();
    fill(inner);
    this.bytes(field, inner.finish());
  }

  finish() {
    return joined(this.#pieces);
  }
}

/** The pieces in one; also in a browser, which has no Buffer. */
export function joined(pieces) {
  const all = [...pieces];
  const whole = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
