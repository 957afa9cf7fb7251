/** Exported files in a folder, which is made when missing. */
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportSink } from '../../core/export/sink.ts';

export function folderSink(folder: string): ExportSink {
  let file: FileHandle | null = null;
  return {
    async begin(name) {
      await mkdir(folder, { recursive: true });
      file = await open(join(folder, name), 'w');
    },
    async write(bytes) {
      await file?.writeFile(bytes);
    },
    async end() {
      await file?.close();
      file = null;
    },
  };
}
