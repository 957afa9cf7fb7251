/** The window on a drawing as four numbers, and how panning, zooming and fitting change them. */

/** World coordinates of the window's top left corner, and world units per CSS pixel. */
export interface Camera {
  readonly left: number;
  readonly top: number;
  readonly perX: number;
  readonly perY: number;
}

/** World rectangle that can be looked at, and how far in it can be gone (smallest world units per pixel). */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly minPerX: number;
  readonly minPerY: number;
}

/** CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Free pixels above and below (left and right) of a fitted drawing. */
export interface Margin {
  readonly x: number;
  readonly y: number;
}

export function fitCamera(bounds: Bounds, size: Size, margin: Margin): Camera {
  const perX = Math.max(bounds.width, 1e-9) / Math.max(1, size.width - 2 * margin.x);
  const perY = Math.max(bounds.height, 1e-9) / Math.max(1, size.height - 2 * margin.y);
  return { left: bounds.left - margin.x * perX, top: bounds.top - margin.y * perY, perX, perY };
}

/** `factor` > 1 goes closer; the world point under (x, y) stays under it as long as no limit is met. */
export function zoomCamera(camera: Camera, factor: number, x: number, y: number, bounds: Bounds, size: Size, margin: Margin): Camera {
  const whole = fitCamera(bounds, size, margin);
  const perX = between(camera.perX / factor, Math.min(bounds.minPerX, whole.perX), whole.perX);
  const perY = between(camera.perY / factor, Math.min(bounds.minPerY, whole.perY), whole.perY);
  return keepInside(
    { left: camera.left + x * (camera.perX - perX), top: camera.top + y * (camera.perY - perY), perX, perY },
    bounds,
    size,
    margin,
  );
}

/** Moves the drawing by so many pixels. */
export function panCamera(camera: Camera, dx: number, dy: number, bounds: Bounds, size: Size, margin: Margin): Camera {
  return keepInside({ ...camera, left: camera.left - dx * camera.perX, top: camera.top - dy * camera.perY }, bounds, size, margin);
}

/** Never further out than the whole, never beside it. */
export function keepInside(camera: Camera, bounds: Bounds, size: Size, margin: Margin): Camera {
  const whole = fitCamera(bounds, size, margin);
  const perX = Math.min(camera.perX, whole.perX);
  const perY = Math.min(camera.perY, whole.perY);
  const first = { left: bounds.left - margin.x * perX, top: bounds.top - margin.y * perY };
  return {
    perX,
    perY,
    left: between(camera.left, first.left, Math.max(first.left, bounds.left + bounds.width + margin.x * perX - size.width * perX)),
    top: between(camera.top, first.top, Math.max(first.top, bounds.top + bounds.height + margin.y * perY - size.height * perY)),
  };
}

/** Between two cameras, `share` of the way; zooming is even to the eye because scales change by ratio. */
export function blendCamera(from: Camera, to: Camera, share: number): Camera {
  const perX = from.perX * (to.perX / from.perX) ** share;
  const perY = from.perY * (to.perY / from.perY) ** share;
  const along = (a: number, b: number, scaleA: number, scaleB: number, scale: number): number =>
    Math.abs(scaleB - scaleA) < 1e-12 * scaleA ? a + (b - a) * share : a + ((b - a) * (scale - scaleA)) / (scaleB - scaleA);
  return { perX, perY, left: along(from.left, to.left, from.perX, to.perX, perX), top: along(from.top, to.top, from.perY, to.perY, perY) };
}

function between(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
