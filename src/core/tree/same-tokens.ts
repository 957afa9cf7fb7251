/** Where the tokens of one tree lie in another of the same task, whatever nodes they are cut into. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';

/** Told of a run: places [from, from + length) of the forest before are [to, to + length) of the forest after. */
export type OnRun = (from: number, to: number, length: number) => void;

/**
 * Walks the tree of a task in both forests side by side and names every token whose whole prefix is in both. Linear in the
 * tokens of the tree after.
 */
export function sameTokens(before: Forest, taskBefore: number, after: Forest, taskAfter: number, onRun: OnRun): void {
  const first = after.treeStart[taskAfter];
  const end = after.treeStart[taskAfter + 1];
  /** node after -> node before that holds its last token, NONE where it has none; and how many of that node's tokens are used. */
  const nodeBefore = new Int32Array(end - first);
  const used = new Int32Array(end - first);
  for (let n = first; n < end; n++) {
    const above = after.parent[n];
    let node = above === NONE ? NONE : nodeBefore[above - first];
    let at = above === NONE ? 0 : used[above - first];
    if (above !== NONE && node === NONE) {
      nodeBefore[n - first] = NONE;
      continue;
    }
    for (let i = after.edgeStart[n]; i < after.edgeStart[n + 1];) {
      if (node === NONE || at === before.edgeStart[node + 1] - before.edgeStart[node]) {
        const [from, to] =
          node === NONE ? [before.treeStart[taskBefore], before.treeStart[taskBefore + 1]] : [node + 1, before.subtreeEnd[node]];
        node = childWith(before, from, to, after.edgeTokens[i]);
        at = 0;
        if (node === NONE) break;
      }
      const start = before.edgeStart[node];
      const from = start + at;
      const to = i;
      while (
        i < after.edgeStart[n + 1] &&
        start + at < before.edgeStart[node + 1] &&
        before.edgeTokens[start + at] === after.edgeTokens[i]
      ) {
        i++;
        at++;
      }
      if (i > to) onRun(from, to, i - to);
      if (i < after.edgeStart[n + 1] && start + at < before.edgeStart[node + 1]) {
        node = NONE;
        break;
      }
    }
    nodeBefore[n - first] = node;
    used[n - first] = at;
  }
}

/** Among the siblings that begin at `from` and end before `to`, the one whose run starts with `key`; else NONE. */
function childWith(forest: Forest, from: number, to: number, key: number): number {
  for (let child = from; child < to; child = forest.subtreeEnd[child]) if (forest.edgeTokens[forest.edgeStart[child]] === key) return child;
  return NONE;
}
