/** Unpacks a stream piece by piece, as far as it can be read: what containers of one stream have in common. */
import { joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Inflated } from './container.ts';

/** Of the file, and of what is unpacked before it is handed on. */
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

/**
 * In order, and no more at once than comes of a few pieces. Throws only where the source does.
 *
 * @param start makes an unpacker that hands its bytes to `take`. @param pieceBytes how much of the file it is given at once
 */
export async function* unpackStream(
  source: ByteSource,
  start: (take: (bytes: Uint8Array) => void) => Unpacker,
  pieceBytes = PIECE,
): AsyncGenerator<Inflated> {
  const size = source.byteLength;
  let ready: Uint8Array[] = [];
  let readyBytes = 0;
  const stream = start((bytes) => {
    if (bytes.length > 0) ready.push(bytes);
    readyBytes += bytes.length;
  });
  for (let at = 0; at < size; at += CHUNK) {
    const wanted = Math.min(CHUNK, size - at);
    const chunk = await source.read(at, at + wanted);
    for (let i = 0; i < wanted; i += pieceBytes) {
      const end = Math.min(i + pieceBytes, wanted);
      const isLast = at + end === size;
      const held = stream.held ?? 0;
      let fault: string | null = null;
      try {
        if (chunk.length < end) fault = `the file has become shorter: it ends at byte ${written(at + chunk.length)}`;
        else stream.push(chunk.subarray(i, end), isLast);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        fault =
          isLast && isEnd(error)
            ? `the file ends at byte ${written(size)}, inside the stream`
            : `${reason} between bytes ${written(at + i - held)} and ${written(at + end)} of the file`;
      }
      if (readyBytes >= CHUNK || end === wanted || fault !== null) {
        for (const bytes of joined(ready)) yield { bytes, read: at + end, fault: null };
        ready = [];
        readyBytes = 0;
      }
      if (fault === null) continue;
      yield { bytes: new Uint8Array(0), read: at + end, fault };
      return;
    }
  }
}

/** What is told of bytes [start, end) of a file, whose content has another checksum or length than they give it. */
export function changed({ start, end }: { readonly start: number; readonly end: number }, read: number): Inflated {
  const fault = `bytes ${written(start)} to ${written(end)} have another checksum or length than they name: what they hold has changed`;
  return { bytes: new Uint8Array(0), read, fault };
}

/** Copies of the pieces, small ones as one: whoever takes them pays for each. */
function* joined(pieces: readonly Uint8Array[]): Generator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < pieces.length;) {
    let to = from;
    for (let bytes = 0; to < pieces.length && bytes < CHUNK; to++) bytes += pieces[to]?.length ?? 0;
    yield Uint8Array.from(joinBytes(pieces.slice(from, to)));
    from = to;
  }
}

/** Both libraries say so where the bytes end too early. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && error.message === 'unexpected EOF';
}

export function written(count: number): string {
  return count.toLocaleString('en');
}
