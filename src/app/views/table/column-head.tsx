/** The head of a column: its spread where it has numbers, and its name, which sorts. */
import { memo, useDeferredValue, useMemo } from 'react';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { binsOf, matchingIn, type Bins } from '../../../core/rollouts/histogram.ts';
import { visible } from '../../../base/visible.ts';
import { useChoices } from '../../state/choices.ts';
import type { TableOrder } from '../../state/table-look.ts';
import { hasRange, withRange } from '../../../core/filter/range.ts';
import { HEIGHT, Histogram } from './histogram.tsx';

/** Not rendered again while rows scroll by. */
export const ColumnHead = memo(function ColumnHead({
  column,
  width,
  isMatching,
  order,
}: {
  readonly column: RolloutColumn;
  readonly width: number;
  /** rollout -> 1; null: all */
  readonly isMatching: Uint8Array | null;
  readonly order: TableOrder | null;
}) {
  const filter = useChoices((s) => s.filter);
  const set = useChoices((s) => s.set);
  const now = column.type === 'number' ? column.values : null;
  // Counted when nothing is more urgent, a column at a time: of very many rows all columns together would hold the page up.
  const values = useDeferredValue(now, null);
  const taken = useDeferredValue(isMatching);
  const bins = useMemo(() => {
    const own = values && heldBins(values);
    return own && matchingIn(own, taken);
  }, [values, taken]);
  const own = order?.column === column.id ? order : null;
  const label = visible(column.label);
  return (
    <>
      {column.type === 'number' && bins && (
        <Histogram
          label={label}
          unit={column.unit}
          bins={bins}
          width={width}
          hasRange={hasRange(filter, column.id)}
          onRange={(range) => set({ filter: withRange(filter, column.id, range) })}
        />
      )}
      {now !== null && values === null && <div style={{ height: HEIGHT }} />}
      <button
        type="button"
        title={`${label}: ${visible(column.help)}`}
        onClick={() => set({ table: { ...useChoices.getState().table, order: nextOrder(column, own) } })}
        className={
          `flex h-6 w-full min-w-0 items-center gap-px hover:text-ink ` +
          `${column.type === 'number' ? 'justify-end text-right' : 'text-left'} ${own ? 'font-[600] text-ink' : ''}`
        }
      >
        {/* Two short lines rather than half a name. */}
        <span className={label.includes(' ') ? 'line-clamp-2 leading-[12px] wrap-break-word' : 'truncate'}>{label}</span>
        {/* It stands in the padding of the cell: the name keeps its room. */}
        {own && (
          <span aria-hidden="true" className="-mr-1.5 flex-none">
            {own.isDescending ? '↓' : '↑'}
          </span>
        )}
      </button>
    </>
  );
});

const held = new WeakMap<Float64Array, { readonly bins: Bins | null }>();

/** The bins of a column, made once: filters come and go. */
function heldBins(values: Float64Array): Bins | null {
  const known = held.get(values);
  if (known !== undefined) return known.bins;
  const bins = binsOf(values);
  held.set(values, { bins });
  return bins;
}

/** Numbers begin with the largest, words with the first; the third press goes back to the order of the log. */
function nextOrder({ id, type }: RolloutColumn, own: TableOrder | null): TableOrder | null {
  const isFirst = type !== 'text';
  if (own === null) return { column: id, isDescending: isFirst };
  return own.isDescending === isFirst ? { column: id, isDescending: !isFirst } : null;
}
