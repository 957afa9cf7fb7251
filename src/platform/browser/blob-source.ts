/** A File or Blob as a byte source. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputHandle } from '../../engine/pool.ts';

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    byteLength: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

export function openHandle(handle: InputHandle): Promise<ByteSource> {
  if ('bytes' in handle) return Promise.resolve(bytesSource('bytes', handle.bytes));
  if (!('blob' in handle) || !(handle.blob instanceof Blob)) throw new Error('expected a Blob, found a path');
  return Promise.resolve(blobSource('blob', handle.blob));
}
