/** The grid of rollouts: only the rows in view exist; arrows move, Space selects, Enter opens. */
import { memo, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { visible } from '../../../base/visible.ts';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { taskOfRow } from '../../../core/rollouts/task-groups.ts';
import { useRows } from '../../widgets/rows.ts';
import { cellText } from './cell.ts';
import { widthsOf } from './shown-columns.ts';
import { useColumnDrag } from './use-column-drag.ts';

const ROW = 27;
/** Of a row, left and right together. */
export const SIDES = 8;
/** Of a cell, left and right together. */
const PADDING = 12;
const OUTLINE = 'has-[table:focus-visible]:outline-2 has-[table:focus-visible]:-outline-offset-2 has-[table:focus-visible]:outline-focus';
const CHOSEN = 'bg-sunk shadow-[inset_3px_0_var(--focus)]';
const ACTIVE = 'group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-focus';

export interface GridProps {
  readonly label: string;
  /** Rollouts, and rows of tasks as `groupRow` writes them. */
  readonly rows: Int32Array;
  readonly columns: readonly RolloutColumn[];
  readonly isCompact: boolean;
  /** A rollout, or null. */
  readonly selected: number | null;
  /** rollout -> it is one of the selection. */
  readonly isInSelection: (rollout: number) => boolean;
  /** Takes a rollout into the selection, or out of it. */
  readonly onToggleSelection: (rollout: number) => void;
  readonly renderHead: (column: RolloutColumn, width: number) => ReactNode;
  readonly ariaSort: (column: RolloutColumn) => 'ascending' | 'descending' | undefined;
  /** Of a task. */
  readonly renderGroup: (task: number) => ReactNode;
  readonly onSelect: (rollout: number) => void;
  readonly onOpen: (rollout: number) => void;
  /** Null: of all tasks. */
  readonly onToggle: (task: number) => void;
  readonly isClosed: (task: number) => boolean;
  /** A column was dragged before another, or behind the last; absent: they stay where they are. */
  readonly onMove?: ((id: string, before: string | null) => void) | undefined;
}

export function Grid({
  label,
  rows,
  columns,
  isCompact,
  selected,
  isInSelection,
  onToggleSelection,
  renderHead,
  ariaSort,
  renderGroup,
  onSelect,
  onOpen,
  onToggle,
  isClosed,
  onMove,
}: GridProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<{ readonly row: number; readonly since: number | null } | null>(null);
  const [room, setRoom] = useState(Infinity);
  const widths = widthsOf(columns, isCompact, room - SIDES);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { drag, begin } = useColumnDrag(onMove);
  const template = { gridTemplateColumns: widths.map((width) => `${width}px`).join(' ') };
  const virtual = useRows({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 3,
  });
  const last = rows.length - 1;
  const found = useMemo(() => (selected === null ? 0 : Math.max(0, rows.indexOf(selected))), [rows, selected]);
  // Where keys have gone since the selection was made, else the selected row, wherever it was selected.
  const at = Math.min(active?.since === selected ? active.row : found, last);
  const go = (row: number): void => setActive({ row: Math.max(0, Math.min(last, row)), since: selected });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  const press = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[at] ?? 0;
    const task = taskOfRow(row);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 3);
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'PageDown') go(at + page);
    else if (event.key === 'PageUp') go(at - page);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(last);
    else if (event.key === 'ArrowLeft' && task !== null && !isClosed(task)) onToggle(task);
    else if (event.key === 'ArrowRight' && task !== null && isClosed(task)) onToggle(task);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      scroller.current?.scrollBy({ left: event.key === 'ArrowLeft' ? -80 : 80 });
    else if (event.key === ' ') {
      if (task !== null) onToggle(task);
      else if (event.shiftKey) onToggleSelection(row);
      else onSelect(row);
    } else if (event.key === 'Enter') {
      if (task === null) onOpen(row);
      else onToggle(task);
    } else return;
    event.preventDefault();
  };
  const rowOf = (target: EventTarget): number | null => {
    const index = target instanceof Element ? target.closest<HTMLElement>('tr[data-index]')?.dataset['index'] : undefined;
    return index === undefined ? null : Number(index);
  };
  const click = (event: MouseEvent): void => {
    const index = rowOf(event.target);
    const row = index === null ? undefined : rows[index];
    if (index === null || row === undefined) return;
    go(index);
    const task = taskOfRow(row);
    if (task !== null) onToggle(task);
    else if (event.ctrlKey || event.metaKey) onToggleSelection(row);
    else onSelect(row);
  };
  const doubleClick = (event: MouseEvent): void => {
    const row = rows[rowOf(event.target) ?? -1];
    if (row !== undefined && taskOfRow(row) === null) onOpen(row);
  };
  // A table whose rows are acted on, as the ARIA guide has it: one stop for Tab, and keys from row to row.
  const [first] = rows;
  const grid = {
    // Only in a tree may rows say that they are folded.
    role: first !== undefined && taskOfRow(first) !== null ? 'treegrid' : 'grid',
    tabIndex: 0,
    'aria-multiselectable': true,
    'aria-activedescendant': rows.length > 0 ? `${id}-${at}` : undefined,
    onKeyDown: press,
    onClick: click,
    onDoubleClick: doubleClick,
  };
  return (
    <div ref={scroller} className={`min-h-0 flex-1 overflow-auto ${OUTLINE}`}>
      <table
        {...grid}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        className="group/grid block w-max min-w-full cursor-default text-t1 outline-none"
      >
        <thead className="sticky top-0 z-10 block border-b border-line bg-card">
          <tr aria-rowindex={1} className="grid items-end px-1" style={template}>
            {columns.map((column, c) => (
              <th
                key={column.id}
                scope="col"
                aria-colindex={c + 1}
                aria-sort={ariaSort(column)}
                data-column={column.id}
                onPointerDown={(event) => begin(event, column.id)}
                className={
                  `block min-w-0 p-0 px-[6px] pt-1 text-t0 font-[400] text-ink2 ${drag?.id === column.id ? 'opacity-45' : ''} ` +
                  (drag?.before === column.id ? 'shadow-[inset_2px_0_var(--focus)]' : '')
                }
              >
                {renderHead(column, (widths[c] ?? 0) - PADDING)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, size, start }) => {
            const row = rows[index] ?? 0;
            const task = taskOfRow(row);
            const place = { height: size, transform: `translateY(${start}px)` };
            const about = { id: `${id}-${index}`, 'data-index': index, 'aria-rowindex': index + 2 };
            const mark = index === at ? ACTIVE : '';
            return task === null ? (
              <RolloutRow
                key={key}
                id={`${id}-${index}`}
                index={index}
                row={row}
                columns={columns}
                template={template.gridTemplateColumns}
                start={start}
                size={size}
                isSelected={row === selected}
                isChosen={isInSelection(row)}
                isActive={index === at}
              />
            ) : (
              <tr
                key={key}
                {...about}
                aria-expanded={!isClosed(task)}
                style={place}
                className={`absolute top-0 left-0 block w-full border-b border-line bg-sunk ${mark}`}
              >
                <td colSpan={columns.length} className="sticky left-0 flex h-full w-max items-center p-0 px-[10px]">
                  {renderGroup(task)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly index: number;
  readonly row: number;
  readonly columns: readonly RolloutColumn[];
  readonly template: string;
  readonly start: number;
  readonly size: number;
  readonly isSelected: boolean;
  /** One of the selection. */
  readonly isChosen: boolean;
  readonly isActive: boolean;
}

/** Rendered once while it scrolls by. */
const RolloutRow = memo(function RolloutRow({ id, index, row, columns, template, start, size, isSelected, isChosen, isActive }: RowProps) {
  return (
    <tr
      id={id}
      data-index={index}
      aria-rowindex={index + 2}
      aria-current={isSelected}
      aria-selected={isChosen}
      data-chosen={isChosen}
      style={{ height: size, transform: `translateY(${start}px)`, gridTemplateColumns: template }}
      className={
        `absolute top-0 left-0 grid w-full items-center border-b border-line px-1 ` +
        `${isSelected ? 'bg-leaf-soft shadow-[inset_3px_0_var(--leaf)]' : isChosen ? CHOSEN : 'hover:bg-paper'} ${isActive ? ACTIVE : ''}`
      }
    >
      {columns.map((column, c) => (
        <Cell key={column.id} column={column} row={row} index={c} />
      ))}
    </tr>
  );
});

function Cell({ column, row, index }: { readonly column: RolloutColumn; readonly row: number; readonly index: number }) {
  const { shown, exact } = cellText(column, row);
  const look = column.type === 'number' ? 'text-right tabular-nums' : column.id === 'id' ? 'font-mono' : '';
  return (
    <td
      aria-colindex={index + 1}
      title={`${visible(column.label)}: ${exact}`}
      className={`block truncate p-0 px-[6px] ${look} ${shown === '–' ? 'text-ink3' : ''}`}
    >
      {shown}
    </td>
  );
}
