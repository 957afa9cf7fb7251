/** What acts drop, as it is drawn: hatched both ways, and named where there is room. The budget's own drops are hatched one way. */
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { Labelling } from './labelling.ts';
import type { Area, Surface } from './raster.ts';

/** `TreeFigures.protection` of a node that acts dropped. */
const EXCLUDED = 3;
const WORD = 'dropped';

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

/** Dropped, and what it hangs from is not. */
export function isFirstExcluded(tree: Pick<DrawnTree, 'protection' | 'parent'>, node: number): boolean {
  if (!isExcluded(tree, node)) return false;
  const above = tree.parent[node] ?? NONE;
  return above === NONE || !isExcluded(tree, above);
}

/** The word on a box and those behind it, on a patch of the ground so that it can be read. Draws in CSS pixels, as labels are. */
export function labelExcluded({ context, boxes, tree, theme, scale, measure }: Labelling, box: number): void {
  const node = boxes.node[box] ?? 0;
  const row = boxes.row0[box];
  let end = boxes.column1[box] ?? 0;
  // Boxes are in the order of their nodes: those of the same row behind it go on where it ends.
  for (let next = box + 1; next < boxes.count && (boxes.node[next] ?? 0) < (tree.subtreeEnd[node] ?? 0); next++)
    if (boxes.row0[next] === row) end = Math.max(end, boxes.column1[next] ?? 0);
  const x = (boxes.column0[box] ?? 0) / scale;
  const y = (row ?? 0) / scale;
  const high = (boxes.row1[box] ?? 0) / scale - y;
  const font = `500 11px ${theme.font}`;
  const width = measure(context, font, WORD);
  if (width > end / scale - x - 11) return;
  const base = y + Math.min(high / 2 + 4, 18);
  context.fillStyle = theme.css.paper;
  context.fillRect(x + 4, base - 10, width + 4, 13);
  context.font = font;
  context.fillStyle = theme.css.cut;
  context.fillText(WORD, x + 6, base);
}
