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

/** Of where a node is read out beside itself. */
export interface Around {
  /** Null: no cut is known. */
  readonly isKept: boolean | null;
  /** Its first words, as far as they have been asked for. */
  readonly words: string | null;
}

/** What is read out for a node: kind, tool, first words, length, reach, its level and place beside others, and whether it is kept. */
export function describe(tree: TreeShape, node: number, { isKept, words }: Around): string {
  const tool = toolName(tree, node);
  const { level, place, ways } = placeOf(tree, node);
  const below = waysBelow(tree, node);
  return [
    `${kindLabel(tree, node)}${tool === null ? '' : ` ${tool}`}`,
    ...(words === null ? [] : [`“${words}”`]),
    `${tree.tokens[node]} ${tree.view}`,
    `${tree.reachCount[node]} of ${tree.trajectories} trajectories`,
    `level ${level}${ways > 1 ? `, ${place} of ${ways}` : ''}`,
    below === 0 ? 'ends here' : below === 1 ? '1 way on' : `${below} ways on`,
    ...(isKept === null ? [] : [isKept ? 'kept' : 'dropped']),
  ].join(', ');
}

/** Steps from the root, which is at level 1, and the place among the nodes that follow the same one. O(depth + siblings). */
function placeOf({ parent, subtreeEnd, length }: TreeShape, node: number): { level: number; place: number; ways: number } {
  let level = 0;
  for (let n = node; n !== NONE; n = parent[n]!) level++;
  const above = parent[node]!;
  const end = above === NONE ? length : subtreeEnd[above]!;
  let [place, ways] = [0, 0];
  for (let sibling = above === NONE ? 0 : above + 1; sibling < end; sibling = subtreeEnd[sibling]!) {
    ways++;
    if (sibling === node) place = ways;
  }
  return { level, place, ways };
}

function waysBelow({ subtreeEnd }: TreeShape, node: number): number {
  let ways = 0;
  for (let child = node + 1; child < subtreeEnd[node]!; child = subtreeEnd[child]!) ways++;
  return ways;
}
