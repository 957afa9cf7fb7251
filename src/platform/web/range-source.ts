/**
 * A file at an address as a byte source: read by ranges, none twice in one thread, and what one thread has read goes with the file to
 * others. Blobs hold it, which the browser may keep on disk.
 */
import type { ByteSource, SourceState } from '../../core/source/byte-source.ts';
import { isRangeFile, type RangeFile } from '../../core/source/range-file.ts';
import { Unreadable } from '../../engine/readable.ts';
import { AddressFault } from './address-fault.ts';
import type { FetchFrom, FetchHow } from './fetch-from.ts';

/** Bytes that were read already, as they cross to another thread. */
interface HeldRange {
  readonly start: number;
  readonly blob: Blob;
}

/** A file for another thread, with what was read of it. */
export interface RangeHandle {
  readonly file: RangeFile;
  readonly held: readonly HeldRange[];
}

export interface RangeSource extends ByteSource {
  handle(): RangeHandle;
}

/** Bytes [start, end), once they are here. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly coming: Promise<Blob>;
  blob: Blob | null;
}

/** Where many small reads come, this much is asked for at once. */
const BLOCK = 1 << 16;
const RETRY_MS = 400;

export function isRangeHandle(value: unknown): value is RangeHandle {
  return typeof value === 'object' && value !== null && 'file' in value && 'held' in value && isRangeFile(value.file);
}

export interface RangeOptions {
  /** Reads are widened to multiples of so many bytes. */
  readonly block?: number;
  /** Where memory is short, who may let go of what was read; it is then asked for again. */
  readonly hold?: Hold;
}

export function rangeSource(
  name: string,
  { file, held }: RangeHandle,
  fetchFrom: FetchFrom,
  { block = BLOCK, hold }: RangeOptions = {},
): RangeSource {
  /** Sorted, none over another. */
  const pieces: Piece[] = held.map(({ start, blob }) => ({ start, end: start + blob.size, coming: Promise.resolve(blob), blob }));

  function ask(start: number, end: number): Piece {
    const coming = fetchRange(file, start, end, fetchFrom);
    const piece: Piece = { start, end, coming, blob: null };
    const drop = (): void => void pieces.splice(pieces.indexOf(piece), 1);
    pieces.push(piece);
    pieces.sort((a, b) => a.start - b.start);
    coming.then((blob) => {
      piece.blob = blob;
      if (hold === undefined) fold(pieces);
      else hold(blob.size, drop);
    }, drop);
    return piece;
  }

  /** Those that have bytes of [start, end); what is missing is asked for. */
  function cover(start: number, end: number): Piece[] {
    const found: Piece[] = [];
    const known = [...pieces];
    let at = start;
    while (at < end) {
      const own = known.find((each) => each.start <= at && at < each.end);
      if (own) {
        found.push(own);
        at = own.end;
        continue;
      }
      const before = known.findLast((each) => each.end <= at)?.end ?? 0;
      const after = known.find((each) => each.start > at)?.start ?? file.size;
      const from = Math.max(before, at - (at % block));
      const to = Math.min(after, Math.ceil(end / block) * block, file.size);
      found.push(ask(from, to));
      at = to;
    }
    return found;
  }

  const made: SourceState = stateOf(file.size, file.tag);
  return {
    name,
    byteLength: file.size,
    made,
    isFar: true,
    now: () => (file.isFixed === true ? Promise.resolve(made) : stateNow(file, fetchFrom)),
    async read(start, end) {
      const stop = Math.min(end, file.size);
      if (start >= stop) return new Uint8Array(0);
      const parts = await Promise.all(
        cover(start, stop).map(async (piece) =>
          (await piece.coming).slice(Math.max(0, start - piece.start), Math.max(0, Math.min(stop, piece.end) - piece.start)),
        ),
      );
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    },
    handle: () => ({ file, held: pieces.flatMap(({ start, blob }) => (blob === null ? [] : [{ start, blob }])) }),
  };
}

/** Takes note of bytes that are held, and lets go of the oldest by its `drop` where there are too many. */
export type Hold = (bytes: number, drop: () => void) => void;

/** Of several sources together. @param most bytes */
export function makeHold(most: number): Hold {
  const held: { readonly bytes: number; readonly drop: () => void }[] = [];
  let total = 0;
  return (bytes, drop) => {
    held.push({ bytes, drop });
    total += bytes;
    while (total > most) {
      const oldest = held.shift();
      total -= oldest?.bytes ?? 0;
      oldest?.drop();
    }
  };
}

/** Neighbours that are both here become one: a file that was read from end to end is one piece. */
function fold(pieces: Piece[]): void {
  for (let i = pieces.length - 1; i > 0; i--) {
    const [left, right] = [pieces[i - 1], pieces[i]];
    if (!left?.blob || !right?.blob || left.end !== right.start) continue;
    const blob = new Blob([left.blob, right.blob]);
    pieces.splice(i - 1, 2, { start: left.start, end: right.end, coming: Promise.resolve(blob), blob });
  }
}

/** What a host says of a file now. Rejects with Unreadable where it is gone, or does not say how long it is. */
export async function stateNow(file: RangeFile, fetchFrom: FetchFrom): Promise<SourceState> {
  // A request for a range is not answered compressed, of which the length would be another; this range is the whole.
  const { answer } = await asked(file, fetchFrom, { method: 'HEAD', headers: { Range: 'bytes=0-' } });
  const length = answer.headers.has('content-encoding') ? null : answer.headers.get('content-length');
  const told = sizeOf(answer) ?? (length === null ? null : Number(length));
  if (answer.ok && told !== null) return stateOf(told, tagOf(answer));
  // Some hosts answer GET alone.
  const { answer: first } = await asked(file, fetchFrom, { headers: { Range: 'bytes=0-0' } });
  void first.body?.cancel();
  const size = sizeOf(first);
  if (size === null) throw new Unreadable(`its host answers with status ${first.status}`);
  return stateOf(size, tagOf(first));
}

/** Of a host that tells no version its length alone says whether a file is another one. */
function stateOf(byteLength: number, tag: string | null): SourceState {
  const version = tag ?? String(byteLength);
  return { byteLength, modified: version, touched: version };
}

/** ETag, else when it was modified; of other hosts only what they let this page see. */
export function tagOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified');
}

/** Bytes of the whole file of which this is a range; null: the host does not say, or does not let this page see. */
export function sizeOf({ headers }: Response): number | null {
  const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

async function fetchRange(file: RangeFile, start: number, end: number, fetchFrom: FetchFrom): Promise<Blob> {
  const headers = { Range: `bytes=${start}-${end - 1}` };
  const refuse = (why: string): Unreadable => new Unreadable(`from byte ${start.toLocaleString('en')} on: ${why}`);
  const whole = async (): Promise<Blob> => {
    const { answer } = await asked(file, fetchFrom, { headers });
    const tag = tagOf(answer);
    const isOther = file.tag !== null && tag !== null && tag !== file.tag;
    if (answer.status === 206 && !isOther) return answer.blob();
    void answer.body?.cancel();
    if (isOther || answer.status === 200 || answer.status === 416) throw refuse('it has changed since it was opened');
    throw refuse(`its host answers with status ${answer.status}`);
  };
  let blob: Blob;
  try {
    blob = await whole().catch(async (error: unknown) => {
      if (error instanceof Unreadable || error instanceof AddressFault) throw error;
      await new Promise((done) => setTimeout(done, RETRY_MS));
      return whole();
    });
  } catch (error) {
    throw error instanceof Unreadable ? error : refuse(error instanceof AddressFault ? error.message : 'its host does not answer');
  }
  if (blob.size !== end - start) throw refuse('its host sent fewer bytes than it said');
  return blob;
}

function asked(file: RangeFile, fetchFrom: FetchFrom, how: Pick<FetchHow, 'method' | 'headers'>): ReturnType<FetchFrom> {
  const { headers = {}, ...rest } = how;
  return fetchFrom(new URL(file.address), {
    ...rest,
    headers: file.token === undefined ? headers : { ...headers, Authorization: `Bearer ${file.token}` },
    hosts: file.hosts,
    redirect: 'follow',
    signal: new AbortController().signal,
    isFresh: true,
  });
}
