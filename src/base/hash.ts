/** Non-cryptographic hashes of text, for identities that travel between threads and stay the same on every machine. */

/** UTF-16 units of the text that is being hashed, and up to how many the buffer is kept. */
let scratch = new Uint16Array(1 << 12);
const KEPT = 1 << 20;

/** 32 hexadecimal digits. Four multiply-xor lanes over UTF-16 code units, finished with the length mixed in. */
export function hash128(text: string): string {
  let units = scratch;
  if (text.length > units.length) {
    units = new Uint16Array(text.length);
    if (text.length <= KEPT) scratch = units;
  }
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return hash128Of(units, text.length);
}

/** `hash128` of the text whose units are `units[0 .. length)`. */
export function hash128Of(units: Uint16Array, length: number): string {
  let a = 0x9e3779b9,
    b = 0x85ebca6b,
    c = 0xc2b2ae35,
    d = 0x27d4eb2f;
  for (let i = 0; i < length; i++) {
    const unit = units[i];
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) ^ (a >>> 15);
    c = Math.imul(c ^ unit ^ (b >>> 13), 0x1b873593);
    d = Math.imul(d ^ (unit + i), 0xcc9e2d51) ^ (c >>> 16);
  }
  return hashOfLanes(a, b, c, d, length);
}

/** `hash128Of` of that many units, whose lanes are these. */
export function hashOfLanes(a: number, b: number, c: number, d: number, length: number): string {
  const lane = (value: number, salt: number): string => hex(mix32(value ^ (length + salt)));
  return lane(a, 1) + lane(b ^ a, 2) + lane(c ^ b, 3) + lane(d ^ c, 4);
}

/**
 * A running hash of texts in two independent 32-bit lanes (multiply-xor with a rotation). Every text is followed by its
 * length, so that moving a border between two texts changes the hash.
 */
export class TextHash {
  private a = 0x9747b28c | 0;
  private b = 0x3c6ef372 | 0;
  private length = 0;

  add(text: string): void {
    let a = this.a;
    let b = this.b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = (Math.imul((b << 13) | (b >>> 19), 5) + (unit ^ 0x6b43a9b5)) | 0;
    }
    this.a = a;
    this.b = b;
    this.length += text.length;
    this.addNumber(text.length);
  }

  addNumber(value: number): void {
    this.a = Math.imul(this.a ^ value, 0x85ebca6b);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b ^ Math.imul(value, 0xcc9e2d51), 0x1b873593);
    this.b ^= this.b >>> 13;
  }

  /** The same for each of a list. */
  addNumbers(values: ArrayLike<number>): void {
    let a = this.a;
    let b = this.b;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      a = Math.imul(a ^ value, 0x85ebca6b);
      a ^= a >>> 15;
      b = Math.imul(b ^ Math.imul(value, 0xcc9e2d51), 0x1b873593);
      b ^= b >>> 13;
    }
    this.a = a;
    this.b = b;
  }

  /** 16 hex digits and the number of UTF-16 units hashed. */
  digest(): string {
    return `${hex(mix32(this.a ^ this.length))}${hex(mix32(this.b ^ this.a))}-${this.length}`;
  }
}

/** The digest of one text. */
export function hashText(text: string): string {
  const hash = new TextHash();
  hash.add(text);
  return hash.digest();
}

/** The finaliser of MurmurHash3. */
export function mix32(lane: number): number {
  let value = lane;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

const BYTE_HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(lane: number): string {
  return BYTE_HEX[lane >>> 24] + BYTE_HEX[(lane >>> 16) & 255] + BYTE_HEX[(lane >>> 8) & 255] + BYTE_HEX[lane & 255];
}
