/** A stream as one Blob, which the browser may keep on disk. */

/** Pieces are folded into one Blob now and then, so that the heap holds a few megabytes only. */
const FOLD_BYTES = 32 << 20;

/**
 * Reads `chunks` to their end, or until there are more than `most` bytes: then null.
 *
 * @param onBytes told how many have come
 */
export async function collectBlob(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  most: number,
  onBytes: (bytes: number) => void,
): Promise<Blob | null> {
  let whole = new Blob([]);
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    held += chunk.byteLength;
    const bytes = whole.size + held;
    if (bytes > most) return null;
    onBytes(bytes);
    if (held < FOLD_BYTES) continue;
    whole = new Blob([whole, ...pieces]);
    pieces = [];
    held = 0;
  }
  return new Blob([whole, ...pieces]);
}
