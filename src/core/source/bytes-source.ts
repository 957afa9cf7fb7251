/** Bytes in memory as a source: pasted text, standard input, tests. */
import type { ByteSource } from './byte-source.ts';

export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { name, byteLength: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, Math.min(end, bytes.length))) };
}
