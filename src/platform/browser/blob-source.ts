/** A File or Blob as a byte source. */
import type { ByteSource } from '../../core/source/byte-source.ts';

/**
 * A File stands for what lies on the disk: where that has changed, the browser mostly refuses to read it, though not where it was
 * written within the same second. A Blob in memory does not change.
 */
export function blobSource(name: string, blob: Blob): ByteSource {
  const source: ByteSource = {
    name,
    byteLength: blob.size,
    async read(start, end) {
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (error) {
        throw error instanceof DOMException ? new Error(`${name} cannot be read: ${whyNot(error)}`) : error;
      }
    },
  };
  if (!(blob instanceof File)) return source;
  return { ...source, now: async () => ({ byteLength: blob.size, modified: null, touched: null }) };
}

/** What browsers say of it differs, and none says what happened. */
function whyNot({ name, message }: DOMException): string {
  if (name === 'NotAllowedError') return 'the browser may not read it any more; open it again to allow that';
  const isGone = name === 'NotFoundError' || name === 'NotReadableError';
  return isGone ? 'it was changed, moved or removed since it was opened, or may not be read any more; open it again' : message;
}
