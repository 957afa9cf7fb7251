/** The curve of a budget whose two handles are its sliders: round for the cut, square for training, by pointer and by keys. */
import { linesOf, percent, plotOf, unitName, valueAt, xOf, yOf } from './curve-chart.ts';
import type { CurveData } from './curve-chart.ts';
import { drawChart, nameLines } from './draw-curve.ts';
import type { Name } from './draw-curve.ts';
import { drawHandles } from './draw-handles.ts';
import { makeFrame } from './frame.ts';
import { clearLayer, makeLayer, sizeLayer } from './layer.ts';
import { afterKey, STEPS } from './slider-keys.ts';
import { readTheme, watchTheme } from './theme.ts';

export type Handle = 'cut' | 'train';

export interface BudgetCurveEvents {
  /** While dragging or holding a key: 0..1. */
  readonly onShare: (share: number, handle: Handle) => void;
  /** When the pointer or the key is let go. */
  readonly onCommit: (share: number, handle: Handle) => void;
  /** A handle is taken, by pointer or by focus. */
  readonly onTake?: (handle: Handle) => void;
}

export interface BudgetCurve {
  setData(data: CurveData): void;
  setShare(share: number, handle?: Handle): void;
  /** The handle that the pointer moves where it is near neither. */
  setTarget(handle: Handle): void;
  dispose(): void;
}

/** CSS pixels from a handle's middle within which the pointer takes it. */
const REACH = 14;
const LABELS = {
  cut: 'Budget: share of the cost that is kept',
  train: 'Train budget: share of the kept sampled tokens that carry loss',
} as const;

export function createBudgetCurve(host: HTMLElement, events: BudgetCurveEvents): BudgetCurve {
  const root = document.createElement('div');
  root.style.cssText = 'position:absolute;inset:0;touch-action:none;user-select:none;cursor:ew-resize;border-radius:5px';
  if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
  host.append(root);
  const chart = makeLayer(root, 'chart');
  const layer = makeLayer(root, 'handle');

  let data: CurveData | null = null;
  const shares: Record<Handle, number> = { cut: 1, train: 1 };
  let target: Handle = 'cut';
  let theme = readTheme(root);
  let width = 0;
  let height = 0;
  let scale = 1;
  let names: readonly Name[] = [];
  let chartDirty = true;
  let dragging: Handle | null = null;
  let uncommitted: Handle | null = null;
  const abort = new AbortController();
  const listen = { signal: abort.signal };

  const slider = (handle: Handle): HTMLElement => {
    const made = document.createElement('div');
    // It has the pointer's events as part of the plot; here it is what keys and readers find.
    made.style.cssText = 'position:absolute;width:24px;height:24px;margin:-12px;pointer-events:none;border-radius:50%';
    made.tabIndex = 0;
    made.dataset['handle'] = handle;
    for (const [name, value] of Object.entries({
      role: 'slider',
      'aria-label': LABELS[handle],
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-orientation': 'horizontal',
    }))
      made.setAttribute(name, value);
    root.append(made);
    return made;
  };
  const sliders: Readonly<Record<Handle, HTMLElement>> = { cut: slider('cut'), train: slider('train') };

  /** What stands at a handle: retained, or with loss; null: not known. */
  const valueOf = (handle: Handle): number | null => {
    const own = data && linesOf(data)[0];
    if (!data || !own) return null;
    if (handle === 'cut') return valueAt(own.shares, own.values, shares.cut);
    if (data.trainValue !== undefined) return data.trainValue;
    return null;
  };
  const placeOf = (handle: Handle): { readonly x: number; readonly y: number } => {
    const plot = plotOf(width, height, data);
    const value = valueOf(handle);
    return { x: xOf(plot, shares[handle]), y: value === null ? plot.bottom : yOf(plot, value) };
  };
  const frame = makeFrame(() => {
    if (width === 0 || height === 0) return;
    const plot = plotOf(width, height, data);
    if (chartDirty) {
      chartDirty = false;
      clearLayer(chart, scale);
      drawChart(chart.context, plot, theme, data, width, height);
      names = data ? nameLines(chart.context, plot, theme, linesOf(data)) : [];
    }
    clearLayer(layer, scale);
    if (!data) return;
    const active = dragging ?? (sliders.cut.matches(':focus-visible') ? 'cut' : sliders.train.matches(':focus-visible') ? 'train' : null);
    drawHandles(layer.context, plot, theme, data, names, {
      cut: { share: shares.cut, ...placeOf('cut') },
      train: { share: shares.train, ...placeOf('train') },
      active,
      target,
    });
    for (const handle of ['cut', 'train'] as const) {
      const { x, y } = placeOf(handle);
      sliders[handle].style.left = `${x}px`;
      sliders[handle].style.top = `${y}px`;
    }
  });
  const redraw = (): void => {
    chartDirty = true;
    frame.request();
  };
  const tell = (): void => {
    for (const handle of ['cut', 'train'] as const) {
      sliders[handle].setAttribute('aria-valuenow', String(Math.round(shares[handle] * STEPS) / 10));
      sliders[handle].setAttribute('aria-valuetext', `${percent(shares[handle])} of the ${unitOf(handle)}${toldOf(handle)}`);
    }
    frame.request();
  };
  const unitOf = (handle: Handle): string => (handle === 'train' ? 'kept sampled tokens' : data ? unitName(data.order) : 'cost');
  const toldOf = (handle: Handle): string => {
    const value = valueOf(handle);
    if (value === null) return '';
    if (data?.of === 'gradient') return `, gradient cosine ${value.toFixed(2)}`;
    return handle === 'train' ? `, ${percent(value)} of the signal carries loss` : `, ${percent(value)} of the signal retained`;
  };
  const change = (handle: Handle, next: number): void => {
    const rounded = Math.min(1, Math.max(0, Math.round(next * STEPS) / STEPS));
    if (!data || rounded === shares[handle]) return;
    shares[handle] = rounded;
    uncommitted = handle;
    tell();
    events.onShare(rounded, handle);
  };
  const commit = (): void => {
    if (uncommitted === null) return;
    const handle = uncommitted;
    uncommitted = null;
    events.onCommit(shares[handle], handle);
  };
  const take = (handle: Handle): void => {
    target = handle;
    events.onTake?.(handle);
    frame.request();
  };

  const at = (event: PointerEvent): { readonly x: number; readonly y: number } => {
    const box = root.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const follow = (event: PointerEvent): void => {
    const plot = plotOf(width, height);
    if (dragging) change(dragging, (at(event).x - plot.left) / (plot.right - plot.left));
  };
  /** The handle under the pointer, the nearer of two; else the one in force. */
  const handleAt = (point: { readonly x: number; readonly y: number }): Handle => {
    const away = (handle: Handle): number => Math.hypot(placeOf(handle).x - point.x, placeOf(handle).y - point.y);
    const [cut, train] = [away('cut'), away('train')];
    if (Math.min(cut, train) > REACH || cut === train) return target;
    return cut < train ? 'cut' : 'train';
  };
  const on = <K extends keyof HTMLElementEventMap>(element: HTMLElement, type: K, act: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(type, act, listen);
  const release = (): void => {
    dragging = null;
    frame.request();
    commit();
  };
  on(root, 'pointerdown', (event) => {
    if (event.button !== 0) return;
    root.setPointerCapture(event.pointerId);
    dragging = handleAt(at(event));
    take(dragging);
    sliders[dragging].focus({ preventScroll: true });
    follow(event);
  });
  on(root, 'pointermove', follow);
  on(root, 'pointerup', release);
  on(root, 'pointercancel', release);
  for (const handle of ['cut', 'train'] as const) {
    on(sliders[handle], 'keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = afterKey(shares[handle], event.key, event.shiftKey);
      if (next === null) return;
      event.preventDefault();
      change(handle, next);
    });
    on(sliders[handle], 'keyup', commit);
    on(sliders[handle], 'focus', () => take(handle));
    on(sliders[handle], 'blur', () => {
      if (dragging === null) release();
    });
  }

  const resize = (): void => {
    const box = root.getBoundingClientRect();
    width = box.width;
    height = box.height;
    scale = devicePixelRatio || 1;
    for (const each of [chart, layer]) sizeLayer(each, width, height, scale);
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
    setShare(next, handle = 'cut') {
      // While the person holds the handle, an answer to an earlier position must not move it.
      if (uncommitted === handle || next === shares[handle]) return;
      shares[handle] = next;
      tell();
    },
    setTarget(next) {
      target = next;
      frame.request();
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
