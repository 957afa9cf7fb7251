/** Blocks as rows of runs, on a canvas that shows those in view; a card says what is under the pointer or chosen by keys. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { visible } from '../../../base/visible.ts';
import { RUN_KINDS, type RunKind } from '../../../core/prefix/packing.ts';
import type { PackingPicture as Picture } from '../../../engine/answers/prefix-cost.ts';
import type { Layer } from '../../canvas/layer.ts';
import { makeLayer, sizeLayer } from '../../canvas/layer.ts';
import {
  blockOfRun,
  drawPacking,
  PACKING,
  packingPaint,
  packingView,
  runAtPoint,
  runAtToken,
  runSpan,
  type PackingView,
} from '../../canvas/packing-scene.ts';
import { readTheme, watchTheme, type Theme } from '../../canvas/theme.ts';
import { useTasks } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';

const KIND_NAMES: Readonly<Record<RunKind, string>> = {
  shared: 'shared, here first',
  own: 'of one record',
  repeated: 'repeated',
};
const MOST_HEIGHT = 280;
const CARD = 228;
const CARD_HEIGHT = 124;

export function PackingPicture({
  name,
  picture,
  room,
  taskKeys,
}: {
  readonly name: string;
  readonly picture: Picture;
  readonly room: number;
  readonly taskKeys: readonly string[];
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLInputElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const layer = useRef<Layer | null>(null);
  const [width, setWidth] = useState(0);
  const [look, setLook] = useState<{ readonly theme: Theme; readonly soft: string } | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const [at, setAt] = useState<number | null>(null);
  const labels = useTasks()?.label;
  const nameOf = (run: number): string => visible(labels?.[picture.runTask[run] ?? -1] ?? taskKeys[picture.runTask[run] ?? -1] ?? '');
  const selectTask = useChoices((s) => s.selectTask);
  const view = useMemo(() => packingView(picture, room, width), [picture, room, width]);
  const height = Math.min(MOST_HEIGHT, Math.max(1, picture.blocks) * PACKING.row);
  const shown = at !== null && at < picture.runTokens.length ? at : null;

  useEffect(() => {
    const { current } = host;
    if (!current) return undefined;
    layer.current = makeLayer(current, 'packing');
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    const read = (): void => setLook({ theme: readTheme(current), soft: getComputedStyle(current).getPropertyValue('--cut-soft').trim() });
    read();
    const unwatch = watchTheme(read);
    return () => {
      observer.disconnect();
      unwatch();
      layer.current?.canvas.remove();
      layer.current = null;
    };
  }, []);
  useEffect(() => {
    if (!layer.current || look === null || width === 0) return;
    const scale = globalThis.devicePixelRatio || 1;
    sizeLayer(layer.current, width, height, scale);
    const paint = packingPaint(layer.current.context, look.theme, look.soft, scale);
    drawPacking(layer.current, view, paint, height, scrolled, shown);
  }, [view, height, scrolled, shown, look, width]);

  const choose = (run: number | null): void => {
    setAt(run);
    if (run === null || !scroller.current) return;
    const top = blockOfRun(view, run) * PACKING.row;
    const { scrollTop } = scroller.current;
    if (top < scrollTop) scroller.current.scrollTop = top;
    else if (top + PACKING.row > scrollTop + height) scroller.current.scrollTop = top + PACKING.row - height;
  };
  const openTask = (): void => {
    const task = shown === null ? undefined : taskKeys[picture.runTask[shown] ?? -1];
    if (task !== undefined) selectTask(task);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') openTask();
    else if (event.key === 'Escape' && shown !== null) setAt(null);
    else {
      const next = stepOf(event.key, view, shown);
      if (next === undefined) return;
      choose(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const box = host.current?.getBoundingClientRect();
    if (box) setAt(runAtPoint(view, event.clientX - box.left, event.clientY - box.top + scrolled));
  };
  if (picture.blocks === 0) return <p className="m-0 px-3 py-2 text-t1 text-ink2">No record fits into a block.</p>;
  return (
    <div className="relative">
      <input
        ref={slider}
        type="range"
        aria-label={`${name}, ${plural(picture.blocks, 'block')}`}
        min={1}
        max={picture.runTokens.length}
        value={(shown ?? 0) + 1}
        aria-valuetext={shown === null ? 'no run is chosen' : wordsOf(view, shown, nameOf(shown))}
        onChange={(event) => choose(Number(event.target.value) - 1)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        className="peer sr-only"
      />
      <div
        ref={scroller}
        title="Arrows go from run to run and from block to block; Enter or a click chooses the task"
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(null)}
        onPointerUp={() => {
          openTask();
          slider.current?.focus({ preventScroll: true });
        }}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        style={{ height }}
        className="overflow-x-hidden overflow-y-auto peer-focus-visible:outline-2 peer-focus-visible:outline-focus"
      >
        <div style={{ height: picture.blocks * PACKING.row }}>
          <div ref={host} className="sticky top-0" style={{ height }} />
        </div>
      </div>
      {shown !== null && <RunCard view={view} run={shown} scrolled={scrolled} task={nameOf(shown)} />}
    </div>
  );
}

function wordsOf(view: PackingView, run: number, task: string): string {
  const { runKind, runTokens } = view.picture;
  const kind = KIND_NAMES[RUN_KINDS[runKind[run] ?? 0] ?? 'own'];
  return `block ${exact(blockOfRun(view, run) + 1)}, ${kind}, ${plural(runTokens[run] ?? 0, 'token')} of task ${task}`;
}

/** The run that a key goes to; undefined: it goes nowhere. */
function stepOf(key: string, view: PackingView, at: number | null): number | undefined {
  const { start, blocks, runTokens } = view.picture;
  const now = at ?? -1;
  const block = at === null ? -1 : blockOfRun(view, at);
  const inBlock = (to: number): number => {
    const there = Math.min(blocks - 1, Math.max(0, to));
    return at === null ? (start[there] ?? 0) : runAtToken(view, there, view.left[at] ?? 0);
  };
  switch (key) {
    case 'ArrowRight':
      return Math.min(runTokens.length - 1, now + 1);
    case 'ArrowLeft':
      return Math.max(0, now - 1);
    case 'ArrowDown':
      return inBlock(block + 1);
    case 'ArrowUp':
      return inBlock(block - 1);
    case 'PageDown':
      return inBlock(block + 10);
    case 'PageUp':
      return inBlock(block - 10);
    case 'Home':
      return start[Math.max(0, block)] ?? 0;
    case 'End':
      return (start[Math.max(0, block) + 1] ?? 1) - 1;
    default:
      return undefined;
  }
}

/** In the window: below the run, above it where there is no room. @param box of the picture */
function cardPlace(view: PackingView, run: number, scrolled: number, box: DOMRect): { readonly left: number; readonly top: number } {
  const row = box.top + blockOfRun(view, run) * PACKING.row - scrolled;
  const below = row + PACKING.row + 4;
  return {
    left: Math.max(4, Math.min(box.left + runSpan(view, run).from, innerWidth - CARD - 8)),
    top: below + CARD_HEIGHT > innerHeight ? row - CARD_HEIGHT - 4 : below,
  };
}

function RunCard({
  view,
  run,
  scrolled,
  task,
}: {
  readonly view: PackingView;
  readonly run: number;
  readonly scrolled: number;
  readonly task: string;
}) {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = card.current?.parentElement?.getBoundingClientRect();
    if (!card.current || !box) return;
    const place = cardPlace(view, run, scrolled, box);
    card.current.style.left = `${place.left}px`;
    card.current.style.top = `${place.top}px`;
  }, [view, run, scrolled]);
  const { picture, left } = view;
  const kind = RUN_KINDS[picture.runKind[run] ?? 0] ?? 'own';
  const block = blockOfRun(view, run);
  const tokens = picture.runTokens[run] ?? 0;
  const begin = left[run] ?? 0;
  const rows = [
    ['tokens', exact(tokens)],
    ['in the block', `${exact(begin + 1)} to ${exact(begin + tokens)}`],
    ['tokens above it', exact(picture.runDepth[run] ?? 0)],
    ['records with it', exact(picture.runRecords[run] ?? 0)],
  ] as const;
  return (
    <div
      ref={card}
      role="tooltip"
      style={{ width: CARD, height: CARD_HEIGHT }}
      className="pointer-events-none fixed z-20 rounded border border-line2 bg-card px-3 py-2 text-t1 shadow-float"
    >
      <div className="flex items-center gap-1.5 font-[600]">
        <Swatch kind={kind} />
        Block {exact(block + 1)}, {KIND_NAMES[kind]}
      </div>
      <div className="truncate text-t0 text-ink2">{task}</div>
      <dl className="m-0 mt-1 text-t0">
        {rows.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-ink2">{name}</dt>
            <dd className="m-0 tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const SWATCHES: Readonly<Record<RunKind, string>> = { shared: 'bg-leaf', own: 'dots-text', repeated: 'stripes-cut' };

function Swatch({ kind }: { readonly kind: RunKind }) {
  return <i aria-hidden="true" className={`inline-block h-2.5 w-4 flex-none rounded-[2px] ${SWATCHES[kind]}`} />;
}

/** What the fills mean. */
export function PackingLegend() {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-t0 text-ink2">
      {RUN_KINDS.map((kind) => (
        <span key={kind} className="flex items-center gap-1">
          <Swatch kind={kind} />
          {KIND_NAMES[kind]}
        </span>
      ))}
      <span className="flex items-center gap-1">
        <i aria-hidden="true" className="inline-block h-2.5 w-4 flex-none border border-line2" />
        padding
      </span>
    </span>
  );
}
