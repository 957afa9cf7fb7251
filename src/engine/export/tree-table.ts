/** Packed trees as Parquet: a list for each column. */
import { parquetFile, type ParquetRow, type ParquetSchema } from './parquet.ts';
import { isKnown, TREE_COLUMNS, type TreeColumn } from './tree-columns.ts';
import type { TreeEncoder } from './tree-encoder.ts';
import type { PackedRow } from './tree-tasks.ts';

/** Tokens of a row group: what is in memory at a time, and what a reader takes at a time. */
const GROUP_TOKENS = 1 << 21;

/** @param limit tokens of a row */
export function treeTable(limit: number): TreeEncoder {
  const file = parquetFile(SCHEMA, Math.max(1, Math.floor(GROUP_TOKENS / limit)));
  return { head: file.head, finish: () => file.finish(), add: (rows) => file.add(rows.map(tableRow)) };
}

type Element = ParquetSchema[number];

const listOf = (name: string, optional: boolean, element: readonly Element[]): Element[] => [
  { name, repetition_type: optional ? 'OPTIONAL' : 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
];
const int: Element = { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' };

function elementsOf(column: TreeColumn): Element[] {
  switch (column.kind) {
    case 'integers':
      return listOf(column.name, false, [int]);
    case 'floats':
      return listOf(column.name, column.isOptional, [
        {
          name: 'element',
          type: 'DOUBLE',
          repetition_type: column.isOptional ? 'OPTIONAL' : 'REQUIRED',
        },
      ]);
    case 'lists':
      return listOf(column.name, false, listOf('element', false, [int]));
    case 'texts':
      return listOf(column.name, false, [{ name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }]);
  }
}

const SCHEMA: ParquetSchema = [{ name: 'root', num_children: TREE_COLUMNS.length }, ...TREE_COLUMNS.flatMap(elementsOf)];

function tableRow(row: PackedRow): ParquetRow {
  return Object.fromEntries(TREE_COLUMNS.map((column) => [column.name, valueOf(column, row)]));
}

function valueOf(column: TreeColumn, row: PackedRow): unknown {
  switch (column.kind) {
    case 'integers':
      return Array.from(column.of(row));
    case 'floats': {
      const values = column.of(row);
      if (!column.isOptional) return Array.from(values);
      return isKnown(values) ? Array.from(values, (value) => (Number.isNaN(value) ? null : value)) : null;
    }
    case 'lists':
      return column.of(row).map((list) => Array.from(list));
    case 'texts':
      return column.of(row);
  }
}
