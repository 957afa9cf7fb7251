/**
 * What a ZIP archive says of its members: the central directory at its end, and where that is missing what stands before each member.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.5.3
 */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { written } from './stream.ts';

export interface ZipEntry {
  readonly name: string;
  /** Its local header's first byte. */
  readonly at: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Null: unknown, because it is told behind the member. */
  readonly checksum: number | null;
  readonly packed: number;
  readonly length: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** A comment of 65,535 bytes may follow the end record; the locator of ZIP64 stands before it. */
const TAIL = END_BYTES + 0xffff + 20;
const CHUNK = 1 << 20;
const UNKNOWN = 0xffffffff;

/** Where the central directory lies; null: there is none, or none that fits in the file. */
async function directoryOf(source: ByteSource): Promise<{ start: number; end: number } | null> {
  const from = Math.max(0, source.byteLength - TAIL);
  const tail = viewOf(await source.read(from, source.byteLength));
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + END_BYTES + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    let [size, start] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    let end = from + at;
    if (at >= 20 && tail.getUint32(at - 20, true) === LOCATOR64) {
      const place = Number(tail.getBigUint64(at - 12, true));
      const record = viewOf(await source.read(place, place + 56));
      if (record.byteLength < 56 || record.getUint32(0, true) !== END64) return null;
      [size, start] = [Number(record.getBigUint64(40, true)), Number(record.getBigUint64(48, true))];
      end = place;
    }
    if (start + size <= end) return { start, end: start + size };
  }
  return null;
}

/** As the central directory lists them, as far as it can be read; `fault` on the way out, or null. */
export async function* zipEntries(source: ByteSource): AsyncGenerator<ZipEntry, string | null> {
  const directory = await directoryOf(source);
  if (directory === null) return yield* localEntries(source);
  let at = directory.start;
  for (let bytes = new Uint8Array(0), from = at; at < directory.end;) {
    const need = async (count: number): Promise<DataView | null> => {
      if (at + count > from + bytes.length) {
        bytes = await source.read(at, Math.min(directory.end, at + Math.max(count, CHUNK)));
        from = at;
      }
      return bytes.length < at - from + count ? null : viewOf(bytes.subarray(at - from, at - from + count));
    };
    const fixed = await need(CENTRAL_BYTES);
    if (fixed === null || fixed.getUint32(0, true) !== CENTRAL) return `no entry of the central directory at byte ${written(at)}`;
    const [nameBytes, extraBytes, comment] = [fixed.getUint16(28, true), fixed.getUint16(30, true), fixed.getUint16(32, true)];
    const whole = await need(CENTRAL_BYTES + nameBytes + extraBytes);
    if (whole === null) return `the central directory ends inside the entry at byte ${written(at)}`;
    const sizes = { length: whole.getUint32(24, true), packed: whole.getUint32(20, true), at: whole.getUint32(42, true) };
    yield {
      name: nameIn(whole, CENTRAL_BYTES, nameBytes),
      method: whole.getUint16(10, true),
      isEncrypted: (whole.getUint16(8, true) & 1) === 1,
      checksum: whole.getUint32(16, true),
      ...withZip64(whole, CENTRAL_BYTES + nameBytes, extraBytes, sizes),
    };
    at += CENTRAL_BYTES + nameBytes + extraBytes + comment;
  }
  return null;
}

/** Where the directory is missing, members that tell their length before their bytes. */
async function* localEntries(source: ByteSource): AsyncGenerator<ZipEntry, string> {
  const missing = `no central directory in the ${written(source.byteLength)} bytes of the file: its end is missing`;
  for (let at = 0; at < source.byteLength;) {
    const header = await localHeader(source, at);
    if (header === null) return missing;
    const { entry, dataStart, isTold } = header;
    if (!isTold) return `${missing}, and the member at byte ${written(at)} does not say how long it is`;
    yield entry;
    at = dataStart + entry.packed;
  }
  return missing;
}

/** What stands before a member's bytes, and where those begin; null: nothing that could. */
export async function localHeader(
  source: ByteSource,
  at: number,
): Promise<{ readonly entry: ZipEntry; readonly dataStart: number; readonly isTold: boolean } | null> {
  const fixed = viewOf(await source.read(at, at + LOCAL_BYTES));
  if (fixed.byteLength < LOCAL_BYTES || fixed.getUint32(0, true) !== LOCAL) return null;
  const [nameBytes, extraBytes] = [fixed.getUint16(26, true), fixed.getUint16(28, true)];
  const dataStart = at + LOCAL_BYTES + nameBytes + extraBytes;
  const rest = viewOf(await source.read(at + LOCAL_BYTES, dataStart));
  if (rest.byteLength < nameBytes + extraBytes) return null;
  const flags = fixed.getUint16(6, true);
  const sizes = { length: fixed.getUint32(22, true), packed: fixed.getUint32(18, true), at: 0 };
  const entry = {
    name: nameIn(rest, 0, nameBytes),
    method: fixed.getUint16(8, true),
    isEncrypted: (flags & 1) === 1,
    checksum: fixed.getUint32(14, true),
    ...withZip64(rest, nameBytes, extraBytes, sizes),
    at,
  };
  // Bit 3: checksum and lengths follow the member.
  return { entry, dataStart, isTold: (flags & 8) === 0 || entry.packed > 0 };
}

interface Sizes {
  readonly length: number;
  readonly packed: number;
  readonly at: number;
}

/** The fields that 32 bits cannot hold, from the extra field 1: only those that are all ones, in this order. */
function withZip64(view: DataView, start: number, bytes: number, sizes: Sizes): Sizes {
  const large = { ...sizes };
  for (let at = start; at + 4 <= start + bytes;) {
    const [id, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + size, start + bytes);
    let field = at + 4;
    if (id === 1)
      for (const key of ['length', 'packed', 'at'] as const) {
        if (large[key] !== UNKNOWN || field + 8 > end) continue;
        large[key] = Number(view.getBigUint64(field, true));
        field += 8;
      }
    at += 4 + size;
  }
  return large;
}

/** UTF-8, which writers of logs use whether or not they say so. */
function nameIn(view: DataView, at: number, bytes: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, bytes));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
