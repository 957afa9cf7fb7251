/** Rows of a long list, of which a leap draws those in view first, and those around it in a task of their own. */
import { defaultRangeExtractor, type Range, type ReactVirtualizer, type ReactVirtualizerOptions } from '@tanstack/react-virtual';
import { startTransition, useCallback, useEffect, useState } from 'react';
import { useRows } from './rows.ts';

type Options<S extends Element, I extends Element> = Omit<
  ReactVirtualizerOptions<S, I>,
  'observeElementRect' | 'observeElementOffset' | 'scrollToFn' | 'rangeExtractor'
>;

/** As `useRows`. */
export function useRowsInSteps<S extends Element, I extends Element>(options: Options<S, I>): ReactVirtualizer<S, I> {
  /** The first row in view when those around it were drawn last. */
  const [settled, setSettled] = useState(0);
  const virtual = useRows<S, I>({ ...options, rangeExtractor: useCallback((range: Range) => rowsDrawn(range, settled), [settled]) });
  const first = virtual.range?.startIndex ?? 0;
  useEffect(() => startTransition(() => setSettled(first)), [first]);
  return virtual;
}

/** Rows to draw, ascending: without those around the view where it moved by all of its rows, or more, since `settled`. */
export function rowsDrawn(range: Range, settled: number): number[] {
  const inView = range.endIndex - range.startIndex + 1;
  return defaultRangeExtractor(Math.abs(range.startIndex - settled) < inView ? range : { ...range, overscan: 0 });
}
