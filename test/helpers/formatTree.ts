/** Prints a forest made by `treeFromText` as indented lines: words of the run, then the reach count. */
import { NONE } from '../../src/core/model/kinds.ts';
import type { Forest } from '../../src/core/model/forest.ts';
import { wordOf } from './treeFromText.ts';

/** One line per node; `note` adds a column of your own. */
export function formatTree(forest: Forest, note?: (node: number) => string | number): string[] {
  const labels: string[] = [];
  const facts: string[] = [];
  const level = new Int32Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    level[n] = forest.parent[n] === NONE ? 0 : level[forest.parent[n]] + 1;
    const words = Array.from(forest.edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]), wordOf);
    labels.push('  '.repeat(level[n]) + words.join(' '));
    facts.push(`reach ${forest.reachCount[n]}${note === undefined ? '' : `  ${note(n)}`}`);
  }
  const width = labels.reduce((widest, label) => Math.max(widest, label.length), 0);
  return labels.map((label, i) => `${label.padEnd(width)}  ${facts[i]}`);
}
