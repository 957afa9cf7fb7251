/** A File or Blob as a byte source. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputHandle } from '../../engine/pool.ts';

/**
 * A File stands for what lies on the disk: where that has changed, the browser mostly refuses to read it, though not where it was
 * written within the same second. A Blob in memory does not change.
 */
export function blobSource(name: string, blob: Blob): ByteSource {
  const source: ByteSource = {
    name,
    byteLength: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
  if (!(blob instanceof File)) return source;
  return { ...source, now: async () => ({ byteLength: blob.size, modified: null, touched: null }) };
}

export function openHandle(handle: InputHandle): Promise<ByteSource> {
  if ('bytes' in handle) return Promise.resolve(bytesSource('bytes', handle.bytes));
  if (!('blob' in handle) || !(handle.blob instanceof Blob)) throw new Error('expected a Blob, found a path');
  return Promise.resolve(blobSource('blob', handle.blob));
}
