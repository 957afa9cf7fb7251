/** A panel at an edge of the workbench: its inner edge is dragged, moved by arrow keys, or folds it away. */
import { useRef, useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';
import { PANE_LIMITS, paneSize, useLayout, type PaneName } from '../state/layout.ts';

const STEP = 16;

interface Edge {
  readonly area: string;
  readonly border: string;
  /** Where the handle lies: 9 px wide, over the edge. */
  readonly handle: string;
  readonly isAcross: boolean;
  /** Pixels that a pointer there makes the pane. */
  readonly sizeAt: (box: DOMRect, event: PointerEvent) => number;
  /** Points to where it folds and unfolds. */
  readonly arrows: readonly [fold: string, unfold: string];
}

const EDGES: Readonly<Record<PaneName, Edge>> = {
  left: {
    area: '[grid-area:tasks]',
    border: 'border-r border-line',
    handle: 'top-0 bottom-0 -right-[5px] w-[9px] cursor-col-resize',
    isAcross: false,
    sizeAt: (box, { clientX }) => clientX - box.left,
    arrows: ['‹', '›'],
  },
  right: {
    area: '[grid-area:node]',
    border: 'border-l border-line',
    handle: 'top-0 bottom-0 -left-[5px] w-[9px] cursor-col-resize',
    isAcross: false,
    sizeAt: (box, { clientX }) => box.right - clientX,
    arrows: ['›', '‹'],
  },
  bottom: {
    area: '[grid-area:budget]',
    border: 'border-t border-line2',
    handle: 'right-0 left-0 -top-[5px] h-[9px] cursor-row-resize',
    isAcross: true,
    sizeAt: (box, { clientY }) => box.bottom - clientY,
    arrows: ['⌄', '⌃'],
  },
};

interface PaneProps {
  readonly name: PaneName;
  /** What it holds, in the words of its handle. */
  readonly label: string;
  readonly children: ReactNode;
}

export function Pane({ name, label, children }: PaneProps) {
  const edge = EDGES[name];
  const { size, isFolded } = useLayout((s) => s.layout[name]);
  const setPane = useLayout((s) => s.setPane);
  const ref = useRef<HTMLElement>(null);
  const [measured, setMeasured] = useState(0);
  const [least, most] = PANE_LIMITS[name];
  const now = (): number => {
    const box = ref.current?.getBoundingClientRect();
    return box === undefined ? least : edge.isAcross ? box.height : box.width;
  };
  // What had the focus goes; what stands for it then takes it.
  const moves = useRef(false);
  const takeFocus = (element: HTMLElement | null): void => {
    if (element && moves.current) element.focus({ preventScroll: true });
    if (element) moves.current = false;
  };
  const fold = (): void => {
    moves.current = true;
    setPane(name, { isFolded: !isFolded });
  };
  if (isFolded) {
    return (
      <aside className={`flex min-h-0 min-w-0 bg-card ${edge.border} ${edge.area}`}>
        <button
          ref={takeFocus}
          type="button"
          aria-expanded={false}
          aria-label={`Show ${label}`}
          title={`Show ${label}`}
          onClick={fold}
          className={
            'grid flex-1 place-content-center text-t1 text-ink2 -outline-offset-2 hover:bg-sunk hover:text-ink ' +
            (edge.isAcross ? 'h-6' : 'w-6')
          }
        >
          {edge.arrows[1]}
        </button>
      </aside>
    );
  }
  return (
    <aside ref={ref} className={`relative flex min-h-0 min-w-0 flex-col bg-card ${edge.border} ${edge.area}`}>
      <div className="flex min-h-0 flex-1 flex-col overflow-hidden">{children}</div>
      <div className={`group absolute z-20 ${edge.handle}`}>
        <input
          ref={takeFocus}
          type="range"
          aria-label={`Size of ${label}, in pixels`}
          title="Drag, or use the arrow keys; Enter folds it, a double click sets it back"
          min={least}
          max={most}
          step={STEP}
          value={size ?? measured}
          onFocus={() => setMeasured(paneSize(name, now()))}
          onChange={(event) => setPane(name, { size: paneSize(name, event.target.valueAsNumber) })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // Else the press would go on to the button that takes the focus.
            event.preventDefault();
            fold();
          }}
          onDoubleClick={() => setPane(name, { size: null })}
          onPointerDown={(event) => {
            event.preventDefault();
            event.currentTarget.setPointerCapture(event.pointerId);
            event.currentTarget.focus({ preventScroll: true });
          }}
          onPointerMove={(event) => {
            const box = ref.current?.getBoundingClientRect();
            if (box && event.currentTarget.hasPointerCapture(event.pointerId))
              setPane(name, { size: paneSize(name, edge.sizeAt(box, event)) });
          }}
          className="bare-range absolute inset-0 m-0 size-full touch-none cursor-[inherit] hover:bg-focus/15 focus-visible:bg-focus/25"
        />
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Fold ${label}`}
          title={`Fold ${label}`}
          onClick={fold}
          className={
            'absolute top-1/2 left-1/2 hidden size-4 -translate-x-1/2 -translate-y-1/2 cursor-default place-content-center ' +
            'rounded-sm border border-line2 bg-card text-t0 leading-none text-ink2 group-hover:grid hover:text-ink'
          }
        >
          {edge.arrows[0]}
        </button>
      </div>
    </aside>
  );
}
