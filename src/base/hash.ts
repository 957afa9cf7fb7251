/** A 128-bit non-cryptographic hash of text, for identities that travel between threads. */

/** 32 hexadecimal digits. Four multiply-xor lanes over UTF-16 code units, finished with the length mixed in. */
export function hash128(text: string): string {
  let a = 0x9e3779b9, b = 0x85ebca6b, c = 0xc2b2ae35, d = 0x27d4eb2f;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) ^ (a >>> 15);
    c = Math.imul(c ^ unit ^ (b >>> 13), 0x1b873593);
    d = Math.imul(d ^ (unit + i), 0xcc9e2d51) ^ (c >>> 16);
  }
  const finish = (h: number, salt: number): string => {
    h ^= text.length + salt;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, '0');
  };
  return finish(a, 1) + finish(b ^ a, 2) + finish(c ^ b, 3) + finish(d ^ c, 4);
}
