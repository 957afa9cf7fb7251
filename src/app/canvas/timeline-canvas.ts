/** The timeline on screen: its window, pointer and keys, outside of any component. */
import type { Timeline } from '../../core/schedule/timeline.ts';
import { clearLayer, makeLayer, sizeLayer } from './layer.ts';
import { makeFrame } from './frame.ts';
import { readTheme, watchTheme } from './theme.ts';
import type { TimeAxis } from './timeline-axis.ts';
import { HEAD_HEIGHT, makePatterns, paintTimeline, ROW, type Chosen, type TimeWindow } from './timeline-paint.ts';

export interface TimelineEvents {
  /** Null: nothing is under the pointer, or chosen. x and y are pixels from the canvas's top left corner. */
  readonly onShow: (shown: (Chosen & { readonly x: number; readonly y: number }) | null) => void;
  /** Enter, or a double click. */
  readonly onRead: (row: number) => void;
  /** Read out when the keyboard moves. */
  readonly describe: (chosen: Chosen) => string;
}

export interface TimelineCanvas {
  setTimeline(timeline: Timeline, axis: TimeAxis): void;
  fit(): void;
  zoom(factor: number): void;
  dispose(): void;
}

const LABEL =
  'Timeline, a row for each rollout. W and S zoom, A and D pan, arrows go from interval to interval and from row to row, ' +
  'Enter reads the rollout, 0 shows everything.';
const PAN = 64;
const ZOOM = 1.3;
/** Closest: a hundredth of a second is a pixel. */
const FINEST = 0.01;
const CLICK_SLACK = 4;

export function createTimelineCanvas(host: HTMLElement, events: TimelineEvents): TimelineCanvas {
  const root = document.createElement('div');
  root.style.cssText = 'position:absolute;inset:0;overflow:hidden;outline-offset:-2px;touch-action:pan-y;user-select:none';
  root.tabIndex = 0;
  root.setAttribute('role', 'application');
  root.setAttribute('aria-roledescription', 'timeline');
  root.setAttribute('aria-label', LABEL);
  host.append(root);
  const layer = makeLayer(root, 'timeline');
  const speech = document.createElement('div');
  speech.setAttribute('aria-live', 'polite');
  speech.style.cssText = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
  root.append(speech);

  let timeline: Timeline | null = null;
  let axis: TimeAxis | null = null;
  let theme = readTheme(root);
  let patterns = makePatterns(layer.context, theme);
  let chosen: Chosen | null = null;
  let [width, height, scale] = [0, 0, 1];
  let [left, per, top] = [0, 1, 0];

  const rows = (): number => timeline?.rollout.length ?? 0;
  const rowHeight = (): number => Math.min(ROW.most, Math.max(ROW.least, Math.floor((height - HEAD_HEIGHT) / Math.max(1, rows()))));
  const whole = (): number => (axis?.length ?? 1) / Math.max(1, width);
  const view = (): TimeWindow => ({ left, per, top, row: rowHeight(), width, height });
  const keepInside = (): void => {
    per = Math.min(Math.max(per, Math.min(FINEST, whole())), whole());
    left = Math.max(0, Math.min(left, (axis?.length ?? 0) - width * per));
    top = Math.max(0, Math.min(top, rows() * rowHeight() - (height - HEAD_HEIGHT)));
  };
  const frame = makeFrame(() => {
    if (timeline === null || axis === null || width < 1 || height < 1) return;
    keepInside();
    clearLayer(layer, scale);
    paintTimeline(layer.context, { timeline, axis, theme, patterns, chosen }, view());
    root.dataset['left'] = String(left);
    root.dataset['per'] = String(per);
  });

  const zoomAt = (factor: number, x: number): void => {
    const before = left + x * per;
    per /= factor;
    per = Math.min(Math.max(per, Math.min(FINEST, whole())), whole());
    left = before - x * per;
    frame.request();
  };
  const pan = (dx: number, dy: number): void => {
    left -= dx * per;
    top -= dy;
    frame.request();
  };
  const fit = (): void => {
    [left, per, top] = [0, whole(), 0];
    frame.request();
  };
  /** What lies at a pixel. */
  const at = (x: number, y: number): Chosen | null => {
    if (timeline === null || axis === null || y < HEAD_HEIGHT) return null;
    const row = Math.floor((y - HEAD_HEIGHT + top) / rowHeight());
    if (row < 0 || row >= rows()) return null;
    const place = left + x * per;
    const { first, edges } = timeline;
    for (let i = first[row]!; i + 1 < first[row + 1]!; i++)
      if (axis.placeOf(edges[i]!) <= place && place < axis.placeOf(edges[i + 1]!)) return { row, interval: i - first[row]! };
    return null;
  };
  const choose = (next: Chosen | null): void => {
    chosen = next;
    if (next !== null && timeline !== null && axis !== null) {
      const from = axis.placeOf(timeline.edges[timeline.first[next.row]! + next.interval]!);
      const to = axis.placeOf(timeline.edges[timeline.first[next.row]! + next.interval + 1]!);
      if (to < left || from > left + width * per) left = from - 0.1 * width * per;
      const y = next.row * rowHeight();
      if (y < top || y + rowHeight() > top + height - HEAD_HEIGHT) top = y - (height - HEAD_HEIGHT) / 2;
      keepInside();
      speech.textContent = events.describe(next);
      const x = Math.min(width, Math.max(0, (from - left) / per));
      events.onShow({ ...next, x, y: HEAD_HEIGHT + y - top + rowHeight() });
    } else events.onShow(null);
    frame.request();
  };
  const step = (rowsOn: number, intervalsOn: number): void => {
    if (timeline === null || rows() === 0) return;
    if (chosen === null) return choose({ row: 0, interval: 0 });
    const row = Math.min(rows() - 1, Math.max(0, chosen.row + rowsOn));
    const most = timeline.first[row + 1]! - timeline.first[row]! - 2;
    choose({ row, interval: Math.min(most, Math.max(0, rowsOn === 0 ? chosen.interval + intervalsOn : 0)) });
  };

  const abort = new AbortController();
  const listen = { signal: abort.signal };
  const keys: Readonly<Record<string, () => void>> = {
    w: () => zoomAt(ZOOM, width / 2),
    s: () => zoomAt(1 / ZOOM, width / 2),
    '+': () => zoomAt(ZOOM, width / 2),
    '-': () => zoomAt(1 / ZOOM, width / 2),
    a: () => pan(PAN, 0),
    d: () => pan(-PAN, 0),
    '0': fit,
    ArrowLeft: () => step(0, -1),
    ArrowRight: () => step(0, 1),
    ArrowUp: () => step(-1, 0),
    ArrowDown: () => step(1, 0),
    Escape: () => choose(null),
    Enter: () => {
      if (chosen !== null) events.onRead(chosen.row);
    },
  };
  root.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const verb = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (verb === undefined || (event.key === 'Escape' && chosen === null)) return;
      event.preventDefault();
      event.stopPropagation();
      verb();
    },
    listen,
  );
  root.addEventListener(
    'wheel',
    (event) => {
      const isAcross = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      // The page scrolls with a plain wheel: the timeline is only a part of it.
      if (!event.ctrlKey && !event.metaKey && !isAcross) return;
      event.preventDefault();
      if (isAcross) pan(-(event.deltaX || event.deltaY), 0);
      else zoomAt(Math.exp(-event.deltaY * 0.004), event.clientX - root.getBoundingClientRect().left);
    },
    { ...listen, passive: false },
  );
  let held: { x: number; y: number; travelled: number } | null = null;
  const place = (event: PointerEvent | MouseEvent): { x: number; y: number } => {
    const box = root.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  root.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      held = { ...place(event), travelled: 0 };
      root.setPointerCapture(event.pointerId);
    },
    listen,
  );
  root.addEventListener(
    'pointermove',
    (event) => {
      const now = place(event);
      if (held !== null) {
        held.travelled += Math.abs(now.x - held.x) + Math.abs(now.y - held.y);
        if (held.travelled > CLICK_SLACK) pan(now.x - held.x, now.y - held.y);
        held = { ...now, travelled: held.travelled };
        return;
      }
      const under = at(now.x, now.y);
      events.onShow(under === null ? null : { ...under, x: now.x, y: now.y });
    },
    listen,
  );
  root.addEventListener(
    'pointerup',
    (event) => {
      const { x, y } = place(event);
      if (held !== null && held.travelled <= CLICK_SLACK) choose(at(x, y));
      held = null;
    },
    listen,
  );
  root.addEventListener('pointercancel', () => void (held = null), listen);
  root.addEventListener('pointerleave', () => events.onShow(null), listen);
  root.addEventListener(
    'dblclick',
    (event) => {
      const { x, y } = place(event);
      const under = at(x, y);
      if (under !== null) events.onRead(under.row);
    },
    listen,
  );

  const observer = new ResizeObserver(() => {
    const wasWhole = Math.abs(per - whole()) < 1e-9 * per;
    width = root.clientWidth;
    height = root.clientHeight;
    scale = devicePixelRatio;
    sizeLayer(layer, width, height, scale);
    if (wasWhole) fit();
    frame.request();
  });
  observer.observe(root);
  const unwatch = watchTheme(() => {
    theme = readTheme(root);
    patterns = makePatterns(layer.context, theme);
    frame.request();
  });

  return {
    setTimeline(next, nextAxis) {
      timeline = next;
      axis = nextAxis;
      choose(null);
      fit();
    },
    fit,
    zoom: (factor) => zoomAt(factor, width / 2),
    dispose() {
      abort.abort();
      observer.disconnect();
      unwatch();
      frame.dispose();
      root.remove();
    },
  };
}
