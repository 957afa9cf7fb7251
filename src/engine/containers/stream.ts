/** Unpacks a stream piece by piece, as far as it can be read: what containers of one stream have in common. */
import { joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Inflated } from './container.ts';

const CHUNK = 1 << 20;
/** Bytes that the library is given at once: where it fails, what it has not handed out of these is lost. */
const PIECE = 1 << 14;

/** What a library is to this file. */
export interface Unpacker {
  /** Throws where the bytes are none of its own, or end too early with `isLast`. */
  push(bytes: Uint8Array, isLast: boolean): void;
  /** Bytes of earlier pushes that are still to be looked at. */
  readonly held?: number;
}

/** In order. Throws only where the source does. @param start makes an unpacker that hands its bytes to `take` */
export async function* unpackStream(source: ByteSource, start: (take: (bytes: Uint8Array) => void) => Unpacker): AsyncGenerator<Inflated> {
  const size = source.byteLength;
  let ready: Uint8Array[] = [];
  const stream = start((bytes) => {
    if (bytes.length > 0) ready.push(bytes);
  });
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

export function written(count: number): string {
  return count.toLocaleString('en');
}
