/** Boxes to pixels: fills, hatching, dots and edges written straight into an image, which is faster than a canvas path. */

/** Pixels as packed by `theme.packed`, row after row. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** A rectangle of whole pixels, ends exclusive. */
export interface Area {
  column0: number;
  column1: number;
  row0: number;
  row1: number;
}

export function fillArea(surface: Surface, area: Area, pixel: number): void {
  const { pixels, width } = surface;
  const span = area.column1 - area.column0;
  if (span <= 0) return;
  for (let row = area.row0; row < area.row1; row++) {
    const start = row * width + area.column0;
    if (span > 8) pixels.fill(pixel, start, start + span);
    else for (let i = 0; i < span; i++) pixels[start + i] = pixel;
  }
}

/** A hairline along the inside of the area; nothing where it would leave no inside. */
export function frameArea(surface: Surface, area: Area, thick: number, pixel: number): void {
  const { column0, column1, row0, row1 } = area;
  if (column1 - column0 < 3 * thick || row1 - row0 < 3 * thick) return;
  fillArea(surface, { column0, column1, row0, row1: row0 + thick }, pixel);
  fillArea(surface, { column0, column1, row0: row1 - thick, row1 }, pixel);
  fillArea(surface, { column0, column1: column0 + thick, row0, row1 }, pixel);
  fillArea(surface, { column0: column1 - thick, column1, row0, row1 }, pixel);
}

/** Diagonal lines of a period, ready to be copied: one row, longer than the surface by one period. */
export interface Hatch {
  readonly period: number;
  readonly row: Uint32Array;
}

export function hatchPeriod(scale: number): number {
  return Math.max(4, Math.round(6 * scale));
}

/** `scale`: device pixels per CSS pixel. The line's sides are softened by `soft`, a colour between ground and line. */
export function makeHatch(width: number, scale: number, ground: number, line: number, soft: number): Hatch {
  const period = hatchPeriod(scale);
  const thick = Math.max(1, Math.round(scale));
  const row = new Uint32Array(width + period).fill(ground);
  for (let i = 0; i < row.length; i++) {
    const phase = i % period;
    if (phase < thick) row[i] = line;
    else if (phase === thick || phase === period - 1) row[i] = soft;
  }
  return { period, row };
}

/** Lines lean like "/"; `shift` moves them along x, so that they travel with the drawing. */
export function hatchArea(surface: Surface, area: Area, hatch: Hatch, shift: number): void {
  const { pixels, width } = surface;
  const span = area.column1 - area.column0;
  if (span <= 0) return;
  for (let row = area.row0; row < area.row1; row++) {
    const phase = modulo(row + shift, hatch.period);
    const start = row * width + area.column0;
    const source = area.column0 + phase;
    if (span > 8) pixels.set(hatch.row.subarray(source, source + span), start);
    else for (let i = 0; i < span; i++) pixels[start + i] = hatch.row[source + i]!;
  }
}

/** Dots on a grid of `period` pixels, `size` wide, moved by the shifts: the cue for "unknown". */
export function dotArea(surface: Surface, area: Area, pixel: number, period: number, size: number, shiftX: number, shiftY: number): void {
  const { pixels, width } = surface;
  for (let row = area.row0; row < area.row1; row++) {
    const y = row + shiftY;
    if (modulo(y, period) >= size) continue;
    const stagger = modulo(Math.floor(y / period), 2) * (period >> 1);
    for (let column = area.column0; column < area.column1; column++) {
      if (modulo(column + shiftX + stagger, period) < size) pixels[row * width + column] = pixel;
    }
  }
}

/** Dots along the inside of the area, as long as their gaps: the cue for "carries no loss". Nothing where the area has no inside. */
export function dottedArea(surface: Surface, area: Area, pixel: number, dot: number): void {
  const { column0, column1, row0, row1 } = area;
  if (column1 - column0 < 3 * dot || row1 - row0 < 3 * dot) return;
  for (let column = column0; column < column1; column += 2 * dot) {
    const end = Math.min(column + dot, column1);
    fillArea(surface, { column0: column, column1: end, row0, row1: row0 + dot }, pixel);
    fillArea(surface, { column0: column, column1: end, row0: row1 - dot, row1 }, pixel);
  }
  for (let row = row0; row < row1; row += 2 * dot) {
    const end = Math.min(row + dot, row1);
    fillArea(surface, { column0, column1: column0 + dot, row0: row, row1: end }, pixel);
    fillArea(surface, { column0: column1 - dot, column1, row0: row, row1: end }, pixel);
  }
}

/** A triangle in the area's top left corner, or top right: the notch of a pinned node, the corner of an error. */
export function notchArea(surface: Surface, area: Area, size: number, pixel: number, right: boolean): void {
  for (let i = 0; i < size && area.row0 + i < area.row1; i++) {
    const row0 = area.row0 + i;
    const wide = Math.min(size - i, area.column1 - area.column0);
    const column0 = right ? area.column1 - wide : area.column0;
    fillArea(surface, { column0, column1: column0 + wide, row0, row1: row0 + 1 }, pixel);
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
