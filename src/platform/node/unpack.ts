/** Unpacks compressed inputs to a temporary file, which is removed when the process ends. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Unpack } from '../../engine/open.ts';
import { openFileSource } from './file-source.ts';
import { scratchPath } from './scratch.ts';

export const unpack: Unpack = async (file, container, onBytes, signal) => {
  const path = scratchPath(file.path);
  let fault: string | null = null;
  const out = await open(path, 'w');
  try {
    for await (const { bytes, read, fault: found } of container.inflate(file.source)) {
      signal.throwIfAborted();
      fault = found;
      await out.write(bytes);
      onBytes(read);
    }
  } finally {
    await out.close();
  }
  return { file: { path: file.path, source: await openFileSource(path, basename(file.path)), handle: { path } }, fault };
};
