/** The list of tasks: filtered, sorted, and only as many rows as are in view. */
import { useMemo } from 'react';
import { intervalMethod } from '../../../core/decisions/mean-interval.ts';
import { useKeptByTask, useTask, useTasks } from '../../queries/answers.ts';
import { useTaken } from '../../queries/search.ts';
import { usePicked } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { Select } from '../../widgets/controls.tsx';
import { VirtualList } from '../../widgets/virtual-list.tsx';
import { ListSwitch } from './list-switch.tsx';
import { SORT_NAMES, sharedPrefix } from './order.ts';
import { TaskRow } from './task-row.tsx';
import { useTaskOrder } from './use-task-order.ts';

const ROW = 71;
const SORTS = (['signal', 'tokens', 'sharing', 'spread', 'name', 'arrival'] as const).map((value) => ({
  value,
  label: `by ${SORT_NAMES[value]}`,
}));

export function TaskList() {
  const tasks = useTasks();
  const kept = useKeptByTask();
  const current = useTask();
  const order = useTaskOrder();
  const taken = useTaken();
  const { sort, set, selectTask } = usePicked(({ sort, set, selectTask }) => ({ sort, set, selectTask }));
  const method = useMemo(() => intervalMethod(tasks?.rewards ?? []), [tasks]);
  const prefix = useMemo(() => sharedPrefix(tasks?.label ?? []), [tasks]);
  if (!tasks) return <p className="m-0 p-3 text-t1 text-ink2">Tasks appear here as they are read.</p>;
  return (
    <section aria-label="Tasks" className="flex min-h-0 flex-1 flex-col bg-card">
      <div className="flex h-9 flex-none items-center gap-2 border-b border-line px-3 text-t1">
        <ListSwitch />
        <span className="whitespace-nowrap text-ink3">
          {order.length === tasks.length ? exact(tasks.length) : `${exact(order.length)} of ${exact(tasks.length)}`}
        </span>
        <span className="flex-1" />
        <Select
          label="Sort tasks"
          choices={SORTS}
          value={sort}
          onChange={(value) => set({ sort: value })}
          className="border-transparent! bg-transparent text-ink2!"
        />
      </div>
      {order.length === 0 && <p className="m-0 p-3 text-t1 text-ink2">No rollout passes the filter.</p>}
      <VirtualList
        label="Tasks"
        count={order.length}
        rowHeight={ROW}
        active={current === null ? null : order.indexOf(current)}
        renderRow={(i) => {
          const task = order[i];
          if (task === undefined) return null;
          return (
            <TaskRow
              tasks={tasks}
              task={task}
              method={method}
              kept={kept?.signal[task]}
              on={task === current}
              taken={taken === null ? null : (taken.byTask[task] ?? 0)}
              prefix={prefix}
              onSelect={() => selectTask(tasks.key[task] ?? null)}
            />
          );
        }}
      />
    </section>
  );
}
