/** Writes an export to a sink: the chosen formats, then the manifest. */
import type { ExportSink } from '../../core/export/sink.ts';
import type { ExportedFile, ExportFormat, ExportPreview } from '../answers/exporting.ts';
import { makeDigest } from './hash.ts';
import { makeManifest } from './manifest.ts';
import { exportLines, recordCount, type PlannedExport } from './records.ts';

const FILE_NAMES: Readonly<Record<ExportFormat, string>> = { messages: 'messages.jsonl', tokens: 'tokens.jsonl', forest: 'forest.jsonl' };
const MANIFEST_NAME = 'manifest.json';

const BUFFER = 1 << 20;
const PREVIEW_LINES = 3;
const PREVIEW_LENGTH = 4000;

/** @returns the files written, manifest last. `onProgress` counts records. Throws AbortError when aborted. */
export async function runExport(
  planned: PlannedExport,
  sink: ExportSink,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  const total = planned.spec.formats.reduce((sum, format) => sum + recordCount(planned, format), 0);
  let done = 0;
  for (const format of planned.spec.formats) {
    const written = await writeFile(sink, FILE_NAMES[format], async (line) => {
      for await (const bytes of exportLines(planned, format)) {
        signal?.throwIfAborted();
        await line(bytes);
        onProgress(++done, total);
      }
    });
    files.push({ ...written, records: recordCount(planned, format) });
  }
  const manifest = await makeManifest(planned, [...files], signal);
  const written = await writeFile(sink, MANIFEST_NAME, (line) => line(new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)));
  files.push({ ...written, records: 1 });
  return files;
}

async function writeFile(
  sink: ExportSink,
  name: string,
  body: (line: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<Omit<ExportedFile, 'records'>> {
  const digest = await makeDigest();
  let bytes = 0;
  let buffer = new Uint8Array(BUFFER);
  let held = 0;
  const write = async (chunk: Uint8Array<ArrayBuffer>): Promise<void> => {
    bytes += chunk.length;
    digest.update(chunk);
    await sink.write(chunk);
  };
  const flush = async (): Promise<void> => {
    const chunk = buffer.subarray(0, held);
    // A sink may keep what it is given.
    buffer = new Uint8Array(BUFFER);
    held = 0;
    await write(chunk);
  };
  await sink.begin(name);
  await body(async (line) => {
    if (held + line.length > BUFFER) await flush();
    if (line.length > BUFFER) {
      await write(line.slice());
      return;
    }
    buffer.set(line, held);
    held += line.length;
  });
  await flush();
  await sink.end();
  return { name, bytes, sha256: digest.hex() };
}

/** The first records of each format, cut with their full length said, and what a trainer would trip over. */
export async function previewExport(planned: PlannedExport): Promise<ExportPreview[]> {
  const previews: ExportPreview[] = [];
  for (const format of planned.spec.formats) {
    const lines: { text: string; length: number }[] = [];
    for await (const bytes of exportLines(planned, format)) {
      const text = new TextDecoder().decode(bytes.subarray(0, -1));
      lines.push({ text: text.slice(0, PREVIEW_LENGTH), length: text.length });
      if (lines.length === PREVIEW_LINES) break;
    }
    previews.push({ format, lines, records: recordCount(planned, format), warnings: warnings(planned, format) });
  }
  return previews;
}

function warnings(planned: PlannedExport, format: ExportFormat): string[] {
  const { counts } = planned.ruling.dataset.opening;
  const found: string[] = [];
  const kept = planned.plan.leaf.length;
  const lossless = kept - planned.branches.length;
  if (kept === 0) found.push('The cut keeps nothing.');
  else if (format !== 'forest' && lossless === kept) found.push('No token carries loss: there are no training records.');
  else if (format !== 'forest' && lossless > 0)
    found.push(
      `${lossless.toLocaleString('en')} of ${kept.toLocaleString('en')} kept ` +
        `branches carry no loss, so they are no training records and are not written.`,
    );
  if (format === 'tokens' && counts.textTokens > 0 && counts.loggedTokens === 0)
    found.push(
      `Token ids are ${planned.ruling.dataset.tokenizerName}'s, with Espalier's plain message marks; ` +
        `train a model of another vocabulary from messages, or open the log with its tokenizer.json.`,
    );
  if (format === 'messages' && counts.loggedTokens > 0)
    found.push('Messages are text: a trainer that tokenises them again may not get the logged ids.');
  return found;
}
