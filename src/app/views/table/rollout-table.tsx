/** The table of rollouts. */
import { useRollouts, useRolloutFigures, useRolloutIndex } from '../../queries/rollouts.ts';
import { useChoices } from '../../state/choices.ts';
import { visible } from '../../../base/visible.ts';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { decimal, exact, percent } from '../../text/format.ts';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const ROW = 27;

export function RolloutTable() {
  const rollouts = useRollouts();
  const figures = useRolloutFigures().data;
  const selected = useRolloutIndex();
  const set = useChoices((s) => s.set);
  if (!rollouts) return <p className="m-0 p-3 text-t1 text-ink2">Rollouts appear here as they are read.</p>;
  const { columns, keys, length } = rollouts;
  return (
    <div className="absolute inset-0 flex flex-col">
      <VirtualTable
        label="Rollouts"
        columns="flex gap-3 px-3 items-center"
        names={[...columns.map(({ label }) => label), 'kept', 'trained']}
        count={length}
        rowHeight={ROW}
        onRange={() => undefined}
        renderCells={(r) => (
          <>
            {columns.map((column) => (
              <td
                key={column.id}
                className={`w-24 truncate p-0 ${r === selected ? 'bg-leaf-soft' : ''}`}
                onClick={() => set({ rollout: keys[r] ?? null })}
              >
                {cellText(column, r)}
              </td>
            ))}
            <td className="p-0">{percent(figures?.kept[r] ?? NaN)}</td>
            <td className="p-0">{exact(figures?.trained[r] ?? 0)}</td>
          </>
        )}
      />
    </div>
  );
}

function cellText(column: RolloutColumn, r: number): string {
  if (column.type === 'number') return decimal(column.values[r] ?? NaN);
  if (column.type === 'text') return visible(column.words[column.codes[r] ?? -1] ?? '–');
  return Array.from(column.items.subarray(column.start[r], column.start[r + 1]), (item) => visible(column.words[item] ?? '')).join(', ');
}
