/** The table of rollouts in the middle of the workbench, under its bar. */
import { useCallback, useState } from 'react';
import { useMatching } from '../../queries/matching.ts';
import { saveRolloutsCsv } from '../../queries/rollouts-csv.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { usePicked } from '../../state/choices.ts';
import { useSelection } from '../../state/selection.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { NARROW, useMedia } from '../../widgets/media.ts';
import { SelectionStrip } from '../acts/selection-strip.tsx';
import { CompareButton } from '../side/compare-button.tsx';
import { SIDES } from './grid.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { RolloutGrid } from './rollout-grid.tsx';
import { compactColumns, shownColumns } from './shown-columns.ts';
import { rolloutsShown, type Table } from './use-table.ts';

/** Pixels that some platforms take from the rows. */
const SCROLL_BAR = 15;

export function RolloutTable() {
  const { look, set } = usePicked((s) => ({ look: s.table, set: s.set }));
  const { columns: ids, isGrouped } = look;
  const isOnly = useSelection((s) => s.isOnly);
  const narrow = useMedia(NARROW);
  const [room, setRoom] = useState(Infinity);
  const measure = useCallback((element: HTMLDivElement | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth - SIDES - SCROLL_BAR));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const columnsOf = useCallback(
    (table: Table) => (narrow && ids === null ? compactColumns(table.all) : shownColumns(table.all, ids, isGrouped, room)),
    [narrow, ids, isGrouped, room],
  );
  return (
    <div ref={measure} className="absolute inset-0 flex flex-col bg-card">
      <RolloutGrid
        label="Rollouts"
        isCompact={narrow}
        isOnly={isOnly}
        columnsOf={columnsOf}
        onColumns={(next) => set({ table: { ...look, columns: next } })}
        renderBar={({ table, columns, areClosed, closeAll }) => (
          <>
            {narrow && <SelectionStrip />}
            <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-t1">
              {table.isOnly ? <SelectedCount table={table} /> : <MatchCount />}
              <label className="flex items-center gap-1">
                <input
                  type="checkbox"
                  checked={isGrouped}
                  onChange={(event) => set({ table: { ...look, isGrouped: event.target.checked } })}
                  className="accent-leaf"
                />
                by task
              </label>
              <OnlySelected />
              {isGrouped && (
                <Button small onClick={() => closeAll(!areClosed)}>
                  {areClosed ? 'Open all' : 'Close all'}
                </Button>
              )}
              <span className="flex-1" />
              <ColumnChooser
                all={table.all}
                shown={columns}
                leftOut={table.rollouts.leftOut}
                spared={narrow && ids === null ? [] : shownColumns(table.all, ids, isGrouped).filter((each) => !columns.includes(each))}
                onChange={(next) => set({ table: { ...look, columns: next } })}
              />
              <CompareButton />
              <Button small onClick={() => void saveRolloutsCsv(columns, rolloutsShown(table))}>
                Save as CSV
              </Button>
            </div>
          </>
        )}
      />
    </div>
  );
}

/** Shows the rollouts of the selection alone, while there is one. */
function OnlySelected() {
  const { keys, isOnly } = useSelection();
  if (keys.size === 0) return null;
  return (
    <label className="flex items-center gap-1">
      <input
        type="checkbox"
        checked={isOnly}
        onChange={(event) => useSelection.setState({ isOnly: event.target.checked })}
        className="accent-leaf"
      />
      selected only
    </label>
  );
}

/** How many of all rollouts are shown where only selected ones are. */
function SelectedCount({ table: { matching, rollouts } }: { readonly table: Table }) {
  return (
    <output className="whitespace-nowrap text-ink2 tabular-nums">
      {exact(matching.count)} selected of {exact(rollouts.length)}
    </output>
  );
}

/** "41 of 960", or how many there are. */
export function MatchCount({ isShort = false }: { readonly isShort?: boolean }) {
  const rollouts = useRollouts();
  const { rows, count } = useMatching(rollouts);
  // There the filter says it, right above.
  if (isShort && rows !== null) return null;
  return (
    <output className="whitespace-nowrap text-ink2 tabular-nums">
      {rows === null ? (isShort ? exact(count) : plural(count, 'rollout')) : `${exact(count)} of ${exact(rollouts?.length ?? 0)}`}
    </output>
  );
}
