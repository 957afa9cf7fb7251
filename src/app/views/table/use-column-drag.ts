/** Columns are dragged by their names to another place; a press that goes nowhere still sorts. */
import { useState } from 'react';
import type { PointerEvent } from 'react';

/** Pixels that a pointer may travel and still press a name. */
const SLACK = 6;

interface Drag {
  readonly id: string;
  /** Null: behind the last; undefined: nowhere. */
  readonly before: string | null | undefined;
}

export function useColumnDrag(onMove: ((id: string, before: string | null) => void) | undefined): {
  readonly drag: Drag | null;
  readonly begin: (event: PointerEvent<HTMLElement>, id: string) => void;
} {
  const [drag, setDrag] = useState<Drag | null>(null);
  const begin = (event: PointerEvent<HTMLElement>, id: string): void => {
    if (onMove === undefined || event.button !== 0 || !(event.target instanceof Element) || event.target.closest('button') === null) return;
    const from = event.clientX;
    const row = event.currentTarget.parentElement;
    const ended = new AbortController();
    const { signal } = ended;
    let before: string | null | undefined;
    let isDragged = false;
    addEventListener(
      'pointermove',
      ({ clientX }) => {
        isDragged ||= Math.abs(clientX - from) > SLACK;
        if (!isDragged) return;
        before = placeAt(row, clientX);
        setDrag({ id, before });
      },
      { signal },
    );
    const end = (isDropped: boolean): void => {
      ended.abort();
      setDrag(null);
      if (!isDragged) return;
      // The press that ends a drag is none on the name.
      const still = (click: Event): void => click.stopPropagation();
      addEventListener('click', still, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', still, { capture: true }));
      if (isDropped && before !== undefined) onMove(id, before);
    };
    addEventListener('pointerup', () => end(true), { signal });
    addEventListener('pointercancel', () => end(false), { signal });
    addEventListener('keydown', ({ key }) => key === 'Escape' && end(false), { signal });
  };
  return { drag, begin };
}

/** The column whose left half lies under the pointer, or the one behind it. */
function placeAt(row: HTMLElement | null, x: number): string | null {
  for (const head of row?.querySelectorAll<HTMLElement>('[data-column]') ?? []) {
    const { left, width } = head.getBoundingClientRect();
    if (x < left + width / 2) return head.dataset['column'] ?? null;
  }
  return null;
}
