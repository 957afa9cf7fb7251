/** Rows of a Parquet file as plain values, by hyparquet, which is loaded when the first such file comes. */
import type { FileMetaData } from 'hyparquet';
import { MAX_EXPANSION, MAX_TEXT_BYTES } from '../../base/bounds.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { decodeText, parseJson } from '../../formats/json.ts';
import { dateText, plainRow, timeText } from './table-values.ts';

/** A table that is not what its own footer says, or more than can be read at once. Its message goes into an issue. */
export class DamagedTable extends Error {
  override readonly name = 'DamagedTable';
}

/** Rows that are stored together, with how much they are packed and unpacked, in bytes. */
export interface RowGroup {
  readonly firstRow: number;
  readonly rows: number;
  readonly packed: number;
  readonly unpacked: number;
}

export interface Table {
  readonly groups: readonly RowGroup[];
  readonly meta: FileMetaData;
}

const tables = new WeakMap<ByteSource, Promise<Table>>();
/** As much of the end as most footers take. */
const FOOTER = 1 << 16;
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => timeText(millis * 1000n),
  timestampFromMicroseconds: timeText,
  timestampFromNanoseconds: (nanos: bigint) => timeText(nanos / 1000n),
  dateFromDays: dateText,
  jsonFromBytes(bytes: Uint8Array) {
    const { text } = decodeText(bytes);
    const parsed = parseJson(text);
    return parsed.ok ? parsed.value : text;
  },
};

/** What the footer says. Kept while the source is. Rejects with DamagedTable, and as the source does. */
export function tableOf(source: ByteSource): Promise<Table> {
  let table = tables.get(source);
  if (table === undefined) tables.set(source, (table = readTable(source)));
  return table;
}

async function readTable(source: ByteSource): Promise<Table> {
  const { parquetMetadataAsync } = await import('hyparquet');
  const file = { byteLength: source.byteLength, slice: async (start: number, end?: number) => wholeBuffer(source, start, end) };
  const tail = await source.read(Math.max(0, source.byteLength - 8), source.byteLength);
  const length = tail.length < 8 ? -1 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length < 0 || decodeText(tail.subarray(4)).text !== 'PAR1') throw new DamagedTable('no footer at its end');
  if (length > source.byteLength - 12 || length > MAX_TEXT_BYTES)
    throw new DamagedTable(`a footer of ${length.toLocaleString('en')} bytes`);
  const meta = await guarded(() => parquetMetadataAsync(file, { geoparquet: false, initialFetchSize: FOOTER, parsers: PARSERS }));
  const groups: RowGroup[] = [];
  let firstRow = 0;
  for (const group of meta.row_groups) {
    const rows = countOf(group.num_rows);
    const columns = group.columns.flatMap(({ meta_data: data }) => (data === undefined ? [] : [data]));
    const packed = columns.reduce((sum, data) => sum + countOf(data.total_compressed_size), 0);
    const unpacked = columns.reduce((sum, data) => sum + countOf(data.total_uncompressed_size), 0);
    const few = columns.find((data) => countOf(data.num_values) < rows || countOf(data.num_values) > MAX_EXPANSION);
    if (few !== undefined)
      throw new DamagedTable(`a column of ${few.num_values.toLocaleString('en')} values for ${rows.toLocaleString('en')} rows`);
    if (columns.length < group.columns.length) throw new DamagedTable('columns in other files');
    if (packed > source.byteLength) throw new DamagedTable(`a row group of ${packed.toLocaleString('en')} bytes`);
    groups.push({ firstRow, rows, packed, unpacked });
    firstRow += rows;
  }
  return { groups, meta };
}

/** Rows [start, end) of one group, as records. Rejects with DamagedTable, and as the source does. */
export async function rowsOf(source: ByteSource, { meta }: Table, group: number, start: number, end: number): Promise<unknown[]> {
  const { parquetReadObjects } = await import('hyparquet');
  const { unpackers } = await import('./parquet-codecs.ts');
  const { checkPages } = await import('./parquet-pages.ts');
  const columns = meta.row_groups[group]?.columns.map(({ meta_data: data }) => data!) ?? [];
  const chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const data of columns) {
    const from = countOf(data.dictionary_page_offset || data.data_page_offset);
    const size = countOf(data.total_compressed_size);
    if (size > MAX_TEXT_BYTES) throw new DamagedTable(`a column of ${size.toLocaleString('en')} bytes`);
    const bytes = await source.read(from, from + size);
    if (bytes.length < size) throw new DamagedTable(`a column that ends at byte ${(from + size).toLocaleString('en')}`);
    await guarded(async () => checkPages(bytes, data, meta));
    chunks.set(from, bytes);
  }
  const file = {
    byteLength: source.byteLength,
    slice(from: number, to = source.byteLength): ArrayBuffer {
      const bytes = new Uint8Array(to - from);
      for (const [at, chunk] of chunks)
        if (at < to && at + chunk.length > from)
          bytes.set(chunk.subarray(Math.max(0, from - at), Math.max(0, to - at)), Math.max(0, at - from));
      return bytes.buffer;
    },
  };
  return guarded(async () => {
    const options = { file, metadata: meta, rowStart: start, rowEnd: end, compressors: unpackers, utf8: false, parsers: PARSERS };
    const rows = await parquetReadObjects({ ...options, geoparquet: false });
    return rows.map(plainRow);
  });
}

async function wholeBuffer(source: ByteSource, start: number, end = source.byteLength): Promise<ArrayBuffer> {
  return Uint8Array.from(await source.read(start, end)).buffer;
}

function countOf(value: bigint | number): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 0) throw new DamagedTable(`a count of ${value}`);
  return count;
}

/** What the library throws at bytes that are no table says what is wrong with them; what the source throws stays what it is. */
async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof DamagedTable || (error instanceof Error && error.name === 'Unreadable')) throw error;
    throw new DamagedTable(error instanceof RangeError ? 'bytes that end too early' : reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^parquet /, '') : String(error);
}
