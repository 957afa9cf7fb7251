/** The canvas that is on screen now, for actions that move its camera. */
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { TreeShape } from '../../../engine/answers/drawing.ts';
import type { TreeCanvas } from '../../canvas/tree-canvas.ts';
import { focus } from './reports.ts';
import { keyIn, rowIn } from './row-in.ts';

let current: TreeCanvas | null = null;

export function treeCanvas(): TreeCanvas | null {
  return current;
}

export function setTreeCanvas(canvas: TreeCanvas | null): void {
  current = canvas;
}

/** Fills the canvas with one subtree of the drawn tree; null: with the whole tree. */
export function focusOn(tree: TreeShape | undefined, key: NodeKey | null): void {
  const row = tree ? rowIn(tree, key) : null;
  current?.setFocus(row);
  focus.set(current ? keyIn(tree, row) : null);
}
