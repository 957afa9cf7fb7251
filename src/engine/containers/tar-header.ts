/**
 * Heads of members in tar archives: ustar, with pax records and GNU's long names.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */

export const BLOCK = 512;

/** `kind`: a file, something without bytes of interest, text about the next member, or the end of the archive. */
export interface TarHeader {
  readonly kind: 'file' | 'other' | 'pax' | 'long-name' | 'sparse' | 'end';
  readonly name: string;
  /** Bytes that follow, without what fills their last block. */
  readonly size: number;
}

const CHECKSUM = { start: 148, end: 156 };
const MAGIC = { start: 257, end: 262 };

/** Null: no head, by its checksum. @param block of 512 bytes */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < BLOCK) return null;
  if (block.every((byte) => byte === 0)) return { kind: 'end', name: '', size: 0 };
  if (!hasOwnChecksum(block)) return null;
  const size = numberIn(block, 124, 136);
  if (size === null) return null;
  const type = String.fromCharCode(block[156] ?? 0);
  const prefix = textIn(block, MAGIC.start, MAGIC.end) === 'ustar' && block[MAGIC.end] === 0 ? textIn(block, 345, 500) : '';
  const own = textIn(block, 0, 100);
  const name = prefix === '' ? own : `${prefix}/${own}`;
  // Old writers mark a folder by its name alone. Links and devices have no bytes, whatever they say.
  const isFolder = name.endsWith('/');
  if (type === '0' || type === '\0' || type === '7') return { kind: isFolder ? 'other' : 'file', name, size };
  if (type === 'x') return { kind: 'pax', name, size };
  if (type === 'L') return { kind: 'long-name', name, size };
  if (type === 'S') return { kind: 'sparse', name, size };
  const hasBytes = type === 'g' || type === 'K' || type === 'D' || type === 'V';
  return { kind: 'other', name, size: hasBytes ? size : 0 };
}

/** Whether the sum of all bytes, those of the sum counted as blanks, is the one it names. Some old writers added signed bytes. */
export function hasOwnChecksum(block: Uint8Array): boolean {
  const named = numberIn(block, CHECKSUM.start, CHECKSUM.end);
  if (named === null || block.length < BLOCK) return false;
  let [sum, signed] = [0, 0];
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= CHECKSUM.start && i < CHECKSUM.end ? 0x20 : (block[i] ?? 0);
    sum += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return named === sum || named === signed;
}

/** The records of a pax head, `length key=value\n` each. What is none ends them. */
export function readPax(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(new TextDecoder().decode(bytes.subarray(at, space)));
    if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length) break;
    const text = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1));
    const equals = text.indexOf('=');
    if (equals > 0) records.set(text.slice(0, equals), text.slice(equals + 1));
    at += length;
  }
  return records;
}

export function textIn(bytes: Uint8Array, start: number, end: number): string {
  const field = bytes.subarray(start, end);
  const zero = field.indexOf(0);
  return new TextDecoder().decode(zero < 0 ? field : field.subarray(0, zero));
}

/** Octal digits between blanks and zeros; or, with the first bit set, GNU's number of 8 bits a byte. Null: neither. */
function numberIn(bytes: Uint8Array, start: number, end: number): number | null {
  const first = bytes[start] ?? 0;
  if (first === 0x80) {
    let value = 0;
    for (let i = start + 1; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const text = textIn(bytes, start, end).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text === '' ? '0' : text, 8) : null;
}
