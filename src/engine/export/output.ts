/** One file of an export: bytes gathered into large writes, and hashed on their way. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile } from '../answers/exporting.ts';
import { makeDigest } from './hash.ts';

const BUFFER = 1 << 20;

export interface Output {
  /** @returns null where the bytes were only put aside, which need not be waited for. */
  add(bytes: Uint8Array): Promise<void> | null;
  close(): Promise<Omit<ExportedFile, 'records'>>;
}

export async function openOutput(sink: ExportSink, name: string): Promise<Output> {
  const digest = await makeDigest();
  const file = await sink.open(name);
  let length = 0;
  let buffer = new Uint8Array(BUFFER);
  let held = 0;
  const write = async (chunk: Uint8Array<ArrayBuffer>): Promise<void> => {
    length += chunk.length;
    digest.update(chunk);
    await file.write(chunk);
  };
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
      await file.close();
      return { name, bytes: length, sha256: digest.hex() };
    },
  };
}
