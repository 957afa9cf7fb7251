/** Records that are JSON text at known bytes: shared by the readers of text. */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { bytesAt, type RecordAddress } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { decodeText, parseJson } from '../../formats/json.ts';
import type { FoundRecord, RecordBatch, RecordContent, RecordSpan } from './reader.ts';

/** Bytes of records that are handed on at once: few, because each may come to much more. */
const BATCH_BYTES = 1 << 18;

/** The records at the places that a span names, one after the other. */
export async function* readPlaces(
  source: ByteSource,
  { starts, ends }: NonNullable<RecordSpan['records']>,
  firstIndex: number,
): AsyncGenerator<RecordBatch> {
  let records: FoundRecord[] = [];
  let size = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    // Of one that no text can hold nothing is read: its length alone says what is wrong.
    const content = { json: await source.read(start, end - start > MAX_TEXT_BYTES ? start : end) };
    // Lines are not counted here, but what begins a file begins its first line.
    records.push({ address: bytesAt(start, end - start), line: start === 0 ? 1 : 0, index: firstIndex + i, torn: false, content });
    size += end - start;
    if (size <= BATCH_BYTES && i + 1 < starts.length) continue;
    yield { records, size, lines: 0 };
    records = [];
    size = 0;
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
