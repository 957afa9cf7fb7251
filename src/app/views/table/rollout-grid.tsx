/** The grid of rollouts with its choices: the same for the table in the middle and for the list beside the tree. */
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useRolloutIndex } from '../../queries/rollouts.ts';
import { useTasks } from '../../queries/answers.ts';
import { usePicked } from '../../state/choices.ts';
import { toggleSelected, useSelection } from '../../state/selection.ts';
import { openTranscript } from '../../state/transcript.ts';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { ColumnHead } from './column-head.tsx';
import { Grid } from './grid.tsx';
import { GroupLine } from './group-line.tsx';
import { movedColumn } from './shown-columns.ts';
import { useTable, type Table } from './use-table.ts';

const NONE: ReadonlySet<number> = new Set();

export interface GridControls {
  readonly table: Table;
  readonly columns: readonly RolloutColumn[];
  readonly areClosed: boolean;
  /** Closes the groups of all tasks, or opens them. */
  readonly closeAll: (isClosed: boolean) => void;
}

export function RolloutGrid({
  label,
  isCompact,
  isOnly = false,
  columnsOf,
  renderBar,
  onColumns,
}: {
  readonly label: string;
  readonly isCompact: boolean;
  /** The rollouts of the selection alone. */
  readonly isOnly?: boolean;
  readonly columnsOf: (table: Table) => readonly RolloutColumn[];
  readonly renderBar: (controls: GridControls) => ReactNode;
  /** Columns can be moved: their ids in the new order. */
  readonly onColumns?: ((ids: readonly string[]) => void) | undefined;
}) {
  const { look, set, selectTask, task } = usePicked((s) => ({ look: s.table, set: s.set, selectTask: s.selectTask, task: s.task }));
  const [closed, setClosed] = useState(NONE);
  const table = useTable({ order: look.order, isGrouped: look.isGrouped, closed, isOnly });
  const selected = useRolloutIndex();
  const chosen = useSelection((s) => s.keys);
  const taskKeys = useTasks()?.key;
  const columns = useMemo(() => (table ? columnsOf(table) : []), [table, columnsOf]);
  if (!table) return <p className="m-0 p-3 text-t1 text-ink2">Rollouts appear here as they are read.</p>;
  const { rollouts, matching } = table;
  const keyOf = (r: number): string | undefined => taskKeys?.[rollouts.task[r] ?? -1];
  const select = (r: number): void => {
    const own = keyOf(r);
    if (own !== undefined && own !== task) selectTask(own);
    set({ rollout: rollouts.keys[r] ?? null });
  };
  const open = (r: number): void => {
    const key = rollouts.keys[r];
    const own = keyOf(r);
    if (key !== undefined) openTranscript(key, own === undefined ? {} : { task: own });
  };
  return (
    <>
      {renderBar({
        table,
        columns,
        areClosed: closed.size > 0,
        closeAll: (isClosed) => setClosed(isClosed ? new Set(Array.from({ length: rollouts.taskCount }, (_, t) => t)) : NONE),
      })}
      <Grid
        label={label}
        rows={table.rows}
        columns={columns}
        isCompact={isCompact}
        selected={selected}
        ariaSort={({ id }) => (look.order?.column === id ? (look.order.isDescending ? 'descending' : 'ascending') : undefined)}
        renderHead={(column, width) => <ColumnHead column={column} width={width} isMatching={matching.rows} order={look.order} />}
        renderGroup={(own) => <GroupLine table={table} task={own} isClosed={closed.has(own)} isCompact={isCompact} />}
        isInSelection={(r) => chosen.has(rollouts.keys[r] ?? '')}
        onToggleSelection={(r) => toggleSelected(rollouts.keys[r] ?? '')}
        onMove={
          onColumns &&
          ((id, before) => {
            const ids = columns.map((column) => column.id);
            const moved = movedColumn(ids, id, before);
            // Where nothing moves nothing is chosen: the columns stay those that fit.
            if (moved.some((each, at) => each !== ids[at])) onColumns(moved);
          })
        }
        onSelect={select}
        onOpen={open}
        onToggle={(own) => setClosed(toggled(closed, own))}
        isClosed={(own) => closed.has(own)}
      />
    </>
  );
}

function toggled(set: ReadonlySet<number>, member: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}
