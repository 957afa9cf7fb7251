/** Paints the boxes of a window into pixels: kept by swatch, dropped hatched, protected edges, the frontier line. */
import { FLAG, NONE } from '../../core/model.ts';
import type { Boxes } from '../../core/layout/visible.ts';
import type { TreeColumns } from '../../engine/answers.ts';
import type { Swatch } from './palette.ts';
import { dotArea, fillArea, hatchArea, makeHatch, notchArea } from './raster.ts';
import type { Area, Hatch, Surface } from './raster.ts';
import { mix, packed } from './theme.ts';
import type { Theme } from './theme.ts';

/** kept(n) = rank[n] < cut; no rank: everything is kept. */
export interface Cut {
  readonly rank: Int32Array | null;
  readonly cut: number;
}

export function isKept({ rank, cut }: Cut, node: number): boolean {
  return rank === null || rank[node]! < cut;
}

/** Everything about colour that depends on the theme and on the surface, made once for many frames. */
export interface Inks {
  readonly swatches: readonly Swatch[];
  readonly hatch: Hatch;
  readonly ground: number;
  readonly ink: number;
  readonly dot: number;
  readonly cut: number;
  readonly error: number;
}

export function makeInks(theme: Theme, swatches: readonly Swatch[], width: number, scale: number): Inks {
  const { rgb } = theme;
  return {
    swatches,
    hatch: makeHatch(width, scale, packed(rgb.sunk), packed(rgb.line2), packed(mix(rgb.sunk, rgb.line2, 0.22))),
    ground: packed(rgb.paper),
    ink: packed(rgb.ink),
    dot: packed(rgb.ink3),
    cut: packed(rgb.cut),
    error: packed(rgb['k-error']),
  };
}

export interface Painting {
  readonly surface: Surface;
  readonly boxes: Boxes;
  readonly tree: TreeColumns;
  /** node -> index into inks.swatches */
  readonly swatchOf: Uint8Array;
  readonly inks: Inks;
  readonly pruned: Cut;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  /** Device pixels by which patterns are moved, so that they stay with the drawing. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Row of pixels at which each trajectory's own strip begins, or null where boxes are drawn as one. */
  readonly strips: { readonly first: number; readonly row: Int32Array } | null;
  /** Small drawings leave out gaps, edges and notches. */
  readonly plain: boolean;
  /** The window starts at the first token, so that a dropped root has its frontier at the left edge. */
  readonly atStart: boolean;
}

export function paintBoxes(painting: Painting): void {
  const { surface, boxes, inks, plain, scale } = painting;
  surface.pixels.fill(inks.ground);
  const area: Area = { column0: 0, column1: 0, row0: 0, row1: 0 };
  const gap = plain ? 0 : Math.max(1, Math.round(0.8 * scale));
  const gapX = painting.strips ? 0 : gap;
  for (let box = 0; box < boxes.count; box++) {
    eachStrip(painting, box, area, gap, () => {
      area.column0 = boxes.column0[box]!;
      const wide = boxes.column1[box]! - area.column0;
      area.column1 = boxes.column1[box]! - (wide >= 3 * gap ? gapX : 0);
      paintOne(painting, boxes.node[box]!, area, wide);
    });
  }
  const line = Math.max(1, Math.round((plain ? 1 : 1.6) * scale));
  for (let box = 0; box < boxes.count; box++) {
    if (!isFrontier(painting, box)) continue;
    eachStrip(painting, box, area, gap, () => {
      area.column1 = Math.max(boxes.column0[box]!, line);
      area.column0 = area.column1 - line;
      fillArea(surface, area, inks.cut);
    });
  }
}

/** Sets the rows of `area` for the box, or for each trajectory's strip of it, and calls `paint`. */
function eachStrip({ boxes, strips }: Painting, box: number, area: Area, gap: number, paint: () => void): void {
  const row0 = boxes.row0[box]!;
  const row1 = boxes.row1[box]!;
  if (!strips) {
    area.row0 = row0;
    area.row1 = row1 - (row1 - row0 >= 3 * gap ? gap : 0);
    paint();
    return;
  }
  for (let i = firstStrip(strips.row, row0); i + 1 < strips.row.length && strips.row[i]! < row1; i++) {
    area.row0 = Math.max(row0, strips.row[i]!);
    const end = Math.min(row1, strips.row[i + 1]!);
    area.row1 = end - (end - area.row0 >= 3 * gap ? gap : 0);
    if (area.row1 > area.row0) paint();
  }
}

/** The last strip that begins at or before the row. */
function firstStrip(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

function paintOne(painting: Painting, node: number, area: Area, wide: number): void {
  const { surface, tree, inks, scale, plain } = painting;
  const kept = isKept(painting.pruned, node);
  const swatch = inks.swatches[painting.swatchOf[node]!]!;
  const high = area.row1 - area.row0;
  if (!kept) hatchArea(surface, area, inks.hatch, painting.shiftX + painting.shiftY);
  else {
    fillArea(surface, area, swatch.pixel);
    if (swatch.dots && !plain) dotArea(surface, area, inks.dot, Math.round(5 * scale), Math.max(1, Math.round(scale)), painting.shiftX, painting.shiftY);
  }
  if (plain) return;
  if (kept && swatch.underline && wide >= 4 * scale && high >= 6 * scale) {
    const dot = Math.max(1, Math.round(1.2 * scale));
    const bottom = area.row1 - 2 * dot;
    for (let at = area.column0 + dot; at + dot < area.column1; at += 2 * dot) {
      fillArea(surface, { column0: at, column1: at + dot, row0: bottom, row1: bottom + dot }, inks.ink);
    }
  }
  if ((tree.flags[node]! & FLAG.error) !== 0 && high >= 6 * scale) {
    fillArea(surface, { ...area, row0: area.row1 - Math.max(1, Math.round(2 * scale)) }, inks.error);
  }
  const protection = tree.protection[node]!;
  if (protection === 0 || wide < 3 * scale) return;
  const edge = Math.max(1, Math.round(1.5 * scale));
  fillArea(surface, { ...area, column1: area.column0 + edge }, protection === 2 ? inks.ink : kept ? swatch.edge : inks.dot);
  if (protection === 2 && high >= 6 * scale) notchArea(surface, area, Math.round(6 * scale), inks.ink);
}

/** The box is dropped, and what stands on its left is kept. */
function isFrontier({ boxes, pruned, tree, atStart }: Painting, box: number): boolean {
  const node = boxes.node[box]!;
  if (isKept(pruned, node)) return false;
  const from = boxes.from[box]!;
  if (from !== NONE) return isKept(pruned, boxes.node[from]!);
  return atStart && tree.parent[node] === NONE;
}
