/** What acts drop, as it is drawn: hatched both ways, and named where there is room. The budget's own drops are hatched one way. */
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { Area, Surface } from './raster.ts';

/** `TreeFigures.protection` of a node that acts dropped. */
const EXCLUDED = 3;

export function isExcluded(tree: Pick<DrawnTree, 'protection'>, node: number): boolean {
  return tree.protection[node] === EXCLUDED;
}

/** Lines that lean like "\", over hatching; `shift` moves them with the drawing. */
export function crossArea(surface: Surface, area: Area, period: number, thick: number, pixel: number, shift: number): void {
  const { pixels, width } = surface;
  for (let row = area.row0; row < area.row1; row++) {
    const phase = (((shift + row - area.column0) % period) + period) % period;
    for (let column = area.column0 + phase; column < area.column1; column += period)
      for (let i = 0; i < thick && column + i < area.column1; i++) pixels[row * width + column + i] = pixel;
  }
}

/** The word for the first of the dropped nodes on a path, whose box has room for it; null for all others. */
export function excludedLabel(tree: DrawnTree, node: number): string | null {
  if (!isExcluded(tree, node)) return null;
  const above = tree.parent[node] ?? NONE;
  return above !== NONE && isExcluded(tree, above) ? null : 'dropped';
}
