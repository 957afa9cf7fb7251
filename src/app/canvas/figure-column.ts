/** The column of a figure, also while it is on its way. */
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { STATISTICS } from '../../engine/statistics/registry.ts';

const unknown = new Map<number, Float32Array>();

/** node -> value of the figure named by `id`; NaN for all where it is not here. */
export function figureColumn(tree: DrawnTree, id: string): Float32Array {
  const column = tree.figures[id];
  if (column) return column;
  const nothing = unknown.get(tree.length) ?? new Float32Array(tree.length).fill(Number.NaN);
  // One length at a time: trees come and go.
  unknown.clear();
  unknown.set(tree.length, nothing);
  return nothing;
}

/** node -> the figure that is printed where trajectories end. */
export function endFigure(tree: DrawnTree): Float32Array {
  return figureColumn(tree, STATISTICS.find(({ atEnds }) => atEnds)?.id ?? '');
}
