/** Exported files in a folder, which is made when missing. */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportSink } from '../../core/export/sink.ts';

export function folderSink(folder: string): ExportSink {
  return {
    async open(name) {
      await mkdir(folder, { recursive: true });
      const file = await open(join(folder, name), 'w');
      return { write: (bytes) => file.writeFile(bytes), close: () => file.close() };
    },
  };
}
