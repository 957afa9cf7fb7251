/** The tree of decisions of a task: opened and walked with the arrow keys, as the ARIA tree pattern says. */
import { useEffect, useRef } from 'react';
import { useRows } from '../../widgets/rows.ts';
import { RowBody } from './decision-row.tsx';
import type { Scale } from './interval-plot.tsx';
import { compareRepresentatives, dropWay, filterWay } from './read.ts';
import type { DecisionRow } from './rows.ts';

const HEIGHTS: Readonly<Record<DecisionRow['type'], number>> = { way: 50, run: 26, step: 24, note: 24, others: 30 };
/** Deeper levels are not indented further; their number is said to those who hear the tree. */
const DEEPEST = 14;
const INDENT = 14;

interface TreeProps {
  readonly label: string;
  readonly rows: readonly DecisionRow[];
  readonly active: string;
  readonly scale: Scale;
  readonly onActive: (row: DecisionRow) => void;
  readonly onToggle: (row: DecisionRow) => void;
  /** Enter, or a double click. */
  readonly onOpen: (row: DecisionRow) => void;
}

export function DecisionTree({ label, rows, active, scale, onActive, onToggle, onOpen }: TreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === active),
  );
  const virtual = useRows({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHTS[rows[index]?.type ?? 'note'],
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  });
  useEffect(() => virtual.scrollToIndex(at, { align: 'auto' }), [at, virtual]);
  const press = (event: React.KeyboardEvent): void => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const go = (to: number): void => {
      const next = rows[Math.min(rows.length - 1, Math.max(0, to))];
      if (next) onActive(next);
    };
    const isOpen = row.type === 'way' || row.type === 'run' ? row.isOpen : null;
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowRight') {
      if (isOpen === false) onToggle(row);
      else if (isOpen === true) go(at + 1);
    } else if (event.key === 'ArrowLeft') {
      if (isOpen === true) onToggle(row);
      else if (row.parent >= 0) go(row.parent);
    } else if (event.key === 'Enter') onOpen(row);
    else if (event.key === 'c' && row.type === 'way' && row.rival !== null)
      compareRepresentatives(row.way.representative, row.rival.representative);
    else if (event.key === 'f' || event.key === 'x') {
      // On a row without a way they do nothing: elsewhere they are about a node that is not this row.
      const step = row.type === 'way' ? row.way.step : null;
      if (step !== null && event.key === 'f') filterWay(step.key);
      else if (step !== null) dropWay(step.key);
    } else if (event.key === ' ') onToggle(row);
    else return;
    event.preventDefault();
  };
  const click = (event: React.MouseEvent): void => {
    const row = rows[rowAt(event.target)];
    if (!row) return;
    onActive(row);
    if (row.type === 'others') onOpen(row);
    else onToggle(row);
    // The rows are walked from the tree itself.
    scroller.current?.focus();
  };
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={rowDomId(at)}
      onKeyDown={press}
      onClick={click}
      className="min-h-0 flex-1 overflow-auto -outline-offset-2"
    >
      <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const isOpen = row.type === 'way' || row.type === 'run' ? row.isOpen : null;
          return (
            <div
              key={item.key}
              id={rowDomId(item.index)}
              role="treeitem"
              tabIndex={-1}
              data-row={item.index}
              aria-level={row.level}
              aria-posinset={row.place}
              aria-setsize={row.siblings}
              aria-selected={item.index === at}
              aria-expanded={isOpen ?? undefined}
              className={
                'group/row absolute top-0 left-0 flex w-full items-center border-b border-line pr-2 text-t1 hover:bg-sunk ' +
                'aria-selected:bg-leaf-soft aria-selected:shadow-[inset_2px_0_var(--leaf)]'
              }
              style={{
                height: item.size,
                transform: `translateY(${item.start}px)`,
                paddingLeft: 10 + Math.min(DEEPEST, row.level - 1) * INDENT,
              }}
            >
              <RowBody row={row} scale={scale} onToggle={() => onToggle(row)} onRead={() => onOpen(row)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function rowAt(target: EventTarget): number {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return element === null ? -1 : Number(element.dataset['row']);
}

function rowDomId(index: number): string {
  return `decision-${index}`;
}
