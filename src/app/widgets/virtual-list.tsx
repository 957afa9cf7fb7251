/** A list or table body of which only the rows in view exist. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

export function VirtualList({ label, count, rowHeight, active, role = 'list', header, row, onRange, className = '' }: {
  readonly label: string; readonly count: number; readonly rowHeight: number;
  /** Row to keep in view. */
  readonly active?: number | null;
  readonly role?: 'list' | 'listbox' | 'table';
  readonly header?: ReactNode;
  readonly row: (index: number) => ReactNode;
  readonly onRange?: (from: number, to: number) => void;
  readonly className?: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8, onChange: (v) => report(v.range) });
  const told = useRef('');
  function report(range: { startIndex: number; endIndex: number } | null): void {
    if (!range || !onRange) return;
    const words = `${range.startIndex}-${range.endIndex}`;
    if (words === told.current) return;
    told.current = words;
    onRange(range.startIndex, range.endIndex + 1);
  }
  useEffect(() => {
    if (active !== undefined && active !== null && active >= 0) virtual.scrollToIndex(active, { align: 'auto' });
  }, [active, virtual]);
  return (
    <div ref={scroller} role={role} aria-label={label} aria-rowcount={role === 'table' ? count : undefined} className={`min-h-0 flex-1 overflow-auto ${className}`}>
      {header}
      <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} role="presentation" className="absolute top-0 left-0 w-full" style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
            {row(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
