/** All rows of a Parquet file as pieces of one record, for formats that take them together. */
import { MAX_TOGETHER_BYTES } from '../../base/bounds.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { toJson } from '../../formats/json.ts';
import { DamagedTable, rowsOf, tableOf } from './parquet-file.ts';
import type { RecordPiece } from './reader.ts';

const MAGIC = [0x50, 0x41, 0x52, 0x31];

export function isParquet(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

const encoder = new TextEncoder();

function piece(row: number, text: string): RecordPiece {
  return { json: encoder.encode(text), line: 0, start: row, torn: false, isRow: true };
}

/** Of rows that cannot be decoded a text says why, which is no JSON and hence an issue. Rejects as the source does. */
export async function rowPieces(source: ByteSource): Promise<RecordPiece[]> {
  const pieces: RecordPiece[] = [];
  let row = 0;
  try {
    const table = await tableOf(source);
    const unpacked = table.groups.reduce((sum, group) => sum + group.unpacked, 0);
    if (unpacked > MAX_TOGETHER_BYTES) return [piece(0, `${unpacked.toLocaleString('en')} bytes of rows are too many to be read together`)];
    for (const [g, { firstRow, rows }] of table.groups.entries()) {
      row = firstRow;
      const values = await rowsOf(source, table, g, firstRow, firstRow + rows);
      for (const [i, value] of values.entries()) pieces.push(piece(firstRow + i, toJson(value) ?? ''));
    }
  } catch (error) {
    if (!(error instanceof DamagedTable)) throw error;
    pieces.push(piece(row, `${error.message}; rows from ${row} on cannot be read`));
  }
  return pieces;
}
