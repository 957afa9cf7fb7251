/** Records that are JSON text at known bytes: shared by the readers of text. */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { bytesAt, type RecordAddress } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { decodeText, parseJson } from '../../formats/json.ts';
import type { FoundRecord, RecordBatch, RecordContent, RecordSpan } from './reader.ts';

/** Records that are handed on at once, and bytes from the first to the last: few, because each may come to much more. */
const RECORDS_AT_ONCE = 1 << 14;
const BYTES_AT_ONCE = 1 << 18;
/** Bytes of the records of one job. */
const SPAN_BYTES = 16 << 20;

/** The records at the places that a span names, one after the other; those that lie close together are read at once. */
export async function* readPlaces(
  source: ByteSource,
  { starts, ends }: NonNullable<RecordSpan['records']>,
  firstIndex: number,
): AsyncGenerator<RecordBatch> {
  for (let from = 0, to = 0; from < starts.length; from = to) {
    const first = starts[from]!;
    to++;
    while (to < starts.length && to - from < RECORDS_AT_ONCE && starts[to]! >= ends[to - 1]! && ends[to]! - first <= BYTES_AT_ONCE) to++;
    const last = ends[to - 1]!;
    // Of one that no text can hold nothing is read: its length alone says what is wrong.
    const bytes = await source.read(first, last - first > MAX_TEXT_BYTES ? first : last);
    const records: FoundRecord[] = [];
    let size = 0;
    for (let i = from; i < to; i++) {
      const start = starts[i]!;
      const end = ends[i]!;
      const content = { json: bytes.subarray(start - first, end - first) };
      // Lines are not counted here, but what begins a file begins its first line.
      records.push({ address: bytesAt(start, end - start), line: start === 0 ? 1 : 0, index: firstIndex + i, torn: false, content });
      size += end - start;
    }
    yield { records, size, lines: 0 };
  }
}

export async function readJsonAgain(source: ByteSource, { start, size }: RecordAddress): Promise<RecordContent> {
  return { json: await source.read(start, start + size) };
}

/** Undefined where the bytes are no JSON, or too many for a text. */
export async function valueAt(source: ByteSource, start: number, end: number): Promise<unknown> {
  if (end - start > MAX_TEXT_BYTES) return undefined;
  const parsed = parseJson(decodeText(await source.read(start, end)).text);
  return parsed.ok ? parsed.value : undefined;
}

/** Jobs for records at known places, in order. */
export function spansOf(starts: Float64Array, ends: Float64Array): RecordSpan[] {
  const spans: RecordSpan[] = [];
  for (let from = 0; from < starts.length;) {
    let to = from;
    let bytes = 0;
    while (to < starts.length && (to === from || bytes < SPAN_BYTES)) {
      bytes += (ends[to] ?? 0) - (starts[to] ?? 0);
      to++;
    }
    const records = { starts: starts.slice(from, to), ends: ends.slice(from, to) };
    spans.push({ start: starts[from] ?? 0, end: ends[to - 1] ?? 0, records, firstIndex: from });
    from = to;
  }
  return spans;
}
