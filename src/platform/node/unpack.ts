/** Unpacks members of containers to temporary files, which are removed when the process ends. */
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Unpack } from '../../engine/parts.ts';
import { openFileSource } from './file-source.ts';
import { onScratch, scratchPath } from './scratch.ts';

export const unpack: Unpack = async (path, stream, onBytes, signal) => {
  let fault: string | null = null;
  let isDone = false;
  const at = scratchPath(path);
  const out = await onScratch(() => open(at, 'w'));
  try {
    for await (const { bytes, read, fault: found } of stream) {
      signal.throwIfAborted();
      fault ??= found;
      await onScratch(() => out.writeFile(bytes));
      onBytes(read);
    }
    isDone = true;
  } finally {
    await out.close();
    if (!isDone) rmSync(at, { force: true });
  }
  return { file: { path, source: await openFileSource(at, basename(path)), handle: { path: at } }, fault };
};
