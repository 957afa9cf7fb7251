/** The rows and columns of the table as they are shown: filtered, in their order, under their tasks. */
import { useDeferredValue, useMemo } from 'react';
import { intervalMethod, type IntervalMethod } from '../../../core/decisions/mean-interval.ts';
import { columnOf, type RolloutColumns } from '../../../core/rollouts/columns.ts';
import { withComparedColumn } from '../../../core/rollouts/compared-column.ts';
import { withCutColumns } from '../../../core/rollouts/cut-columns.ts';
import { orderRows } from '../../../core/rollouts/order-rows.ts';
import { groupByTask, rowsByTask, taskOfRow, type TaskRows } from '../../../core/rollouts/task-groups.ts';
import type { RolloutFigures, RolloutsAnswer } from '../../../engine/answers/rollouts.ts';
import { useTasks } from '../../queries/answers.ts';
import { useComparedRollouts } from '../../queries/compare.ts';
import { useMatching } from '../../queries/matching.ts';
import type { Matching } from '../../queries/matching.ts';
import { useRollouts, useRolloutFigures } from '../../queries/rollouts.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { useSelection } from '../../state/selection.ts';
import { sharedPrefix } from '../tasks/order.ts';
import type { TableOrder } from '../../state/table-look.ts';

export interface Table {
  readonly rollouts: RolloutsAnswer;
  /** Those of the log, and behind them what the cut makes of each rollout. */
  readonly all: RolloutColumns;
  readonly matching: Matching;
  /** Only rollouts of the selection are among `rows`. */
  readonly isOnly: boolean;
  /** Rollouts in their order; where they are grouped also rows of tasks, as `groupRow` writes them. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** The rollouts of `rows` by task, with those of closed groups. */
  readonly byTask: TaskRows;
  /** Of the intervals of mean rewards. */
  readonly method: IntervalMethod;
  /** Names of tasks. */
  readonly labels: readonly string[];
  /** Characters that all of these begin with. */
  readonly prefix: number;
}

export interface TableView {
  readonly order: TableOrder | null;
  readonly isGrouped: boolean;
  /** Tasks of which only the row of the group is shown. */
  readonly closed: ReadonlySet<number>;
  /** Of what the filter takes, the selection alone; all where the open log has none of it. */
  readonly isOnly?: boolean;
}

/** Undefined until the session has answered. */
export function useTable({ order, isGrouped, closed, isOnly = false }: TableView): Table | undefined {
  const rollouts = useRollouts();
  const { data: figures, isPlaceholderData } = useRolloutFigures();
  const compared = useComparedRollouts();
  const labels = useTasks()?.label;
  const matching = useMatching(rollouts);
  const all = useMemo(
    () => rollouts && withComparedColumn(withFigures(rollouts, isPlaceholderData ? undefined : figures), compared ?? null),
    [rollouts, figures, isPlaceholderData, compared],
  );
  const chosen = useSelection((s) => s.keys);
  const selected = useMemo(() => (isOnly ? within(matching, rollouts, chosen) : null), [matching, rollouts, chosen, isOnly]);
  const { rows: taken } = selected ?? matching;
  const isCut = selected !== null;
  const length = rollouts?.length ?? 0;
  const listed = useMemo(() => (taken === null ? allRows(length) : placesOf(taken)), [length, taken]);
  // What was pressed is seen at once; very many rows are put in order in a task of their own.
  const wanted = useDeferredValue(order);
  const column = (wanted && all && columnOf(all, wanted.column)) ?? null;
  const isDescending = wanted?.isDescending ?? false;
  const sorted = useMemo(() => (column === null ? listed : orderRows(listed, column, isDescending)), [listed, column, isDescending]);
  const method = useMemo(() => {
    const reward = rollouts && columnOf(rollouts, 'reward');
    return intervalMethod(reward?.type === 'number' ? reward.values : []);
  }, [rollouts]);
  const prefix = useMemo(() => sharedPrefix(labels ?? []), [labels]);
  const count = labels?.length ?? 0;
  return useMemo(() => {
    if (rollouts === undefined || all === undefined || labels === undefined) return undefined;
    // While a log is read on, the tasks may be those of a later forest than the rollouts.
    const tasks = Math.max(count, rollouts.taskCount);
    const rows = isGrouped ? groupByTask(sorted, rollouts.task, tasks, (task) => closed.has(task)) : sorted;
    return {
      rollouts,
      all,
      matching: { rows: taken, count: sorted.length },
      isOnly: isCut,
      rows,
      byTask: rowsByTask(sorted, rollouts.task, tasks),
      method,
      labels,
      prefix,
    };
  }, [rollouts, all, sorted, taken, isCut, method, labels, prefix, count, isGrouped, closed]);
}

/** What the filter takes of the selection; null where the open log has none of the selection. */
function within(matching: Matching, rollouts: RolloutsAnswer | undefined, chosen: ReadonlySet<RolloutKey>): Matching | null {
  const keys = rollouts?.keys ?? [];
  if (!keys.some((key) => chosen.has(key))) return null;
  const rows = Uint8Array.from(keys, (key, r) => (chosen.has(key) && matching.rows?.[r] !== 0 ? 1 : 0));
  return { rows, count: rows.reduce((sum, row) => sum + row, 0) };
}

function allRows(length: number): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(length);
  for (let r = 0; r < length; r++) rows[r] = r;
  return rows;
}

function placesOf(taken: Uint8Array): Int32Array<ArrayBuffer> {
  let count = 0;
  for (let r = 0; r < taken.length; r++) count += taken[r] ?? 0;
  const rows = new Int32Array(count);
  for (let r = 0, at = 0; r < taken.length; r++) if (taken[r] === 1) rows[at++] = r;
  return rows;
}

/** @param figures of the order in force; undefined while it is made: then nothing is known of them */
function withFigures(rollouts: RolloutsAnswer, figures: RolloutFigures | undefined): RolloutColumns {
  const known = (values: Float64Array<ArrayBuffer> | undefined): Float64Array<ArrayBuffer> =>
    values?.length === rollouts.length ? values : new Float64Array(rollouts.length).fill(Number.NaN);
  return withCutColumns(rollouts, { kept: known(figures?.kept), trained: known(figures?.trained) });
}

/** Rollouts in the order in which they are shown, with those of closed groups. */
export function rolloutsShown({ rows, byTask }: Table): Int32Array {
  const out = new Int32Array(byTask.rows.length);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    const task = taskOfRow(row);
    if (task !== null) {
      const own = byTask.rows.subarray(byTask.start[task], byTask.start[task + 1]);
      out.set(own, at);
      at += own.length;
      // Those of an open group follow it.
      if ((rows[i + 1] ?? -1) >= 0) i += own.length;
    } else out[at++] = row;
  }
  return out;
}
