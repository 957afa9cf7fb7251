/** What the filter says of nodes, as it is drawn: those that no rollout it takes passes are pale, and a bar stands over hits. */
import type { Area, Surface } from './raster.ts';
import { fillArea } from './raster.ts';

export interface NodeMarks {
  /** node -> 1 where a rollout that the filter takes passes it */
  readonly passed: Uint8Array;
  /** node -> 1 where a word of the filter stands in it; null: it has none */
  readonly hits: Uint8Array | null;
}

const HALF = 0x7f7f7f7f;
const OPAQUE = 0xff000000;

/** Three quarters ground. */
export function fadeArea({ pixels, width }: Surface, area: Area, ground: number): void {
  const half = (ground >>> 1) & HALF;
  for (let row = area.row0; row < area.row1; row++) {
    for (let at = row * width + area.column0; at < row * width + area.column1; at++) {
      const mixed = ((pixels[at]! >>> 1) & HALF) + half;
      pixels[at] = (((mixed >>> 1) & HALF) + half) | OPAQUE;
    }
  }
}

/** A bar along the top, set apart from the box by a line of ground where there is room. */
export function barArea(surface: Surface, area: Area, ink: number, ground: number, thick: number): void {
  const end = Math.min(area.row1, area.row0 + thick);
  fillArea(surface, { ...area, row1: end }, ink);
  if (area.row1 - end > 2 * thick) fillArea(surface, { ...area, row0: end, row1: end + Math.max(1, thick >> 1) }, ground);
}
