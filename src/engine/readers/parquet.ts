/**
 * Tables in Parquet files (Apache Parquet format 2): each row is a record, each row group a job. Decoded by hyparquet.
 * https://github.com/apache/parquet-format
 */
import { bytesAt, type RecordAddress } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { DETECTION_RECORDS, type SeenRecord } from '../../formats/detect.ts';
import { DamagedTable, rowsOf, tableOf, type RowGroup, type Table } from './parquet-file.ts';
import { isParquet } from './parquet-pieces.ts';
import type { FoundRecord, InputFault, RecordBatch, RecordReader, RecordSpan } from './reader.ts';

/** Rows that are decoded at once, and their bytes, unpacked. */
const SLICE_ROWS = 1 << 16;
const SLICE_BYTES = 256 << 20;
/** The same of those that are kept when one of them is read again: its neighbours are asked for next. */
const WINDOW_BYTES = 16 << 20;
const WINDOW_ROWS = 1024;
const BATCH_ROWS = 512;

export const parquet: RecordReader = {
  id: 'parquet',
  isBinary: true,
  recognises: isParquet,
  async plan(source, look) {
    try {
      const table = await tableOf(source);
      const seen: SeenRecord[] = [];
      const first = table.groups.findIndex(({ rows }) => rows > 0);
      if (first >= 0) {
        const from = table.groups[first]!.firstRow;
        const rows = await rowsOf(source, table, first, from, from + Math.min(table.groups[first]!.rows, DETECTION_RECORDS)).catch(
          onDamage,
        );
        rows.forEach((record, i) => seen.push({ record, context: { name: look.name, path: look.path, index: from + i, line: 0 } }));
      }
      const spans = spansOf(table.groups, source.byteLength);
      return { ok: true, plan: { spans, recognised: look.recognise(seen), first: seen[0]?.record, fault: null } };
    } catch (error) {
      if (!(error instanceof DamagedTable)) throw error;
      return { ok: false, fault: faultOf(bytesAt(0), error.message) };
    }
  },
  async *read(source, { start, end, records: places }) {
    const table = await tableOf(source);
    if (places) yield* rowsAt(source, table, places);
    else
      for (const [g, group] of table.groups.entries())
        for (const [from, to] of slicesOf(group, start, end)) {
          const rows = await rowsOf(source, table, g, from, to).catch((error: unknown) => damaged(error));
          if (rows instanceof DamagedTable) yield { records: [faulty(from, to, rows.message)], size: to - from, lines: 0 };
          else yield* batchesOf(rows, from);
        }
  },
  async readAgain(source, { start, size }) {
    const row = size === 1 ? await windowAt(source, await tableOf(source), start) : undefined;
    return { value: row?.rows[start - row.from] };
  },
};

/** Rows that the jobs say what is wrong with, and by which no format is recognised. */
function onDamage(error: unknown): unknown[] {
  damaged(error);
  return [];
}

function damaged(error: unknown): DamagedTable {
  if (error instanceof DamagedTable) return error;
  throw error;
}

function faultOf(address: RecordAddress, found: string): InputFault {
  return { line: 0, address, code: 'damaged-table', expected: 'a whole Parquet file', found };
}

function spansOf(groups: readonly RowGroup[], byteLength: number): RecordSpan[] {
  const packed = groups.reduce((sum, group) => sum + group.packed, 0);
  const filled = groups.filter(({ rows }) => rows > 0);
  return filled.map(({ firstRow, rows, packed: own }) => {
    const bytes = packed === 0 ? byteLength / filled.length : (byteLength * own) / packed;
    return { start: firstRow, end: firstRow + rows, firstIndex: firstRow, bytes };
  });
}

/** What of [start, end) lies in a group, in pieces that are decoded at once. */
function* slicesOf({ firstRow, rows, unpacked }: RowGroup, start: number, end: number): Generator<[from: number, to: number]> {
  const most = Math.min(SLICE_ROWS, Math.max(1, Math.floor((SLICE_BYTES * rows) / Math.max(1, unpacked))));
  const last = Math.min(end, firstRow + rows);
  for (let from = Math.max(start, firstRow); from < last; from += most) yield [from, Math.min(last, from + most)];
}

function addressOf(row: number, rows = 1): RecordAddress {
  return { unit: 'row', start: row, size: rows, member: 0 };
}

function found(value: unknown, row: number): FoundRecord {
  return { address: addressOf(row), line: 0, index: row, torn: false, content: { value } };
}

/** Rows that cannot be decoded are one issue. */
function faulty(from: number, to: number, why: string): FoundRecord {
  const rows = to - from === 1 ? `row ${from}` : `rows ${from} to ${to - 1}`;
  const fault = faultOf(addressOf(from, to - from), `${why}; ${rows} cannot be read`);
  return { address: fault.address, line: 0, index: from, torn: false, content: { fault } };
}

function* batchesOf(rows: readonly unknown[], from: number): Generator<RecordBatch> {
  for (let at = 0; at < rows.length; at += BATCH_ROWS) {
    const some = rows.slice(at, at + BATCH_ROWS);
    yield { records: some.map((value, i) => found(value, from + at + i)), size: some.length, lines: 0 };
  }
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly unknown[];
}

const windows = new WeakMap<ByteSource, Window>();

/** The row with some of its neighbours; undefined where it cannot be decoded. The last are kept. */
async function windowAt(source: ByteSource, table: Table, row: number): Promise<Window | undefined> {
  const kept = windows.get(source);
  if (kept !== undefined && row >= kept.from && row < kept.to) return kept;
  const g = table.groups.findIndex(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
  const group = table.groups[g];
  if (group === undefined) return undefined;
  const most = Math.min(WINDOW_ROWS, Math.max(1, Math.floor((WINDOW_BYTES * group.rows) / Math.max(1, group.unpacked))));
  const from = row - ((row - group.firstRow) % most);
  const to = Math.min(from + most, group.firstRow + group.rows);
  const window = { from, to, rows: await rowsOf(source, table, g, from, to).catch(onDamage) };
  windows.set(source, window);
  return window;
}

async function* rowsAt(source: ByteSource, table: Table, { starts }: NonNullable<RecordSpan['records']>): AsyncGenerator<RecordBatch> {
  for (const start of starts) {
    const window = await windowAt(source, table, start);
    yield { records: window === undefined ? [] : [found(window.rows[start - window.from], start)], size: 1, lines: 0 };
  }
}
