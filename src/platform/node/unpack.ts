/** Unpacks compressed inputs to a temporary file, which is removed when the process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inflate } from '../../engine/inflate.ts';
import type { Unpack } from '../../engine/open.ts';
import { openFileSource } from './file-source.ts';

let folder: string | null = null;
let count = 0;

function scratchFolder(): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), 'espalier-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

export const unpack: Unpack = async (file, compression, onBytes, signal) => {
  const path = join(scratchFolder(), `${count++}-${basename(file.path)}`);
  let fault: string | null = null;
  const out = await open(path, 'w');
  try {
    for await (const { bytes, read, fault: found } of inflate(file.source, compression)) {
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
