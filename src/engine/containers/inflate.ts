/** Streams the bytes inside a .gz or .zst file: several members or frames, one after the other, as far as they can be read. */
import { Gunzip } from 'fflate';
import { joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { zstdFrames } from './zstd-frames.ts';

const CHUNK = 1 << 20;
/** Bytes that the library is given at once: where it fails, what it has not handed out of these is lost. */
const PIECE = 1 << 14;
/** The last bytes of a gzip member: the length of what is in it, modulo 2^32. */
const LENGTH_BYTES = 4;
/** No gzip member is shorter: a head of 10 bytes, an empty block, a checksum and the length. */
const SHORTEST_MEMBER = 20;

export type Compression = 'gzip' | 'zstd';

/** Bytes that were unpacked, with the file read up to `read`. `fault`: why nothing more can be unpacked, on the last of them; else null. */
export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly read: number;
  readonly fault: string | null;
}

/** In order. Throws only where the source does. */
export async function* inflate(source: ByteSource, compression: Compression): AsyncGenerator<Inflated> {
  const size = source.byteLength;
  let ready: Uint8Array[] = [];
  let made = 0;
  let member = 0;
  const stream = unpacker(
    compression,
    (bytes) => {
      if (bytes.length > 0) ready.push(bytes);
      made += bytes.length;
    },
    (offset) => {
      member = offset;
      made = 0;
    },
  );
  for (let at = 0; at < size; at += CHUNK) {
    const chunk = await source.read(at, Math.min(at + CHUNK, size));
    let fault: string | null = null;
    for (let i = 0; i < chunk.length && fault === null; i += PIECE) {
      const end = Math.min(i + PIECE, chunk.length);
      const isLast = at + end === size;
      const held = stream.held ?? 0;
      try {
        stream.push(chunk.subarray(i, end), isLast);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        fault =
          isLast && isEnd(error)
            ? `the file ends at byte ${written(size)}, inside the stream`
            : `${reason} between bytes ${written(at + i - held)} and ${written(at + end)} of the file`;
      }
    }
    for (const bytes of joined(ready)) yield { bytes, read: at + chunk.length, fault: null };
    ready = [];
    if (fault !== null) {
      yield { bytes: new Uint8Array(0), read: at + chunk.length, fault };
      return;
    }
  }
  // The library takes a member for complete whose last bytes, or the first of the next member, are missing or followed by a few others.
  if (
    compression === 'gzip' &&
    (size - member < SHORTEST_MEMBER || made % 2 ** 32 !== lengthOf(await source.read(size - LENGTH_BYTES, size)))
  ) {
    yield { bytes: new Uint8Array(0), read: size, fault: `the file ends at byte ${written(size)} without the length of what was unpacked` };
  }
}

interface Stream {
  push(bytes: Uint8Array, isLast: boolean): void;
  /** Bytes of earlier pushes that are still to be looked at. */
  readonly held?: number;
}

/** @param onMember told of each further gzip member, and where it begins, before the first bytes of it. */
function unpacker(compression: Compression, take: (bytes: Uint8Array) => void, onMember: (offset: number) => void): Stream {
  if (compression === 'zstd') return zstdFrames(take);
  const gunzip = new Gunzip((bytes) => take(bytes));
  gunzip.onmember = onMember;
  return gunzip;
}

/** Copies of the pieces, small ones as one: whoever takes them pays for each. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const groups: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < pieces.length;) {
    let to = from;
    for (let bytes = 0; to < pieces.length && bytes < CHUNK; to++) bytes += pieces[to]?.length ?? 0;
    groups.push(Uint8Array.from(joinBytes(pieces.slice(from, to))));
    from = to;
  }
  return groups;
}

/** Both libraries say so where the bytes end too early. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && error.message === 'unexpected EOF';
}

function lengthOf(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function written(count: number): string {
  return count.toLocaleString('en');
}
