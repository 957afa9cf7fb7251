/** A list of which only the rows in view exist. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useRows } from './rows.ts';

const SCROLLABLE = { tabIndex: 0 };

export function VirtualList({
  label,
  count,
  rowHeight,
  active,
  isPlain = false,
  renderRow,
}: {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Row to keep in view. */
  readonly active: number | null;
  /** No row can have the focus, so the list itself can: keys then scroll it. */
  readonly isPlain?: boolean;
  readonly renderRow: (index: number) => ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRows({ count, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });
  useEffect(() => {
    if (active !== null && active >= 0) virtual.scrollToIndex(active, { align: 'auto' });
  }, [active, virtual]);
  return (
    <div ref={scroller} {...(isPlain ? SCROLLABLE : {})} className="min-h-0 flex-1 overflow-auto -outline-offset-2">
      <ul aria-label={label} className="relative m-0 w-full list-none p-0" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            aria-setsize={count}
            aria-posinset={item.index + 1}
            className="absolute top-0 left-0 w-full"
            style={{ height: item.size, transform: `translateY(${item.start}px)` }}
          >
            {renderRow(item.index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
