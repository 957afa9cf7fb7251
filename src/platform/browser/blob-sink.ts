/** Exported files as Blobs, which the browser may keep on disk. */
import type { ExportSink } from '../../core/export/sink.ts';

export interface BlobSink extends ExportSink {
  /** The finished file of that name. Throws for a name that was not written. */
  blob(name: string): Blob;
}

export function blobSink(): BlobSink {
  const files = new Map<string, Blob>();
  return {
    async open(name) {
      let blob = new Blob([]);
      return {
        async write(bytes) {
          blob = new Blob([blob, bytes]);
        },
        async close() {
          files.set(name, blob);
        },
      };
    },
    blob(wanted) {
      const found = files.get(wanted);
      if (!found) throw new Error(`no file ${wanted} was exported`);
      return found;
    },
  };
}
