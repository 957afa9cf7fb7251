/** Steps from node to node for the keyboard, and what is said of a node on arrival. */
import { NONE } from '../../core/model/kinds.ts';
import type { TreeShape } from '../../engine/answers/drawing.ts';
import type { Direction } from './gestures.ts';
import { kindLabel, toolName } from './labels.ts';

/** The node in that direction, or the node itself where there is none. */
export function neighbour(tree: TreeShape, node: number, direction: Direction): number {
  const above = tree.parent[node]!;
  if (direction === 'parent') return above === NONE ? node : above;
  if (direction === 'child') return tree.subtreeEnd[node]! > node + 1 ? node + 1 : node;
  const end = above === NONE ? tree.length : tree.subtreeEnd[above]!;
  const next = tree.subtreeEnd[node]!;
  if (direction === 'next') return next < end ? next : node;
  let before = node;
  for (let sibling = above === NONE ? 0 : above + 1; sibling < node; sibling = tree.subtreeEnd[sibling]!) before = sibling;
  return before;
}

/** One answer after another about one tree: only figures may differ. At once where only the order has changed, else O(nodes). */
export function sameNodes(a: TreeShape, b: TreeShape): boolean {
  if (a.parent === b.parent) return true;
  if (a.view !== b.view || a.length !== b.length) return false;
  for (let i = 0; i < a.keys.length; i++) if (a.keys[i] !== b.keys[i]) return false;
  for (let n = 0; n < a.length; n++) if (a.reachCount[n] !== b.reachCount[n]) return false;
  return true;
}

/** What is read out for a node: kind, tool, length, reach. */
export function describe(tree: TreeShape, node: number): string {
  const tool = toolName(tree, node);
  return (
    `${kindLabel(tree, node)}${tool === null ? '' : ` ${tool}`}, ${tree.tokens[node]} ` +
    `${tree.view}, ${tree.reachCount[node]} of ${tree.trajectories} trajectories`
  );
}
