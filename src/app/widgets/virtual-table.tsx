/** A table of which only the rows in view exist; it tells which rows those are, so that only they are fetched. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useRows } from './rows.ts';

export function VirtualTable({
  label,
  columns,
  names,
  firstNumber = Infinity,
  count,
  rowHeight,
  renderCells,
  onRange,
}: {
  readonly label: string;
  /** Classes that lay out a row as a grid. */
  readonly columns: string;
  readonly names: readonly string[];
  /** Columns before it stand at the left, it and those behind it at the right; default: all at the left. */
  readonly firstNumber?: number;
  readonly count: number;
  readonly rowHeight: number;
  /** The `<td>`s of a row. */
  readonly renderCells: (index: number) => ReactNode;
  readonly onRange: (from: number, to: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });
  const from = virtual.range?.startIndex ?? 0;
  const to = (virtual.range?.endIndex ?? 0) + 1;
  useEffect(() => onRange(from, to), [from, to, onRange]);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <table aria-label={label} aria-rowcount={count} className="block min-w-max">
        <thead className="sticky top-0 z-10 block bg-sunk text-t0 text-ink2">
          <tr className={`${columns} h-7 border-b border-line`}>
            {names.map((name, at) => (
              <th key={name} scope="col" className={`p-0 font-[400] ${at >= firstNumber ? 'text-right' : 'text-left'}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <tr
              key={item.key}
              aria-rowindex={item.index + 1}
              className={`${columns} absolute top-0 left-0 w-full border-b border-line`}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {renderCells(item.index)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
