/** Packed trees as JSON Lines. */
import { dropLast, makeByteWriter, writeIntegers, writeText, type ByteWriter } from '../../core/export/byte-writer.ts';
import { floatText } from '../../core/export/number-text.ts';
import { isKnown, TREE_COLUMNS, type TreeColumn } from './tree-columns.ts';
import type { TreeEncoder } from './tree-encoder.ts';
import type { PackedRow } from './tree-tasks.ts';

export function treeLines(): TreeEncoder {
  const out = makeByteWriter(1 << 16);
  return {
    add(rows) {
      out.length = 0;
      for (const row of rows) writeRow(out, row);
      return out.data.subarray(0, out.length);
    },
    finish: () => new Uint8Array(0),
  };
}

function writeRow(out: ByteWriter, row: PackedRow): void {
  let sign = '{';
  for (const column of TREE_COLUMNS) {
    if (column.kind === 'floats' && column.isOptional && !isKnown(column.of(row))) continue;
    writeText(out, `${sign}"${column.name}":[`);
    sign = ',';
    const start = out.length;
    writeEntries(out, column, row);
    if (out.length > start) dropLast(out);
    writeText(out, ']');
  }
  writeText(out, '}\n');
}

/** With a comma behind each. */
function writeEntries(out: ByteWriter, column: TreeColumn, row: PackedRow): void {
  switch (column.kind) {
    case 'integers': {
      const values = column.of(row);
      writeIntegers(out, values, 0, values.length);
      break;
    }
    case 'floats':
      for (const value of column.of(row)) writeText(out, `${floatText(value)},`);
      break;
    case 'lists':
      for (const list of column.of(row)) {
        writeText(out, '[');
        writeIntegers(out, list, 0, list.length);
        dropLast(out);
        writeText(out, '],');
      }
      break;
    case 'texts':
      for (const text of column.of(row)) writeText(out, `${JSON.stringify(text)},`);
  }
}
