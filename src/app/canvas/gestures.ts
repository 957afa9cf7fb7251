/** Pointer, wheel and keyboard on a canvas, turned into a few verbs; knows nothing of trees. */

export type Direction = 'child' | 'parent' | 'previous' | 'next';

export interface GestureTarget {
  zoom(factor: number, x: number, y: number): void;
  pan(dx: number, dy: number): void;
  /** Null: the pointer has left. */
  hover(at: { readonly x: number; readonly y: number } | null): void;
  click(x: number, y: number): void;
  doubleClick(x: number, y: number): void;
  move(direction: Direction): void;
  fit(): void;
  enter(): void;
  escape(): void;
}

const PAN_STEP = 64;
const ZOOM_STEP = 1.25;
/** Pixels a pointer may travel between down and up and still be a click. */
const CLICK_SLACK = 4;

/** Attaches all listeners to `element`; the function returned takes them off. */
export function attachGestures(element: HTMLElement, target: GestureTarget): () => void {
  const abort = new AbortController();
  const listen = { signal: abort.signal };
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;

  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
      const { x, y } = place(event);
      if (event.shiftKey) target.pan(-(event.deltaX || event.deltaY) * unit, event.deltaX ? -event.deltaY * unit : 0);
      else if (!event.ctrlKey && Math.abs(event.deltaX) > Math.abs(event.deltaY)) target.pan(-event.deltaX * unit, 0);
      // A pinch arrives as a wheel with ctrl and small deltas.
      else target.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.002)), x, y);
    },
    { ...listen, passive: false },
  );

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, place(event));
      element.setPointerCapture(event.pointerId);
      if (pointers.size === 1) travelled = 0;
    },
    listen,
  );

  element.addEventListener(
    'pointermove',
    (event) => {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        target.hover(now);
        return;
      }
      travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (pointers.size === 2) pinch(event.pointerId, before, now);
      else if (travelled > CLICK_SLACK) {
        element.style.cursor = 'grabbing';
        target.hover(null);
        target.pan(now.x - before.x, now.y - before.y);
      }
      pointers.set(event.pointerId, now);
    },
    listen,
  );

  function pinch(id: number, before: { x: number; y: number }, now: { x: number; y: number }): void {
    for (const [other, still] of pointers) {
      if (other === id) continue;
      const was = Math.hypot(before.x - still.x, before.y - still.y);
      const is = Math.hypot(now.x - still.x, now.y - still.y);
      if (was > 0) target.zoom(is / was, still.x, still.y);
    }
  }

  const release = (event: PointerEvent): void => {
    const held = pointers.delete(event.pointerId);
    if (pointers.size === 0) element.style.cursor = '';
    if (held && event.type === 'pointerup' && travelled <= CLICK_SLACK && pointers.size === 0) {
      const { x, y } = place(event);
      target.click(x, y);
    }
  };
  element.addEventListener('pointerup', release, listen);
  element.addEventListener('pointercancel', release, listen);
  element.addEventListener('pointerleave', () => target.hover(null), listen);
  element.addEventListener(
    'dblclick',
    (event) => {
      const { x, y } = place(event);
      target.doubleClick(x, y);
    },
    listen,
  );

  element.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const verb =
        event.shiftKey && event.key.startsWith('Arrow') ? SHIFTED[event.key] : (KEYS[event.key] ?? KEYS[event.key.toLowerCase()]);
      if (!verb) return;
      event.preventDefault();
      event.stopPropagation();
      verb(target, element.clientWidth / 2, element.clientHeight / 2);
    },
    listen,
  );

  return () => abort.abort();
}

type Verb = (target: GestureTarget, x: number, y: number) => void;

const SHIFTED: Readonly<Record<string, Verb>> = {
  ArrowLeft: (target) => target.pan(PAN_STEP, 0),
  ArrowRight: (target) => target.pan(-PAN_STEP, 0),
  ArrowUp: (target) => target.pan(0, PAN_STEP),
  ArrowDown: (target) => target.pan(0, -PAN_STEP),
};

const KEYS: Readonly<Record<string, Verb>> = {
  ArrowLeft: (target) => target.move('parent'),
  ArrowRight: (target) => target.move('child'),
  ArrowUp: (target) => target.move('previous'),
  ArrowDown: (target) => target.move('next'),
  a: (target) => target.pan(PAN_STEP, 0),
  d: (target) => target.pan(-PAN_STEP, 0),
  w: (target, x, y) => target.zoom(ZOOM_STEP, x, y),
  s: (target, x, y) => target.zoom(1 / ZOOM_STEP, x, y),
  '+': (target, x, y) => target.zoom(ZOOM_STEP, x, y),
  '=': (target, x, y) => target.zoom(ZOOM_STEP, x, y),
  '-': (target, x, y) => target.zoom(1 / ZOOM_STEP, x, y),
  '0': (target) => target.fit(),
  Enter: (target) => target.enter(),
  Escape: (target) => target.escape(),
};
