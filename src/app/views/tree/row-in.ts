/** From a key to a row of one drawn tree and back: rows stay inside one answer, keys outlive it. */
import { NONE } from '../../../core/model/kinds.ts';
import { locateNode, nodeKeyOf } from '../../../core/model/node-key.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { TreeShape } from '../../../engine/answers/drawing.ts';

/** The key looked for last in each answer: several parts of the page ask for the selected one. */
const last = new WeakMap<object, { readonly key: NodeKey; readonly row: number }>();

/** The node's row, local to the drawn tree; null where it has none of that key. */
export function rowIn({ keys }: Pick<TreeShape, 'keys'>, key: NodeKey | null): number | null {
  if (key === null) return null;
  let found = last.get(keys);
  if (found?.key !== key) last.set(keys, (found = { key, row: locateNode(keys, key) }));
  return found.row === NONE ? null : found.row;
}

export function keyIn(tree: Pick<TreeShape, 'keys'> | null | undefined, row: number | null): NodeKey | null {
  return tree && row !== null ? nodeKeyOf(tree.keys, row) : null;
}
