/** The canvas that is on screen now, for actions that move its camera. */
import type { TreeCanvas } from '../../canvas/tree-canvas.ts';
import { focus } from './reports.ts';

let current: TreeCanvas | null = null;

export function treeCanvas(): TreeCanvas | null {
  return current;
}

export function setTreeCanvas(canvas: TreeCanvas | null): void {
  current = canvas;
}

/** Fills the canvas with one subtree; null: with the whole tree. The node is local to the drawn tree. */
export function focusOn(node: number | null): void {
  current?.setFocus(node);
  focus.set(current ? node : null);
}
