/** A source that counts how often each of its bytes is read. */
import type { ByteSource } from '../../src/core/source/byte-source.ts';

export interface CountingSource extends ByteSource {
  /** byte -> times it was read */
  readonly counts: Uint8Array;
}

export function countingSource(name: string, bytes: Uint8Array<ArrayBuffer>): CountingSource {
  const counts = new Uint8Array(bytes.length);
  return {
    name,
    byteLength: bytes.length,
    counts,
    read(start, end) {
      for (let i = start; i < Math.min(end, bytes.length); i++) counts[i]!++;
      return Promise.resolve(bytes.slice(start, end));
    },
  };
}
