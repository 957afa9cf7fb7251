/** The retained-signal curve whose handle is the budget slider: a chart, a pointer target and a slider for the keyboard. */
import { linesOf, percent, plotOf, unitName, valueAt } from './curve-chart.ts';
import type { CurveData } from './curve-chart.ts';
import { drawChart, drawHandle, nameLines } from './draw-curve.ts';
import type { Name } from './draw-curve.ts';
import { makeFrame } from './frame.ts';
import { clearLayer, makeLayer, sizeLayer } from './layer.ts';
import { readTheme, watchTheme } from './theme.ts';

export interface BudgetCurveEvents {
  /** While dragging or holding a key: 0..1. */
  readonly onShare: (share: number) => void;
  /** When the pointer or the key is let go. */
  readonly onCommit: (share: number) => void;
}

export interface BudgetCurve {
  setData(data: CurveData): void;
  setShare(share: number): void;
  dispose(): void;
}

/** Pointer positions and keys are rounded to a tenth of a percent. */
const STEPS = 1000;

export function createBudgetCurve(host: HTMLElement, events: BudgetCurveEvents): BudgetCurve {
  const root = document.createElement('div');
  root.style.cssText =
    'position:absolute;inset:0;touch-action:none;user-select:none;cursor:ew-resize;outline-offset:-2px;border-radius:5px';
  root.tabIndex = 0;
  root.setAttribute('role', 'slider');
  root.setAttribute('aria-label', 'Budget: share of the cost that is kept');
  root.setAttribute('aria-valuemin', '0');
  root.setAttribute('aria-valuemax', '100');
  root.setAttribute('aria-orientation', 'horizontal');
  if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
  host.append(root);
  const chart = makeLayer(root, 'chart');
  const handle = makeLayer(root, 'handle');

  let data: CurveData | null = null;
  let share = 1;
  let theme = readTheme(root);
  let width = 0;
  let height = 0;
  let scale = 1;
  let names: readonly Name[] = [];
  let chartDirty = true;
  let dragging = false;
  let uncommitted = false;

  const frame = makeFrame(() => {
    if (width === 0 || height === 0) return;
    const plot = plotOf(width, height, data);
    if (chartDirty) {
      chartDirty = false;
      clearLayer(chart, scale);
      drawChart(chart.context, plot, theme, data, width, height);
      names = data ? nameLines(chart.context, plot, theme, linesOf(data)) : [];
    }
    clearLayer(handle, scale);
    if (data) drawHandle(handle.context, plot, theme, data, names, share, dragging || root.matches(':focus-visible'));
  });
  const redraw = (): void => {
    chartDirty = true;
    frame.request();
  };
  const tell = (): void => {
    root.setAttribute('aria-valuenow', String(Math.round(share * STEPS) / 10));
    const own = data ? linesOf(data)[0] : undefined;
    const value = own ? valueAt(own.shares, own.values, share) : null;
    const retained =
      value === null
        ? ''
        : data?.of === 'gradient'
          ? `, gradient cosine ${value.toFixed(2)}`
          : `, ${percent(value)} of the signal retained`;
    root.setAttribute('aria-valuetext', `${percent(share)} of the ${data ? unitName(data.order) : 'cost'}${retained}`);
    frame.request();
  };
  const change = (next: number): void => {
    const rounded = Math.min(1, Math.max(0, Math.round(next * STEPS) / STEPS));
    if (!data || rounded === share) return;
    share = rounded;
    uncommitted = true;
    tell();
    events.onShare(share);
  };
  const commit = (): void => {
    if (!uncommitted) return;
    uncommitted = false;
    events.onCommit(share);
  };

  const abort = new AbortController();
  const listen = { signal: abort.signal };
  const follow = (event: PointerEvent): void => {
    const plot = plotOf(width, height);
    change((event.clientX - root.getBoundingClientRect().left - plot.left) / (plot.right - plot.left));
  };
  root.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      root.setPointerCapture(event.pointerId);
      dragging = true;
      follow(event);
    },
    listen,
  );
  root.addEventListener(
    'pointermove',
    (event) => {
      if (dragging) follow(event);
    },
    listen,
  );
  const release = (): void => {
    dragging = false;
    frame.request();
    commit();
  };
  root.addEventListener('pointerup', release, listen);
  root.addEventListener('pointercancel', release, listen);
  root.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = afterKey(share, event.key, event.shiftKey);
      if (next === null) return;
      event.preventDefault();
      change(next);
    },
    listen,
  );
  root.addEventListener('keyup', commit, listen);
  root.addEventListener('focus', () => frame.request(), listen);
  root.addEventListener('blur', release, listen);

  const resize = (): void => {
    const box = root.getBoundingClientRect();
    width = box.width;
    height = box.height;
    scale = devicePixelRatio || 1;
    for (const layer of [chart, handle]) sizeLayer(layer, width, height, scale);
    redraw();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(root);
  const unwatch = watchTheme(() => {
    theme = readTheme(root);
    redraw();
  });
  resize();
  tell();

  return {
    setData(next) {
      data = next;
      tell();
      redraw();
    },
    setShare(next) {
      // While the person holds the handle, an answer to an earlier position must not move it.
      if (uncommitted || next === share) return;
      share = next;
      tell();
    },
    dispose() {
      abort.abort();
      frame.dispose();
      observer.disconnect();
      unwatch();
      root.remove();
    },
  };
}

/** The share after a key: arrows 1 % (with shift 0.1 %), page keys 10 %, Home and End; null for other keys. */
function afterKey(share: number, key: string, shift: boolean): number | null {
  const step = shift ? 0.001 : 0.01;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return share + step;
    case 'ArrowLeft':
    case 'ArrowDown':
      return share - step;
    case 'PageUp':
      return share + 0.1;
    case 'PageDown':
      return share - 0.1;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return null;
  }
}
