/** Which rows of a long list are drawn where it is scrolled a little, and where it leaps. */
import fc from 'fast-check';
import { useRef } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsDrawn, useRowsInSteps } from '../../../src/app/widgets/rows-in-steps.ts';

const HEIGHT = 20;
const IN_VIEW = 10;
const AROUND = 3;
const COUNT = 10_000;

let root: Root | undefined;
afterEach(() => {
  root?.unmount();
  document.body.innerHTML = '';
});

function List() {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRowsInSteps<HTMLDivElement, HTMLElement>({
    count: COUNT,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: AROUND,
  });
  return (
    <div ref={scroller} data-scroller style={{ height: IN_VIEW * HEIGHT, overflow: 'auto' }}>
      <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <p key={index} data-row={index} style={{ position: 'absolute', top: start, height: HEIGHT, margin: 0 }}>
            {index}
          </p>
        ))}
      </div>
    </div>
  );
}

const drawn = (): number[] => [...document.querySelectorAll<HTMLElement>('[data-row]')].map(({ dataset }) => Number(dataset['row']));
const from = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, i) => first + i);

describe('rows of a long list', () => {
  it('are all those in view, whatever was drawn before, with those around them unless it leapt', () => {
    const place = fc.nat(COUNT - 1);
    fc.assert(
      fc.property(place, fc.nat(40), fc.nat(5), place, (startIndex, more, overscan, settled) => {
        const endIndex = Math.min(COUNT - 1, startIndex + more);
        const rows = rowsDrawn({ startIndex, endIndex, overscan, count: COUNT }, settled);
        const wide = settled > startIndex - (endIndex - startIndex + 1) && settled < endIndex + 1 ? overscan : 0;
        expect(rows).toEqual(from(Math.max(0, startIndex - wide), Math.min(COUNT, endIndex + wide + 1)));
      }),
    );
  });

  it('has those around the view also after a leap, a moment later', async () => {
    const host = document.body.appendChild(document.createElement('div'));
    root = createRoot(host);
    root.render(<List />);
    await vi.waitFor(() => expect(drawn()).toEqual(from(0, IN_VIEW + AROUND)));
    const scroller = document.querySelector('[data-scroller]');
    for (const row of [5_000, 5_004, 20, COUNT - IN_VIEW]) {
      scroller?.scrollTo({ top: row * HEIGHT });
      await vi.waitFor(() => expect(drawn()).toEqual(from(row - AROUND, Math.min(COUNT, row + IN_VIEW + AROUND))));
    }
  });
});
