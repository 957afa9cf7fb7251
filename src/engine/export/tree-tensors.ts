/**
 * Packed trees as safetensors. A column's tensor holds its rows one behind the other, and `COLUMN.offsets` where they begin: rows + 1
 * entries. Lists and texts of a row stand one behind the other too, with their lengths in a column of its own, `COLUMN.lengths`.
 * The header stands before all tensors, so the rows of a file are held until it is finished.
 */
import { safetensors, type Tensor, type TensorType } from './safetensors.ts';
import { TREE_COLUMNS, type TreeColumn } from './tree-columns.ts';
import type { TreeEncoder } from './tree-encoder.ts';
import type { PackedRow } from './tree-tasks.ts';

type Values = Tensor['parts'][number];

interface Ragged {
  readonly type: TensorType;
  readonly parts: Values[];
  readonly offsets: bigint[];
  length: number;
}

export function treeTensors(): TreeEncoder {
  const columns = new Map<string, Ragged>();
  let bytes = 0;
  const open = (name: string, type: TensorType): void => void columns.set(name, { type, parts: [], offsets: [0n], length: 0 });
  for (const { name, kind } of TREE_COLUMNS) {
    open(name, kind === 'texts' ? 'U8' : kind === 'floats' ? 'F64' : 'I32');
    if (kind === 'lists' || kind === 'texts') open(`${name}.lengths`, 'I32');
  }
  /** The entries of one row. */
  const put = (name: string, values: readonly Values[]): void => {
    const column = columns.get(name);
    if (!column) throw new Error(`no column ${name}`);
    for (const part of values) {
      column.parts.push(part);
      column.length += part.length;
      bytes += part.byteLength;
    }
    column.offsets.push(BigInt(column.length));
  };
  return {
    add(rows) {
      for (const row of rows) for (const column of TREE_COLUMNS) putColumn(put, column, row);
      return null;
    },
    held: () => bytes,
    finish: () =>
      safetensors(
        Array.from(columns).flatMap(([name, { type, parts, offsets }]): Tensor[] => [
          { name, type, parts },
          { name: `${name}.offsets`, type: 'I64', parts: [BigInt64Array.from(offsets)] },
        ]),
      ),
  };
}

function putColumn(put: (name: string, values: readonly Values[]) => void, column: TreeColumn, row: PackedRow): void {
  switch (column.kind) {
    case 'integers':
      put(column.name, [column.of(row)]);
      break;
    case 'floats':
      put(column.name, [Float64Array.from(column.of(row))]);
      break;
    case 'lists':
    case 'texts': {
      const encoder = new TextEncoder();
      const entries: readonly Values[] = column.kind === 'lists' ? column.of(row) : column.of(row).map((text) => encoder.encode(text));
      put(column.name, entries);
      put(`${column.name}.lengths`, [Int32Array.from(entries, ({ length }) => length)]);
    }
  }
}
