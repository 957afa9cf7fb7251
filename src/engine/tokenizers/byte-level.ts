/** Byte-level vocabularies write byte b as one printable character (GPT-2's table): the printable ones as themselves. */
const byteOf = new Map<string, number>();
for (let byte = 0, next = 256; byte < 256; byte++) {
  const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  byteOf.set(String.fromCodePoint(printable ? byte : next++), byte);
}

/** Bytes that a token of a byte-level vocabulary stands for; a character outside the table stands for `?`. */
export function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) bytes.push(byteOf.get(character) ?? 63);
  return Uint8Array.from(bytes);
}

/** The same, or null where a character is outside the table. */
export function exactBytes(token: string): number[] | null {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOf.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return bytes;
}
