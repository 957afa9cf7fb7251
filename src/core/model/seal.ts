/**
 * The checksum in the files that are Espalier's own: the last member of a JSON text is `sha256`, the SHA-256 of the bytes before the
 * comma in front of it. Who hashes is handed in, because core has no library for it.
 */

/** Hexadecimal digits of the SHA-256 of these bytes, one behind the other. */
export type Sha256 = (...pieces: readonly Uint8Array[]) => string;

/** Bytes of a text's end that hold the member, however it is set out. */
const LONGEST_END = 256;
const MEMBER = /,\s*"sha256":\s*"([0-9a-f]{64})"\s*\}\s*$/;

/** JSON text of an object with a member or more, with its checksum as the last one. What stands behind its bracket stays there. */
export function sealed(json: string, sha256: Sha256): string {
  const close = json.lastIndexOf('}');
  const before = json.slice(0, close).trimEnd();
  const gap = json.slice(before.length, close);
  const hash = sha256(new TextEncoder().encode(before));
  return `${before},${gap === '' ? '' : `${gap}  `}"sha256":${gap === '' ? '' : ' '}"${hash}"${json.slice(before.length)}`;
}

/** Why the bytes are not what was written, in words that follow "expected"; null where their checksum fits. */
export function sealFault(bytes: Uint8Array, sha256: Sha256): { readonly expected: string; readonly found: string } | null {
  const from = Math.max(0, bytes.length - LONGEST_END);
  // One unit for each byte, so that places in the text are places in the bytes.
  const end = String.fromCharCode(...bytes.subarray(from));
  const member = MEMBER.exec(end);
  if (member === null) return { expected: 'a checksum as the last member, "sha256"', found: 'none' };
  const hash = sha256(bytes.subarray(0, from + member.index));
  if (hash === member[1]) return null;
  return {
    expected: 'the bytes that its checksum was made of',
    found: 'others: it has been changed, or was cut off, since it was written',
  };
}

/** Bytes that a binary file ends in: the SHA-256 of all before them. */
export const SEAL_BYTES = 32;

/** The checksum as the bytes that a binary file ends in. */
export function sealBytes(hash: string): Uint8Array {
  return Uint8Array.from({ length: SEAL_BYTES }, (_, i) => Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16));
}

/** Whether a binary file ends in the checksum of what stands before it. */
export function isSealed(bytes: Uint8Array, sha256: Sha256): boolean {
  if (bytes.length < SEAL_BYTES) return false;
  const content = bytes.subarray(0, bytes.length - SEAL_BYTES);
  const seal = sealBytes(sha256(content));
  return bytes.subarray(content.length).every((byte, i) => byte === seal[i]);
}
