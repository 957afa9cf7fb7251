/** The message graph of a verifiers trace: parents, root-to-leaf paths, and why a path leaves the others. */
import { NONE } from '../core/model/kinds.ts';
import { describe, get, getList, getString } from './json.ts';

/** Node -> parent or NONE (the key is left out for a root); or what was found instead of a usable parent. */
export function readParents(nodes: readonly unknown[]): Int32Array | string {
  const parents = new Int32Array(nodes.length).fill(NONE);
  for (let n = 0; n < nodes.length; n++) {
    const parent = get(nodes[n], 'parent');
    if (parent === undefined || parent === null) continue;
    if (typeof parent !== 'number' || !Number.isInteger(parent) || parent < 0 || parent >= n) {
      return `${describe(parent)} at node ${n}`;
    }
    parents[n] = parent;
  }
  return parents;
}

/** One path of nodes, root first, for each node that is nobody's parent, in the order of these leaves. */
export function leafPaths(parents: Int32Array): number[][] {
  const isParent = new Uint8Array(parents.length);
  for (let n = 0; n < parents.length; n++) if (parents[n] !== NONE) isParent[parents[n]!] = 1;
  const paths: number[][] = [];
  for (let leaf = 0; leaf < parents.length; leaf++) {
    if (isParent[leaf] === 1) continue;
    const path: number[] = [];
    for (let n = leaf; n !== NONE; n = parents[n]!) path.push(n);
    paths.push(path.toReversed());
  }
  return paths;
}

const CAUSES = new Map([
  ['compaction', 'compaction'],
  ['compaction_attempt', 'compaction-attempt'],
  ['subagent_call', 'sub-agent'],
  ['subagent_return', 'sub-agent'],
]);

/**
 * Why a later branch does not continue an earlier one: the harness says so with a link on one of the nodes that no
 * earlier branch has `shown`; without a link it is a rewritten history.
 */
export function pathCause(nodes: readonly unknown[], path: readonly number[], shown: Uint8Array): string {
  for (const n of path) {
    if (shown[n] === 1) continue;
    if (isSummary(nodes[n])) return 'compaction';
    for (const link of getList(nodes[n], 'semantic_parents') ?? []) {
      const cause = CAUSES.get(getString(link, 'type') ?? '');
      if (cause !== undefined) return cause;
    }
  }
  return 'rewrite';
}

/** The mark that our own sample logs give to a message that stands for the history before it. */
export function isSummary(node: unknown): boolean {
  return get(node, 'kind') === 'summary';
}
