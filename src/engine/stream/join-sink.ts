/** Exports one behind the other into the same files: each thinks that it writes its own. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile, Shortfall } from '../answers/exporting.ts';
import { openOutput, type Output } from '../export/output.ts';
import { packingOf } from '../export/packing.ts';
import { MANIFEST_NAME } from '../export/run.ts';

export interface JoinedFiles {
  /** For the export of one part: its files of records are continued, its manifest is held. */
  readonly sink: ExportSink;
  /** The manifest that the last part wrote. */
  manifest(): string;
  /** @param parts what each of them wrote */
  close(parts: readonly (readonly ExportedFile[])[]): Promise<ExportedFile[]>;
}

/**
 * @param isContinued files of records; the others stand beside them and are written as the last part has them
 * @param packs files of records as gzip
 */
export function joinFiles(sink: ExportSink, isContinued: (name: string) => boolean, packs: boolean): JoinedFiles {
  const outputs = new Map<string, Output>();
  const held = new Map<string, Uint8Array<ArrayBuffer>[]>();
  const opened = async (name: string): Promise<Output> => {
    const known = outputs.get(name) ?? (await openOutput(sink, name, packs && isContinued(name)));
    outputs.set(name, known);
    return known;
  };
  const hold = (name: string): Awaited<ReturnType<ExportSink['open']>> => {
    const own: Uint8Array<ArrayBuffer>[] = [];
    held.set(name, own);
    return { write: async (bytes) => void own.push(bytes), close: async () => undefined };
  };
  return {
    sink: {
      async open(name) {
        if (!isContinued(name)) return hold(name);
        const output = await opened(name);
        return {
          async write(bytes) {
            await output.add(bytes);
          },
          close: async () => undefined,
        };
      },
    },
    manifest() {
      const decoder = new TextDecoder();
      return (held.get(MANIFEST_NAME) ?? []).map((bytes) => decoder.decode(bytes, { stream: true })).join('');
    },
    async close(parts) {
      const files: ExportedFile[] = [];
      for (const { name } of parts[0] ?? []) {
        if (name === MANIFEST_NAME) continue;
        const output = await opened(name);
        if (!isContinued(name)) for (const bytes of held.get(name) ?? []) await output.add(bytes);
        const own = parts.flatMap((files) => files.filter((file) => file.name === name));
        const shortfalls = joinShortfalls(own);
        const packing = own.flatMap((file) => file.packing ?? []);
        files.push({
          ...(await output.close()),
          records: own.reduce((sum, { records }) => sum + records, 0),
          ...(packing.length > 0 ? { packing: packingOf(packing) } : {}),
          ...(shortfalls.length > 0 ? { shortfalls } : {}),
        });
      }
      return files;
    },
  };
}

function joinShortfalls(files: readonly ExportedFile[]): Shortfall[] {
  const counts = new Map<string, number>();
  for (const { shortfalls } of files) for (const { what, count } of shortfalls ?? []) counts.set(what, (counts.get(what) ?? 0) + count);
  return Array.from(counts, ([what, count]) => ({ what, count }));
}
