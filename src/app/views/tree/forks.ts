/** Facts about a drawn tree that navigation needs, read off its columns. */
import type { TreeShape } from '../../../engine/answers/drawing.ts';

/** By the column that makes a tree another one: figures come and go. */
const known = new WeakMap<Int32Array, Int32Array>();

/** Local nodes with two or more children, in pre-order. */
function forksOf(tree: TreeShape): Int32Array {
  const before = known.get(tree.parent);
  if (before) return before;
  const children = new Int32Array(tree.length);
  let count = 0;
  for (let n = 0; n < tree.length; n++) {
    const parent = tree.parent[n] ?? -1;
    if (parent < 0) continue;
    const seen = (children[parent] ?? 0) + 1;
    children[parent] = seen;
    if (seen === 2) count++;
  }
  const forks = new Int32Array(count);
  let at = 0;
  for (let n = 0; n < tree.length; n++) if ((children[n] ?? 0) >= 2) forks[at++] = n;
  known.set(tree.parent, forks);
  return forks;
}

/** The next fork after local node `from` (or before it), wrapping around; null where the tree has none. */
export function forkBeside(tree: TreeShape, from: number | null, step: 1 | -1): number | null {
  const forks = forksOf(tree);
  if (forks.length === 0) return null;
  if (from === null) return (step === 1 ? forks[0] : forks.at(-1)) ?? null;
  if (step === 1) return forks.find((fork) => fork > from) ?? forks[0] ?? null;
  return forks.findLast((fork) => fork < from) ?? forks.at(-1) ?? null;
}
