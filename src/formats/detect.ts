/** Which format a file's records are of, and a record decoded by it. */
import type { Decoded, Format, RecordContext } from './format.ts';
import { get, isList, isObject } from './json.ts';
import { isGeminiContent } from './gemini-role.ts';
import { isLangchainMessage } from './langchain-message.ts';
import { looksLikeMessages } from './messages.ts';
import { FORMATS } from './registry.ts';
import { asLines, entriesOf } from './together.ts';

/** Where people's own scripts keep the list of their records. */
const USUAL_KEYS = ['data', 'rollouts', 'records', 'trajectories', 'examples', 'items', 'rows', 'results'];

/** The keys at which documents keep their records, for `outlineDocument`. */
export const RECORD_KEYS: readonly string[] = [
  ...new Set(FORMATS.flatMap((format) => (format.recordsAt ? [format.recordsAt] : [])).concat(USUAL_KEYS)),
];

export function formatById(id: string): Format | undefined {
  return FORMATS.find((format) => format.id === id);
}

/** Records that detection looks at; more never change a sane file's answer. */
export const DETECTION_RECORDS = 32;

/** A record with where it was found. */
export interface SeenRecord {
  readonly record: unknown;
  readonly context: RecordContext;
}

/** `count`: how many of `of` records the format that detects most detects. */
interface Detected {
  readonly format: Format;
  readonly count: number;
  readonly of: number;
}

/**
 * By structure only: the first format that detects more than half as many of the first records as the one that detects
 * most, so that a few records which only a less specific format knows do not change the file's. Of the records, those
 * that are objects or lists are asked. Null where none of them is of a format.
 */
export function detectMost(seen: readonly SeenRecord[], formats: readonly Format[] = FORMATS): Detected | null {
  const candidates = seen.filter(({ record }) => typeof record === 'object' && record !== null).slice(0, DETECTION_RECORDS);
  const counts = formats.map((format) => candidates.filter(({ record, context }) => detectsRecord(format, record, context)).length);
  const count = counts.reduce((a, b) => Math.max(a, b), 0);
  const format = formats[counts.findIndex((each) => each * 2 > count)];
  return format === undefined || count === 0 ? null : { format, count, of: candidates.length };
}

/** The same, and null where most records are of no format: something else may read the file better. */
export function detectFormat(seen: readonly SeenRecord[]): Format | null {
  const found = detectMost(seen);
  return found !== null && found.count * 2 >= found.of ? found.format : null;
}

/** Whether a record is of a format, or is a list of such records. */
export function detectsRecord(format: Format, record: unknown, context: RecordContext): boolean {
  return format.detects(record, context) || isListOf(format, record, context);
}

/** Whether a list of records stands where one should: a line per group, or a JSON array inside a JSON string. */
function isListOf(format: Format, record: unknown, context: RecordContext): record is readonly unknown[] {
  return isList(record) && record.length > 0 && isObject(record[0]) && format.detects(record[0], context);
}

/**
 * Decodes with the file's format; a list of its records, member by member. Only a record that this format cannot use at
 * all, and another detects, goes to the other, with a note; so a file does not change formats from line to line.
 */
export function decodeRecord(
  format: Format,
  record: unknown,
  context: RecordContext,
  formats: readonly Format[] = FORMATS,
): readonly Decoded[] {
  if (isListOf(format, record, context) && !format.detects(record, context)) {
    if (format.together) return entriesOf(format.together(asLines(record, context.line), context));
    return record.flatMap((member, i) => decodeRecord(format, member, { ...context, index: context.index + i / record.length }, formats));
  }
  const decoded = format.decode(record, context);
  if (decoded.some(({ ok }) => ok) || format.detects(record, context)) return decoded;
  // A format that writes batches has no rollouts to lend.
  const other = formats.find((candidate) => candidate !== format && candidate.write === undefined && candidate.detects(record, context));
  if (!other) return decoded;
  const note = { code: 'other-format', expected: `a record of ${format.label}, like the rest of the file`, found: other.label };
  return other.decode(record, context).map((entry) => (entry.ok ? { ...entry, notes: [note, ...(entry.notes ?? [])] } : entry));
}

/**
 * True where the elements of a top-level array are the messages of one conversation: then the whole array is the record,
 * not each of its elements.
 */
export function isOneConversation(elements: readonly unknown[]): boolean {
  if (elements.length > 0 && (elements.every(isLangchainMessage) || elements.every(isGeminiContent))) return true;
  if (!looksLikeMessages(elements)) return false;
  return elements.every(
    (element) =>
      isObject(element) &&
      (get(element, 'content') !== undefined || get(element, 'value') !== undefined || get(element, 'tool_calls') !== undefined) &&
      get(element, 'messages') === undefined,
  );
}
