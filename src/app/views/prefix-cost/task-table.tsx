/** What each task costs, the rows in view only. */
import { useCallback, useMemo, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { wayFlops, type TrainedModel } from '../../../core/prefix/flops.ts';
import type { RecordSetCost } from '../../../engine/answers/prefix-cost.ts';
import { countsAt } from '../../../engine/studies/prefix-cost/csv.ts';
import { useTasks } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { usePrefixCostChoice } from '../../state/prefix-cost.ts';
import { count, exact, percent } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const COLUMNS =
  'grid grid-cols-[minmax(120px,1fr)_44px_52px_54px_68px_68px_68px_50px_58px_58px_50px] items-center gap-1 px-3 min-w-[754px]';
const NAMES = [
  'task',
  'records',
  'longest',
  '> context',
  'no sharing',
  'grouper',
  'tree',
  'of flat',
  'flat FLOPs',
  'as a tree',
  'of those',
] as const;
const ROW = 28;
const MOST_HEIGHT = 340;
const ORDERS = [
  { value: 'log' as const, label: 'as listed', about: 'By the task’s key' },
  { value: 'saved' as const, label: 'most saved', about: 'By the FLOPs that tree attention saves' },
  { value: 'cost' as const, label: 'dearest', about: 'By the FLOPs without sharing' },
];
type Order = (typeof ORDERS)[number]['value'];

function flopsOf(
  cost: RecordSetCost,
  row: number,
  model: TrainedModel,
  recomputes: boolean,
): { readonly flat: number; readonly tree: number } {
  const of = (way: 'flat' | 'tree'): number => wayFlops(countsAt(cost, way, row), model, recomputes).total;
  return { flat: of('flat'), tree: of('tree') };
}

export function TaskTable({ cost, taskKeys }: { readonly cost: RecordSetCost; readonly taskKeys: readonly string[] }) {
  const labels = useTasks()?.label;
  const { model, recomputes } = usePrefixCostChoice();
  const [order, setOrder] = useState<Order>('log');
  const selectTask = useChoices((s) => s.selectTask);
  const chosen = useChoices((s) => s.task);
  const rows = useMemo(() => {
    const all = Array.from(cost.task.keys());
    if (order === 'log') return all;
    const worth = all.map((row) => {
      const { flat, tree } = flopsOf(cost, row, model, recomputes);
      return order === 'saved' ? flat - tree : flat;
    });
    return all.toSorted((a, b) => (worth[b] ?? 0) - (worth[a] ?? 0) || a - b);
  }, [cost, order, model, recomputes]);
  const onRange = useCallback(() => undefined, []);
  return (
    <div
      className="mb-3 flex flex-col rounded border border-line bg-card"
      style={{ height: Math.min(MOST_HEIGHT, 76 + rows.length * ROW) }}
    >
      <div className="flex flex-none flex-wrap items-center gap-3 px-3 pt-2 pb-1">
        <span className="text-t2 font-[600]">Tasks</span>
        <Segments<Order> label="Order of tasks" choices={ORDERS} value={order} onChange={setOrder} />
      </div>
      <VirtualTable
        label="Prefix cost of each task"
        columns={COLUMNS}
        names={NAMES}
        firstNumber={1}
        count={rows.length}
        rowHeight={ROW}
        onRange={onRange}
        renderCells={(at) => {
          const row = rows[at] ?? 0;
          const task = cost.task[row] ?? -1;
          const key = taskKeys[task] ?? '';
          const flops = flopsOf(cost, row, model, recomputes);
          const [flat, grouper, tree] = [cost.columns.flat, cost.columns.grouper, cost.columns.tree].map(({ tokens }) => tokens[row] ?? 0);
          const cells = [
            exact(cost.taskRecords[row] ?? 0),
            exact(cost.taskLongest[row] ?? 0),
            exact(cost.taskOverContext[row] ?? 0),
            exact(flat ?? 0),
            exact(grouper ?? 0),
            exact(tree ?? 0),
            percent((tree ?? 0) / (flat ?? 1)),
            count(flops.flat),
            count(flops.tree),
            percent(flops.tree / flops.flat),
          ];
          return (
            <>
              <td className="min-w-0 p-0">
                <button
                  type="button"
                  aria-pressed={chosen === key}
                  title={`Chooses the task ${visible(key)}`}
                  onClick={() => selectTask(key)}
                  className="block max-w-full truncate text-left text-t1 hover:underline aria-pressed:font-[600]"
                >
                  {visible(labels?.[task] ?? key)}
                </button>
              </td>
              {cells.map((text, c) => (
                <td key={c} className="p-0 text-right text-t1 tabular-nums">
                  {text}
                </td>
              ))}
            </>
          );
        }}
      />
    </div>
  );
}
