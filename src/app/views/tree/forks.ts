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

/** The next node that calls or answers for tool `tool` after `from`, wrapping around. */
export function toolBeside(tree: TreeShape, tool: number, from: number | null): number | null {
  const start = from === null ? 0 : from + 1;
  for (let step = 0; step < tree.length; step++) {
    const n = (start + step) % tree.length;
    if (tree.tool[n] === tool) return n;
  }
  return null;
}

/** Tools of the tree whose names hold `text`, with the number of their nodes, most frequent first. */
export function toolsMatching(tree: TreeShape, text: string): { readonly tool: number; readonly name: string; readonly nodes: number }[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const counts = new Map<number, number>();
  for (let n = 0; n < tree.length; n++) {
    const tool = tree.tool[n] ?? -1;
    if (tool >= 0) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  }
  return [...counts]
    .map(([tool, nodes]) => ({ tool, name: tree.tools[tool] ?? '', nodes }))
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => b.nodes - a.nodes || (a.name < b.name ? -1 : 1));
}
