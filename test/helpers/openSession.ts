/** A real session on this thread over bytes in memory, as tests open files. */
import { bytesSource } from '../../src/core/source/bytes-source.ts';
import type { ExportSink } from '../../src/core/export/sink.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../src/engine/answers/opening.ts';
import type { DatasetFacts } from '../../src/engine/answers/dataset.ts';
import type { ExportSpec } from '../../src/engine/answers/exporting.ts';
import { defaultExport } from '../../src/engine/export/choose.ts';
import { makeLocalPool } from '../../src/engine/pool.ts';
import { makeSession, type Session } from '../../src/engine/session.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import { openHandle } from '../../src/platform/node/open-handle.ts';
import { unpack } from '../../src/platform/node/unpack.ts';

export function inputFile(path: string, content: string | Uint8Array): InputFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content);
  return { path, source: bytesSource(path, bytes), handle: { bytes } };
}

export async function openSession(
  files: readonly InputFile[],
  settings: Partial<OpenSettings> = {},
): Promise<{ session: Session; facts: DatasetFacts }> {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack });
  const facts = await session.open(files, { ...DEFAULT_OPEN_SETTINGS, ...settings }, () => undefined);
  return { session, facts };
}

/** Keeps exported files, as bytes and as text. */
export function memorySink(): ExportSink & { readonly files: Map<string, string>; readonly bytes: Map<string, Buffer> } {
  const files = new Map<string, string>();
  const bytes = new Map<string, Buffer>();
  return {
    files,
    bytes,
    open: async (name) => {
      const chunks: Uint8Array[] = [];
      return {
        write: async (chunk) => void chunks.push(chunk),
        close: async () => {
          const whole = Buffer.concat(chunks);
          bytes.set(name, whole);
          files.set(name, whole.toString('utf8'));
        },
      };
    },
  };
}

/** The profiles of these names, else the default ones. */
export function exportSpec(...names: readonly string[]): ExportSpec {
  const spec = defaultExport();
  return names.length === 0 ? spec : { ...spec, profiles: names.map((profile) => ({ profile })) };
}

export function linesOf(text: string | undefined): Record<string, unknown>[] {
  return (text ?? '')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
