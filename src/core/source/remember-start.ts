/** A source whose beginning is read once, whoever asks for it and how often. */
import { joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { CHUNK } from './lines.ts';

const MOST = 32 << 20;

/** Holds chunks of the first `most` bytes that were asked for; what lies beyond is read anew each time. */
export function rememberStart(source: ByteSource, most = MOST, chunkBytes = CHUNK): ByteSource {
  const chunks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
  const held = Math.min(source.byteLength, Math.floor(most / chunkBytes) * chunkBytes);
  const chunkAt = (at: number): Promise<Uint8Array<ArrayBuffer>> => {
    let chunk = chunks.get(at);
    if (!chunk) chunks.set(at, (chunk = source.read(at, Math.min(at + chunkBytes, held))));
    return chunk;
  };
  return {
    name: source.name,
    byteLength: source.byteLength,
    async read(start, end) {
      if (start >= held) return source.read(start, end);
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for (let at = Math.floor(start / chunkBytes) * chunkBytes; at < Math.min(end, held); at += chunkBytes)
        pieces.push((await chunkAt(at)).subarray(Math.max(0, start - at), end - at));
      if (end > held) pieces.push(await source.read(held, end));
      const [only] = pieces;
      return pieces.length === 1 && only ? only : joinBytes(pieces).slice();
    },
  };
}
