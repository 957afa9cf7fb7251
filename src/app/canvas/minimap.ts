/** The whole drawing at 168 × 96 in the corner, with the window as a rectangle that can be dragged. */
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';

const MAP_WIDTH = 168;
const MAP_HEIGHT = 96;
/** The map is drawn this often at most. */
const REST_MS = 100;

export interface Minimap {
  readonly canvas: HTMLCanvasElement;
  draw(scene: Scene, theme: Theme, scale: number): void;
  dispose(): void;
}

/** `onCentre` takes the point of the whole (0..1) that should come to the middle. */
export function makeMinimap(host: HTMLElement, onCentre: (x: number, y: number) => void): Minimap {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  canvas.dataset['part'] = 'minimap';
  canvas.style.cssText =
    `position:absolute;right:12px;bottom:12px;width:${MAP_WIDTH}px;height:${MAP_HEIGHT}px;border:1px ` +
    `solid var(--line2);border-radius:5px;background:var(--card);cursor:crosshair;touch-action:none`;
  host.append(canvas);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('expected a 2d canvas context, found none');
  const abort = new AbortController();
  const go = (event: PointerEvent): void => {
    const box = canvas.getBoundingClientRect();
    onCentre((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      event.stopPropagation();
      canvas.setPointerCapture(event.pointerId);
      go(event);
    },
    { signal: abort.signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) go(event);
    },
    { signal: abort.signal },
  );

  /** The map without its window: drawn anew after a while, in a task of its own, so that a drag waits for the drawing alone. */
  const content = document.createElement('canvas');
  const ink = content.getContext('2d');
  if (!ink) throw new Error('expected a 2d canvas context, found none');
  let asked: { readonly scene: Scene; readonly theme: Theme; readonly scale: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let drawnAt = -REST_MS;

  const compose = (scene: Scene, theme: Theme, scale: number): void => {
    const share = scene.windowShare();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(content, 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const x = share.left * MAP_WIDTH;
    const y = share.top * MAP_HEIGHT;
    const wide = Math.max(4, (share.right - share.left) * MAP_WIDTH);
    const high = Math.max(4, (share.bottom - share.top) * MAP_HEIGHT);
    context.fillStyle = theme.css.card;
    context.globalAlpha = 0.5;
    context.beginPath();
    context.rect(0, 0, MAP_WIDTH, MAP_HEIGHT);
    context.rect(x, y, wide, high);
    context.fill('evenodd');
    context.globalAlpha = 1;
    context.strokeStyle = theme.css.focus;
    context.lineWidth = 1.5;
    context.strokeRect(
      Math.min(x + 0.75, MAP_WIDTH - 4),
      Math.min(y + 0.75, MAP_HEIGHT - 4),
      Math.max(2.5, wide - 1.5),
      Math.max(2.5, high - 1.5),
    );
  };
  const refresh = (): void => {
    timer = null;
    if (asked === null || canvas.style.visibility === 'hidden') return;
    const { scene, theme, scale } = asked;
    drawnAt = performance.now();
    content.width = canvas.width;
    content.height = canvas.height;
    scene.drawMap(ink, MAP_WIDTH, MAP_HEIGHT, scale);
    compose(scene, theme, scale);
  };

  return {
    canvas,
    draw(scene, theme, scale) {
      const share = scene.windowShare();
      // A map of what is in full view already would only cover it.
      const whole = share.right - share.left > 0.999 && share.bottom - share.top > 0.999;
      canvas.style.visibility = whole ? 'hidden' : 'visible';
      if (whole) return;
      const width = Math.round(MAP_WIDTH * scale);
      const height = Math.round(MAP_HEIGHT * scale);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      if (asked?.scene === scene) compose(scene, theme, scale);
      asked = { scene, theme, scale };
      timer ??= setTimeout(refresh, Math.max(0, drawnAt + REST_MS - performance.now()));
    },
    dispose() {
      if (timer !== null) clearTimeout(timer);
      abort.abort();
      canvas.remove();
    },
  };
}
