/** A row for each task: what the threshold in force stops in it. */
import { useCallback } from 'react';
import { visible } from '../../../base/visible.ts';
import type { TruthsAnswer, TruthStops } from '../../../engine/answers/truths.ts';
import { useTasks } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const COLUMNS = 'grid grid-cols-[minmax(140px,1fr)_52px_60px_60px_92px_92px_92px] items-center gap-3 px-3 min-w-[680px]';
const ROW = 30;

export function TaskRows({ answer, stops }: { readonly answer: TruthsAnswer; readonly stops: TruthStops | undefined }) {
  const onRange = useCallback(() => undefined, []);
  const keys = useTasks()?.key;
  const rows = stops?.byTask ?? [];
  return (
    <VirtualTable
      label="Early stopping by task"
      columns={COLUMNS}
      names={['task', 'truths', 'rollouts', 'stopped', 'false stops', 'missed', 'tokens saved']}
      firstNumber={1}
      count={rows.length}
      rowHeight={ROW}
      onRange={onRange}
      renderCells={(at) => {
        const row = rows[at];
        if (row === undefined) return null;
        const key = keys?.[row.task];
        const label = visible(answer.tasks[row.task] ?? '');
        return (
          <>
            <td className="flex min-w-0 p-0 text-t1">
              <button
                type="button"
                title={label}
                disabled={key === undefined}
                onClick={() => {
                  const choices = useChoices.getState();
                  choices.selectTask(key ?? null);
                  choices.set({ shape: 'icicle', tab: 'tree' });
                }}
                className="min-w-0 truncate rounded-sm text-left underline decoration-line2 underline-offset-2 hover:decoration-ink"
              >
                {label}
              </button>
            </td>
            {[
              exact(answer.truthsOf[row.task] ?? 0),
              exact(row.rollouts),
              exact(row.stopped),
              `${exact(row.falseStops)} of ${exact(row.successes)}`,
              `${exact(row.missed)} of ${exact(row.failures)}`,
              exact(row.saved),
            ].map((text, column) => (
              <td key={column} className="p-0 text-right text-t1 tabular-nums">
                {text}
              </td>
            ))}
          </>
        );
      }}
    />
  );
}
