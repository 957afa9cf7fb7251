/** Files as byte sources in Node. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from '../../core/source/byte-source.ts';

/** Keeps one descriptor open for the life of the process; reads are positional, hence safe to overlap. */
export async function openFileSource(path: string, name = basename(path)): Promise<ByteSource> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  return {
    name,
    byteLength: size,
    async read(start, end) {
      const length = Math.max(0, Math.min(end, size) - start);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(bytes, done, length - done, start + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done === length ? bytes : bytes.subarray(0, done);
    },
  };
}
