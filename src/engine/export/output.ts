/** One file of an export: bytes gathered into large writes, packed where that is asked for, and hashed on their way. */
import { Gzip } from 'fflate';
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile } from '../answers/exporting.ts';
import { makeDigest } from './hash.ts';

const BUFFER = 1 << 20;

export interface Output {
  /** @returns null where the bytes were only put aside, which need not be waited for. */
  add(bytes: Uint8Array): Promise<void> | null;
  close(): Promise<Omit<ExportedFile, 'records'>>;
}

/** @param packs as gzip. The bytes are the same on all platforms, which those of the platforms' own packers are not. */
export async function openOutput(sink: ExportSink, name: string, packs = false): Promise<Output> {
  const digest = await makeDigest();
  const file = await sink.open(name);
  let length = 0;
  let buffer = new Uint8Array(BUFFER);
  let held = 0;
  const writePlain = async (chunk: Uint8Array<ArrayBuffer>): Promise<void> => {
    length += chunk.length;
    digest.update(chunk);
    await file.write(chunk);
  };
  const pack = packs ? makePacker() : null;
  const writePacked = async (chunk: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<void> => {
    for (const packed of pack?.(chunk, isLast) ?? []) await writePlain(packed);
  };
  const write = (chunk: Uint8Array<ArrayBuffer>): Promise<void> => (pack === null ? writePlain(chunk) : writePacked(chunk, false));
  const flush = (): Promise<void> => {
    const chunk = buffer.subarray(0, held);
    // A sink may keep what it is given.
    buffer = new Uint8Array(BUFFER);
    held = 0;
    return write(chunk);
  };
  const putAside = (bytes: Uint8Array): void => {
    buffer.set(bytes, held);
    held += bytes.length;
  };
  return {
    add(bytes) {
      if (held + bytes.length <= BUFFER) {
        putAside(bytes);
        return null;
      }
      const flushed = flush();
      if (bytes.length > BUFFER) {
        const own = bytes.slice();
        return flushed.then(() => write(own));
      }
      putAside(bytes);
      return flushed;
    },
    async close() {
      await flush();
      if (pack !== null) await writePacked(new Uint8Array(0), true);
      await file.close();
      return { name, bytes: length, sha256: digest.hex() };
    },
  };
}

/** A chunk to what it gives as gzip, without a time in the head. */
function makePacker(): (chunk: Uint8Array<ArrayBuffer>, isLast: boolean) => Uint8Array<ArrayBuffer>[] {
  let given: Uint8Array<ArrayBuffer>[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (packed) => given.push(Uint8Array.from(packed)));
  return (chunk, isLast) => {
    given = [];
    gzip.push(chunk, isLast);
    return given;
  };
}
