/** The canvas that is on screen now, for actions that move its camera. */
import type { TreeCanvas } from '../../canvas/tree-canvas.ts';

let current: TreeCanvas | null = null;

export function treeCanvas(): TreeCanvas | null {
  return current;
}

export function setTreeCanvas(canvas: TreeCanvas | null): void {
  current = canvas;
}
