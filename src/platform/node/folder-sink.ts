/** Exported files in a folder; it and folders in it are made when missing. */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportSink } from '../../core/export/sink.ts';

export function folderSink(folder: string): ExportSink {
  return {
    async open(name) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'w');
      return { write: (bytes) => file.writeFile(bytes), close: () => file.close() };
    },
  };
}
