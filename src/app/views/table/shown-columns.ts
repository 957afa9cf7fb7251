/** Which columns are shown, and how wide. */
import { columnOf, hasValues, type RolloutColumn, type RolloutColumns } from '../../../core/rollouts/columns.ts';

/** Shown at first, where anything is known of them. */
const FIRST = [
  'task',
  'id',
  'file',
  'model',
  'policy',
  'status',
  'reward',
  'advantage',
  'turns',
  'calls',
  'errors',
  'parallel',
  'tokens',
  'entropy',
  'kept',
  'trained',
];
/** Of the list beside the tree. */
const COMPACT = ['id', 'reward', 'turns', 'errors', 'tokens', 'kept', 'trained'];
const WIDTHS: Readonly<Record<string, number>> = { task: 170, id: 140, file: 170, started: 118, model: 130, tool: 160 };
const NUMBER = 84;
const TEXT = 120;
const COMPACT_NUMBER = 64;

/** @param ids chosen by a person; null: those that are shown at first. Names that the log lacks are left out. */
export function shownColumns(all: RolloutColumns, ids: readonly string[] | null, isGrouped: boolean): readonly RolloutColumn[] {
  if (ids !== null) return ids.flatMap((id) => columnOf(all, id) ?? []);
  const files = columnOf(all, 'file');
  return FIRST.flatMap((id) => columnOf(all, id) ?? []).filter(
    (column) =>
      (hasValues(column) || column.id === 'kept' || column.id === 'trained') &&
      // Said by the rows of the groups, and of a single file nothing.
      !(isGrouped && column.id === 'task') &&
      !(column === files && files.type === 'text' && files.words.length < 2),
  );
}

export function compactColumns(all: RolloutColumns): readonly RolloutColumn[] {
  return COMPACT.flatMap((id) => columnOf(all, id) ?? []).filter((column) => hasValues(column) || column.id === 'kept');
}

/** Pixels. */
export function widthOf({ id, type }: RolloutColumn, isCompact: boolean): number {
  if (type === 'number' && isCompact) return COMPACT_NUMBER;
  if (id === 'id' && isCompact) return 110;
  return WIDTHS[id] ?? (type === 'number' ? NUMBER : TEXT);
}
