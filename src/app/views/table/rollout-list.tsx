/** The list of rollouts beside the tree: few columns, under their tasks. */
import { usePicked } from '../../state/choices.ts';
import { ListSwitch } from '../tasks/list-switch.tsx';
import { RolloutGrid } from './rollout-grid.tsx';
import { MatchCount } from './rollout-table.tsx';
import { compactColumns } from './shown-columns.ts';
import type { Table } from './use-table.ts';

const columnsOf = (table: Table): ReturnType<typeof compactColumns> => compactColumns(table.all);

export function RolloutList() {
  const { look, set } = usePicked((s) => ({ look: s.table, set: s.set }));
  return (
    <section aria-label="Rollouts" className="flex min-h-0 flex-1 flex-col bg-card">
      <div className="flex h-9 flex-none items-center gap-2 border-b border-line px-3 text-t1">
        <ListSwitch />
        <MatchCount isShort />
        <span className="flex-1" />
        <label className="flex items-center gap-1 whitespace-nowrap text-ink2">
          <input
            type="checkbox"
            checked={look.isGrouped}
            onChange={(event) => set({ table: { ...look, isGrouped: event.target.checked } })}
            className="accent-leaf"
          />
          by task
        </label>
      </div>
      <RolloutGrid label="List of rollouts" isCompact columnsOf={columnsOf} renderBar={() => null} />
    </section>
  );
}
