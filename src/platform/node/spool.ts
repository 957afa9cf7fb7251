/** Input that can be read only once, as a source that can be read anywhere: in memory where it is short, else in a scratch file. */
import { open, type FileHandle } from 'node:fs/promises';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputFile } from '../../engine/open.ts';
import { openFileSource } from './file-source.ts';
import { onScratch, scratchPath } from './scratch.ts';

/** So much is read by one thread anyway: memory of more would be copied to each thread for each of its jobs. */
const MOST_IN_MEMORY = 8 << 20;

/** Reads `stream` to its end. @param path that the input is shown with */
export async function spool(path: string, stream: AsyncIterable<Uint8Array>, mostInMemory = MOST_IN_MEMORY): Promise<InputFile> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const write = async (out: FileHandle): Promise<void> => {
    for (const bytes of chunks.splice(0)) await out.writeFile(bytes);
  };
  let file: { readonly path: string; readonly out: FileHandle } | null = null;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      chunks.push(chunk);
      if (file === null && length <= mostInMemory) continue;
      if (file === null) {
        const scratch = scratchPath('input');
        file = { path: scratch, out: await onScratch(() => open(scratch, 'w')) };
      }
      const { out } = file;
      await onScratch(() => write(out));
    }
  } finally {
    await file?.out.close();
  }
  if (file !== null) return { path, source: await openFileSource(file.path, path), handle: { path: file.path } };
  const bytes = Uint8Array.from(Buffer.concat(chunks));
  return { path, source: bytesSource(path, bytes), handle: { bytes } };
}
