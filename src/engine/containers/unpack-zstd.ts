/** Zstandard as it is unpacked wherever it is met: frames of a file, and members of archives. */
import { createXXHash64 } from 'hash-wasm';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Inflated } from './container.ts';
import { changed, unpackStream } from './stream.ts';
import { zstdFrames, type FrameHash, type FramePlace } from './zstd-frames.ts';

/** A block of five bytes may hold 128 KiB: so little is unpacked at once. */
const PIECE = 1 << 9;

/** One frame after the other, in order. Throws only where the source does. */
export async function* unpackZstd(source: ByteSource): AsyncGenerator<Inflated> {
  const hash = await frameHash();
  const others: FramePlace[] = [];
  const unpacked = unpackStream(source, (take) => zstdFrames(take, hash, (frame) => void others.push(frame)), PIECE);
  for await (const some of unpacked) {
    yield some;
    for (const frame of others.splice(0)) yield changed(frame, some.read);
  }
  for (const frame of others) yield changed(frame, source.byteLength);
}

async function frameHash(): Promise<FrameHash> {
  const hasher = await createXXHash64();
  return {
    init: () => void hasher.init(),
    update: (bytes) => void hasher.update(bytes),
    digest() {
      const { buffer, byteOffset } = hasher.digest('binary');
      return new DataView(buffer, byteOffset).getUint32(4);
    },
  };
}
