/** How many tasks, rollouts and tokens with loss each pair of tags has. */
import { axisOf, UNKNOWN, type AxisId } from './axes.ts';

/** A task with its tag on every axis; `unknown` where nothing is said. */
export interface TaggedTask {
  readonly tags: Readonly<Record<AxisId, string>>;
  readonly rollouts: number;
  /** With loss at a budget. */
  readonly tokens: number;
}

export interface CoverageCell {
  readonly tasks: number;
  readonly rollouts: number;
  readonly tokens: number;
}

export interface Coverage {
  /** Tags of the axis of rows, and of that of columns, in the order of the axis, `unknown` last. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** row -> column -> cell */
  readonly cells: readonly (readonly CoverageCell[])[];
  readonly rowTotals: readonly CoverageCell[];
  readonly columnTotals: readonly CoverageCell[];
  readonly total: CoverageCell;
}

const NO_CELL: CoverageCell = { tasks: 0, rollouts: 0, tokens: 0 };

/** All tags of an axis, with `unknown`. */
export function tagsOn(axis: AxisId): readonly string[] {
  return [...axisOf(axis).tags.map(({ id }) => id), UNKNOWN];
}

function added(a: CoverageCell, b: CoverageCell): CoverageCell {
  return { tasks: a.tasks + b.tasks, rollouts: a.rollouts + b.rollouts, tokens: a.tokens + b.tokens };
}

/** Each task is in one cell. O(tasks + rows · columns). */
export function coverageOf(tasks: readonly TaggedTask[], rowAxis: AxisId, columnAxis: AxisId): Coverage {
  const rows = tagsOn(rowAxis);
  const columns = tagsOn(columnAxis);
  const rowOf = new Map(rows.map((tag, at) => [tag, at]));
  const columnOf = new Map(columns.map((tag, at) => [tag, at]));
  const cells = rows.map(() => columns.map(() => NO_CELL));
  for (const { tags, rollouts, tokens } of tasks) {
    const row = cells[rowOf.get(tags[rowAxis]) ?? rows.length - 1];
    const at = columnOf.get(tags[columnAxis]) ?? columns.length - 1;
    row[at] = added(row[at], { tasks: 1, rollouts, tokens });
  }
  const rowTotals = cells.map((row) => row.reduce(added, NO_CELL));
  const columnTotals = columns.map((_, at) => cells.reduce((sum, row) => added(sum, row[at]), NO_CELL));
  return { rows, columns, cells, rowTotals, columnTotals, total: rowTotals.reduce(added, NO_CELL) };
}
