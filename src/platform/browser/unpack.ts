/** Unpacks members of containers into Blobs, which the browser may keep on disk. */
import type { Unpack } from '../../engine/parts.ts';
import { blobSource } from './blob-source.ts';

/** Pieces are folded into one Blob now and then, so that the heap holds a few megabytes only. */
const FOLD_BYTES = 32 << 20;

export const unpack: Unpack = async (path, stream, onBytes, signal) => {
  let whole = new Blob([]);
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  let fault: string | null = null;
  for await (const { bytes, read, fault: found } of stream) {
    signal.throwIfAborted();
    fault ??= found;
    pieces.push(bytes);
    held += bytes.length;
    if (held >= FOLD_BYTES) {
      whole = new Blob([whole, ...pieces]);
      pieces = [];
      held = 0;
    }
    onBytes(read);
  }
  const blob = new Blob([whole, ...pieces]);
  return { file: { path, source: blobSource(path, blob), handle: { blob } }, fault };
};
