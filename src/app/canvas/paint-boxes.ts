/** Paints the boxes of a window into pixels: kept by swatch, dropped hatched, protected edges, the frontier line. */
import { crossArea, isExcluded } from './excluded.ts';
import { FLAG, NONE } from '../../core/model/kinds.ts';
import type { Boxes } from '../../core/layout/visible.ts';
import { KEPT_BY } from '../../engine/answers/comparing.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import type { Swatch } from './swatches.ts';
import { dotArea, dottedArea, fillArea, frameArea, hatchArea, makeHatch, notchArea } from './raster.ts';
import type { Area, Hatch, Surface } from './raster.ts';
import { barArea, fadeArea } from './filter-marks.ts';
import { mix, packed } from './theme.ts';
import type { Theme } from './theme.ts';
import type { Cut } from './cut.ts';

/** Share of a kept node, from its left edge, that is drawn solid: what its tokens carry loss, and all of what nobody samples. */
export function solidShare({ trained }: Cut, node: number): number {
  const share = trained?.[node] ?? 1;
  return Number.isNaN(share) ? 1 : share;
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
  readonly tree: DrawnTree;
  /** node -> index into inks.swatches */
  readonly swatchOf: Uint8Array;
  readonly inks: Inks;
  readonly pruned: Cut;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  /** Device pixels by which patterns are moved, so that they stay with the drawing. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Row of pixels at which each trajectory's own strip begins, and the end of the last; null: boxes are drawn as one. */
  readonly strips: Int32Array | null;
  /** Small drawings leave out gaps, edges and notches. */
  readonly plain: boolean;
  /** The window starts at the first token, so that a dropped root has its frontier at the left edge. */
  readonly atStart: boolean;
}

export function paintBoxes(painting: Painting): void {
  const { surface, boxes, inks, plain, scale, strips } = painting;
  surface.pixels.fill(inks.ground);
  const gap = plain ? 0 : Math.max(1, Math.round(0.8 * scale));
  for (let box = 0; box < boxes.count; box++) {
    const wide = boxes.column1[box]! - boxes.column0[box]!;
    area.column0 = boxes.column0[box]!;
    area.column1 = boxes.column1[box]! - (wide >= 3 * gap && !strips ? gap : 0);
    for (let strip = firstStrip(painting, box); setRows(painting, box, strip, gap); strip++) {
      paintOne(painting, boxes.node[box]!, wide);
    }
  }
  const line = Math.max(1, Math.round((plain ? 1 : 1.6) * scale));
  for (let box = 0; box < boxes.count; box++) {
    if (!isFrontier(painting, box)) continue;
    area.column1 = Math.max(boxes.column0[box]!, line);
    area.column0 = area.column1 - line;
    for (let strip = firstStrip(painting, box); setRows(painting, box, strip, gap); strip++) fillArea(surface, area, inks.cut);
  }
}

/** The rectangle being painted; one object for all boxes of all frames. */
const area: Area = { column0: 0, column1: 0, row0: 0, row1: 0 };

/** Sets the rows of `area` to the box's part of a strip (or to all its rows, as strip 0); false behind the last. */
function setRows({ boxes, strips }: Painting, box: number, strip: number, gap: number): boolean {
  area.row0 = boxes.row0[box]!;
  let end = boxes.row1[box]!;
  if (strips) {
    if (strip + 1 >= strips.length || strips[strip]! >= end) return false;
    area.row0 = Math.max(area.row0, strips[strip]!);
    end = Math.min(end, strips[strip + 1]!);
  } else if (strip > 0) return false;
  area.row1 = end - (end - area.row0 >= 3 * gap ? gap : 0);
  return true;
}

/** The last strip that begins at or before the box's first row; 0 where there are no strips. */
function firstStrip({ boxes, strips }: Painting, box: number): number {
  if (!strips) return 0;
  let low = 0;
  let high = strips.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (strips[middle]! <= boxes.row0[box]!) low = middle;
    else high = middle;
  }
  return low;
}

function paintOne(painting: Painting, node: number, wide: number): void {
  const { surface, tree, inks, scale, plain } = painting;
  const kept = isKept(painting.pruned, node);
  const swatch = inks.swatches[painting.swatchOf[node]!]!;
  const high = area.row1 - area.row0;
  if (!kept) {
    hatchArea(surface, area, inks.hatch, painting.shiftX + painting.shiftY);
    if (isExcluded(tree, node))
      crossArea(surface, area, inks.hatch.period, Math.max(1, Math.round(scale)), inks.cut, painting.shiftY - painting.shiftX);
  } else {
    fillArea(surface, area, swatch.pixel);
    const solid = solidShare(painting.pruned, node);
    if (solid < 1) {
      const pale = { ...area, column0: area.column0 + Math.round((area.column1 - area.column0) * solid) };
      fillArea(surface, pale, swatch.palePixel);
      dottedArea(surface, pale, inks.dot, Math.max(1, Math.round(scale)));
    }
    if (swatch.frame !== null && !plain) frameArea(surface, area, Math.max(1, Math.round(scale)), swatch.frame);
    if (swatch.dots && !plain)
      dotArea(surface, area, inks.dot, Math.round(5 * scale), Math.max(1, Math.round(scale)), painting.shiftX, painting.shiftY);
  }
  const { marks = null } = painting.pruned;
  if (marks !== null && marks.passed[node] === 0) fadeArea(surface, area, inks.ground);
  if (marks?.hits?.[node] === 1) barArea(surface, area, inks.ink, inks.ground, Math.max(2, Math.round(3 * scale)));
  const by = painting.pruned.compared?.[node] ?? 0;
  if (by === KEPT_BY.a || by === KEPT_BY.b) markOnly(painting, by);
  if (plain) return;
  if (kept && swatch.underline && wide >= 4 * scale && high >= 6 * scale) {
    const dot = Math.max(1, Math.round(1.2 * scale));
    const bottom = area.row1 - 2 * dot;
    for (let at = area.column0 + dot; at + dot < area.column1; at += 2 * dot) {
      fillArea(surface, { column0: at, column1: at + dot, row0: bottom, row1: bottom + dot }, inks.ink);
    }
  }
  if (kept && (tree.flags[node]! & FLAG.error) !== 0 && wide >= 8 * scale && high >= 8 * scale) {
    notchArea(surface, area, Math.round(6 * scale), inks.error, true);
  }
  const protection = tree.protection[node]!;
  const pinned = protection === 2;
  // Hatching says dropped; only a pin that could not be met is worth a mark there.
  if (protection === 0 || (!kept && !pinned) || wide < 3 * scale) return;
  const ink = pinned ? inks.ink : swatch.edge;
  const edge = Math.max(1, Math.floor(1.5 * scale));
  fillArea(surface, { ...area, column1: Math.min(area.column1, area.column0 + edge) }, ink);
  if (kept && edge < 1.5 * scale && wide >= 5 * scale) {
    fillArea(surface, { ...area, column0: area.column0 + edge, column1: area.column0 + edge + 1 }, swatch.soft);
  }
  if (pinned && high >= 6 * scale) notchArea(surface, area, Math.round(6 * scale), inks.ink, false);
}

/** Five rows of three bits each. */
const LETTERS = { [KEPT_BY.a]: [2, 5, 7, 5, 5], [KEPT_BY.b]: [6, 5, 6, 5, 6] } as const;

/** What one of two settings alone keeps: a frame, whole for A and dotted for B, and the letter where there is room. */
function markOnly({ surface, inks, scale, plain }: Painting, by: 1 | 2): void {
  const thick = Math.max(1, Math.round(1.5 * scale));
  if (by === KEPT_BY.a) frameArea(surface, area, thick, inks.ink);
  else dottedArea(surface, area, inks.ink, thick);
  const dot = Math.max(1, Math.round(1.4 * scale));
  const [wide, high] = [3 * dot, 5 * dot];
  if (plain || area.column1 - area.column0 < wide + 8 * dot || area.row1 - area.row0 < high + 4 * dot) return;
  // On a patch of the ground, so that it is read on any colour and on hatching.
  const patch = { column0: area.column1 - wide - 5 * dot, column1: area.column1 - 2 * dot, row0: area.row0 + 2 * dot, row1: 0 };
  patch.row1 = patch.row0 + high + 2 * dot;
  fillArea(surface, patch, inks.ground);
  for (const [row, bits] of LETTERS[by].entries()) {
    for (let column = 0; column < 3; column++) {
      if (((bits >> (2 - column)) & 1) === 0) continue;
      const column0 = patch.column0 + (column + 1) * dot - Math.floor(dot / 2);
      const row0 = patch.row0 + (row + 1) * dot;
      fillArea(surface, { column0, column1: column0 + dot, row0, row1: row0 + dot }, inks.ink);
    }
  }
}

/** The box is dropped, and what stands on its left is kept. */
function isFrontier({ boxes, pruned, tree, atStart }: Painting, box: number): boolean {
  const node = boxes.node[box]!;
  if (isKept(pruned, node)) return false;
  const from = boxes.from[box]!;
  if (from !== NONE) return isKept(pruned, boxes.node[from]!);
  return atStart && tree.parent[node] === NONE;
}
