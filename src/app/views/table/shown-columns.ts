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
  'compared',
];
/** Of the list beside the tree. */
const COMPACT = ['id', 'reward', 'turns', 'errors', 'tokens', 'kept', 'trained'];
const WIDTHS: Readonly<Record<string, number>> = { compared: 70, task: 170, id: 140, file: 170, started: 118, model: 130, tool: 160 };
const NUMBER = 84;
const TEXT = 120;
const COMPACT_NUMBER = 64;
/** With the padding of a cell. */
const LEAST: Readonly<Record<string, number>> = {
  compared: 60,
  id: 88,
  task: 110,
  advantage: 68,
  parallel: 68,
  entropy: 64,
  kept: 64,
  sampled: 66,
  staleness: 68,
  trajectories: 78,
};
const LEAST_NUMBER = 56;
const LEAST_TEXT = 76;

/** Of those shown at first, what goes where there is no room for all: the first of them first. */
const SPARE = ['file', 'policy', 'parallel', 'calls', 'model', 'advantage', 'status', 'errors', 'task'];

/**
 * @param ids chosen by a person; null: those that are shown at first. Names that the log lacks are left out.
 * @param room pixels that those shown at first are to fit into
 */
export function shownColumns(
  all: RolloutColumns,
  ids: readonly string[] | null,
  isGrouped: boolean,
  room = Infinity,
): readonly RolloutColumn[] {
  if (ids !== null) return ids.flatMap((id) => columnOf(all, id) ?? []);
  const files = columnOf(all, 'file');
  let shown = FIRST.flatMap((id) => columnOf(all, id) ?? []).filter(
    (column) =>
      (hasValues(column) || column.id === 'kept' || column.id === 'trained') &&
      // Said by the rows of the groups, and of a single file nothing.
      !(isGrouped && column.id === 'task') &&
      !(column === files && files.type === 'text' && files.words.length < 2),
  );
  for (const spare of SPARE) {
    if (sumOf(shown.map(leastOf)) <= room) break;
    shown = shown.filter(({ id }) => id !== spare);
  }
  return shown;
}

/** The column `id` before `before`, or at the end; the others as they were. */
export function movedColumn(ids: readonly string[], id: string, before: string | null): readonly string[] {
  if (id === before) return ids;
  const others = ids.filter((each) => each !== id);
  const at = before === null ? others.length : others.indexOf(before);
  return at < 0 ? ids : [...others.slice(0, at), id, ...others.slice(at)];
}

export function compactColumns(all: RolloutColumns): readonly RolloutColumn[] {
  return COMPACT.flatMap((id) => columnOf(all, id) ?? []).filter((column) => hasValues(column) || column.id === 'kept');
}

/** In pixels, of each column: as usual, or narrower where only then all are seen, as far as their heads can still be read. */
export function widthsOf(columns: readonly RolloutColumn[], isCompact: boolean, room: number): readonly number[] {
  const usual = columns.map((column) => widthOf(column, isCompact));
  const least = columns.map(leastOf);
  const [wanted, needed] = [sumOf(usual), sumOf(least)];
  if (isCompact || wanted <= room || wanted <= needed) return usual;
  const share = Math.max(0, (room - needed) / (wanted - needed));
  return usual.map((width, at) => Math.floor((least[at] ?? 0) + (width - (least[at] ?? 0)) * share));
}

function leastOf({ id, type }: RolloutColumn): number {
  return LEAST[id] ?? (type === 'number' ? LEAST_NUMBER : LEAST_TEXT);
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

function widthOf({ id, type }: RolloutColumn, isCompact: boolean): number {
  if (type === 'number' && isCompact) return COMPACT_NUMBER;
  if (id === 'id' && isCompact) return 110;
  return WIDTHS[id] ?? (type === 'number' ? NUMBER : TEXT);
}
