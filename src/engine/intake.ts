/** From a file to parse jobs: unpack, recognise the format on the first records, cut into ranges for the pool. */
import { bytesAt } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { outlineDocument, readRest, type DocumentOutline } from '../core/source/document.ts';
import { planRanges, readLines } from '../core/source/lines.ts';
import type { Container } from '../core/source/sniff.ts';
import { formatFromMapping, readMapping, suggestMapping } from '../formats/mapping.ts';
import type { Format } from '../formats/format.ts';
import { parseShortened } from '../formats/columns.ts';
import { decodeText, MAX_TEXT_BYTES, parseJson, toJson, type ParsedJson } from '../formats/json.ts';
import {
  DETECTION_RECORDS,
  detectFormat,
  detectMost,
  detectsRecord,
  FORMATS,
  isOneConversation,
  RECORD_KEYS,
  type SeenRecord,
} from '../formats/registry.ts';
import type { UnmappedFile } from './answers/opening.ts';
import { readRestored, type Restored } from './read-rule.ts';
import { MAPPED } from './format-by-id.ts';
import type { ParseJob } from './parse.ts';

/** What a file needs to become: the jobs that read it, or the one issue that says why it cannot be read. */
export type Intake =
  | {
      readonly ok: true;
      readonly format: Format | null;
      readonly jobs: readonly ParseJob[];
      readonly torn: Issue | null;
      readonly unmapped: UnmappedFile | null;
      readonly restored: Restored | null;
    }
  | { readonly ok: false; readonly issue: Issue };

/** Large enough to amortise a job, small enough that several workers share a file and progress moves. */
const RANGE_BYTES = 4 << 20;
const RECORDS_PER_JOB_BYTES = 16 << 20;
const GIANT_LINE = 8 << 20;
/** Where records are long, these many are enough once so much has been read: they are parsed again by the jobs. */
const ENOUGH_LONG_RECORDS = 3;
/** The same for what a person is shown. */
const ENOUGH_SHOWN = 8;
const DETECTION_BYTES = 1 << 20;
const EXAMPLES = 5;
const EXAMPLE_LENGTH = 20_000;

const UNREADABLE: Partial<Record<Container, { code: string; expected: string; found: string }>> = {
  lfs: { code: 'lfs-pointer', expected: 'the file itself', found: 'a Git LFS pointer: run `git lfs pull` where it came from' },
  zip: { code: 'container', expected: 'JSON lines, a JSON document, .gz or .zst', found: 'a ZIP archive' },
  parquet: { code: 'container', expected: 'JSON lines, a JSON document, .gz or .zst', found: 'a Parquet file' },
  utf16: { code: 'encoding', expected: 'UTF-8', found: 'UTF-16' },
  binary: { code: 'binary', expected: 'text', found: 'bytes that are not text' },
};

/** @param path the input's own, for ids and issues. @param name of its file */
export async function planIntake(
  source: ByteSource,
  index: number,
  path: string,
  name: string,
  container: Container,
  mapping: unknown,
): Promise<Intake> {
  const unreadable = UNREADABLE[container];
  if (unreadable) return { ok: false, issue: { severity: 'record', file: path, line: 1, address: bytesAt(0), ...unreadable } };
  const base = { source: index, name, path, start: 0, end: 0, starts: new Float64Array(0), ends: new Float64Array(0), firstIndex: 0 };
  if (container === 'empty') return { ok: true, format: null, jobs: [], torn: null, unmapped: null, restored: null };
  if (container === 'document') return planDocument(source, base, mapping);
  const [ranges, { seen, looksLikeJson, opening }] = await Promise.all([
    planRanges(source, Math.max(1, Math.ceil(source.byteLength / RANGE_BYTES))),
    firstLines(source, name, path, parseShortened, ENOUGH_LONG_RECORDS),
  ]);
  if (!looksLikeJson)
    return {
      ok: false,
      issue: {
        severity: 'record',
        file: path,
        line: 1,
        address: bytesAt(0),
        code: 'not-json',
        expected: 'JSON lines or a JSON document',
        found: `text that begins ${JSON.stringify(opening)}`,
      },
    };
  const found = recognise(seen, path, mapping);
  // A person who says which field is what is shown whole records.
  const { format, unmapped } =
    found.unmapped === null ? found : recognise((await firstLines(source, name, path, parseWhole, ENOUGH_SHOWN)).seen, path, mapping);
  const jobs = ranges.map((range): ParseJob => ({
    ...base,
    format: format?.id ?? null,
    shape: 'lines',
    start: range.start,
    end: range.end,
  }));
  return { ok: true, format, jobs, torn: null, unmapped, restored: restoredOf(format, seen) };
}

type Base = Omit<ParseJob, 'format' | 'shape'>;

async function planDocument(source: ByteSource, base: Base, mapping: unknown): Promise<Intake> {
  const keyed = await readDocument(source, base, RECORD_KEYS);
  const found = recognise(keyed.seen, base.path, mapping);
  // A foreign document may have such a key for something else: then the whole document is the record.
  const whole = found.isSure || keyed.outline.shape !== 'key' ? null : await readDocument(source, base, []);
  const foundWhole = whole && recognise(whole.seen, base.path, mapping);
  const isWhole = foundWhole !== null && (foundWhole.isSure || found.format === null);
  const { outline, seen, starts, ends, document } = isWhole && whole ? whole : keyed;
  const { format, unmapped } = isWhole ? foundWhole : found;
  const jobs: ParseJob[] = [];
  for (let from = 0; from < starts.length;) {
    let to = from;
    let bytes = 0;
    while (to < starts.length && (to === from || bytes < RECORDS_PER_JOB_BYTES)) {
      bytes += (ends[to] ?? 0) - (starts[to] ?? 0);
      to++;
    }
    jobs.push({
      ...base,
      format: format?.id ?? null,
      shape: 'records',
      starts: starts.slice(from, to),
      ends: ends.slice(from, to),
      firstIndex: from,
      ...(document === undefined ? {} : { document }),
    });
    from = to;
  }
  return {
    ok: true,
    format,
    jobs,
    torn: tornIssue(base.path, outline),
    unmapped,
    restored: restoredOf(format, seen),
  };
}

/** Where the document's records lie, the first of them, and what surrounds them. */
async function readDocument(
  source: ByteSource,
  base: Base,
  keys: readonly string[],
): Promise<{
  outline: DocumentOutline;
  seen: readonly SeenRecord[];
  starts: Float64Array;
  ends: Float64Array;
  document: unknown;
}> {
  const outline = await outlineDocument(source, keys);
  const { starts, ends } = outline;
  const rest = await readRest(source, outline);
  const parsedRest = rest === null || rest.length > MAX_TEXT_BYTES ? null : parseJson(decodeText(rest).text);
  const document: unknown = parsedRest?.ok ? parsedRest.value : undefined;
  const read = async (start: number, end: number): Promise<unknown> => {
    if (end - start > MAX_TEXT_BYTES) return undefined;
    const parsed = parseJson(decodeText(await source.read(start, end)).text);
    return parsed.ok ? parsed.value : undefined;
  };
  const context = { name: base.name, path: base.path, line: 0, ...(document === undefined ? {} : { document }) };
  const seen: SeenRecord[] = [];
  for (let i = 0; i < Math.min(starts.length, DETECTION_RECORDS); i++)
    seen.push({ record: await read(starts[i] ?? 0, ends[i] ?? 0), context: { ...context, index: i } });
  if (outline.shape === 'array' && outline.torn === null && starts.length > 0 && isOneConversation(seen.map(({ record }) => record))) {
    // A bare list of messages is one record, from the first byte of the file to the last.
    const record = await read(0, source.byteLength);
    return {
      outline,
      seen: [{ record, context: { ...context, index: 0 } }],
      starts: Float64Array.of(0),
      ends: Float64Array.of(source.byteLength),
      document,
    };
  }
  return { outline, seen, starts, ends, document };
}

function tornIssue(path: string, outline: DocumentOutline): Issue | null {
  if (outline.torn !== null) {
    const inside = outline.torn.end > outline.torn.start ? 'the file ends inside a record' : 'the file ends between records';
    return {
      severity: 'record',
      file: path,
      line: 0,
      address: bytesAt(outline.torn.start, outline.torn.end - outline.torn.start),
      code: 'torn-document',
      expected: 'a closed JSON document',
      found: inside,
    };
  }
  if (outline.trailing !== null) {
    return {
      severity: 'record',
      file: path,
      line: 0,
      address: bytesAt(outline.trailing),
      code: 'trailing-bytes',
      expected: 'nothing after the JSON document',
      found: 'more bytes',
    };
  }
  return null;
}

function parseWhole(bytes: Uint8Array): ParsedJson {
  return parseJson(decodeText(bytes).text);
}

/** The first records that parse, within the first few megabytes. */
async function firstLines(
  source: ByteSource,
  name: string,
  path: string,
  parse: (bytes: Uint8Array) => ParsedJson,
  enough: number,
): Promise<{ seen: SeenRecord[]; looksLikeJson: boolean; opening: string }> {
  const seen: SeenRecord[] = [];
  let looksLikeJson = false;
  let opening = '';
  let index = 0;
  for await (const batch of readLines(source, 0, source.byteLength, 1 << 20)) {
    for (const line of batch.lines) {
      // A giant line is not read twice where others tell the format, and never where no text can hold it.
      if (seen.length > 0 && line.bytes.length > GIANT_LINE) return { seen, looksLikeJson, opening };
      if (line.bytes.length > MAX_TEXT_BYTES) {
        looksLikeJson = true; // the reader says what is wrong with it
        continue;
      }
      if (opening === '' || !looksLikeJson) {
        const { text } = decodeText(line.bytes);
        if (opening === '') opening = text.trim().slice(0, 40);
        looksLikeJson ||= /^\ufeff?\s*[[{"]/.test(text);
      }
      const parsed = parse(line.bytes);
      if (parsed.ok) seen.push({ record: parsed.value, context: { name, path, index, line: line.line } });
      index++;
      if (seen.length >= DETECTION_RECORDS || (seen.length >= enough && line.byteOffset >= DETECTION_BYTES))
        return { seen, looksLikeJson, opening };
    }
    if (batch.nextOffset > 8 << 20 && seen.length > 0) return { seen, looksLikeJson, opening };
  }
  return { seen, looksLikeJson, opening };
}

/** `unmapped`: what a person who says which field is what is shown. `isSure`: by at least half of the records, or by a person. */
interface Recognised {
  readonly format: Format | null;
  readonly unmapped: UnmappedFile | null;
  readonly isSure: boolean;
}

/**
 * What at least half of the records are; else what the mapping reads, where that is no less than a known format does;
 * else what a few of them are, so that they are read and the others become issues of their own.
 */
function recognise(seen: readonly SeenRecord[], path: string, mapping: unknown): Recognised {
  const format = detectFormat(seen);
  if (format) return { format, unmapped: null, isSure: true };
  const few = detectMost(seen);
  const read = mapping === undefined ? null : readMapping(mapping);
  if (read?.ok) {
    const mapped = formatFromMapping(read.mapping);
    const count = seen.filter(({ record, context }) => detectsRecord(mapped, record, context)).length;
    if (count > 0 && count >= (few?.count ?? 0)) return { format: { ...mapped, id: MAPPED }, unmapped: null, isSure: true };
  }
  const strange = seen.filter(({ record, context }) => !FORMATS.some((known) => detectsRecord(known, record, context)));
  const suggestion = suggestMapping(strange.map(({ record }) => record));
  if (strange.length === 0 || (few && suggestion === null)) return { format: few?.format ?? null, unmapped: null, isSure: false };
  const examples = strange.slice(0, EXAMPLES).map(({ record }) => (toJson(record) ?? '').slice(0, EXAMPLE_LENGTH));
  return { format: few?.format ?? null, unmapped: { name: path, examples, suggestion }, isSure: false };
}

function restoredOf(format: Format | null, seen: readonly SeenRecord[]): Restored | null {
  return format?.restore ? readRestored(format.restore(seen[0]?.record)) : null;
}
