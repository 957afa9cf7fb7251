/**
 * The part of a tree that fits on a screen as a node-link drawing: unbranched runs of nodes as one item, and what is
 * beyond the limit as stubs that say how much they stand for. Laid out by d3-hierarchy.
 */
import { hierarchy, tree as d3Tree } from 'd3-hierarchy';
import { NONE } from '../model/kinds.ts';
import type { LayoutTree } from './layout-tree.ts';

/** Nodes [first, end) follow each other without a fork and with the same trajectories; or a stub for hidden ones. */
export interface OutlineItem {
  /** First node; of a stub: its first hidden node. */
  readonly first: number;
  readonly end: number;
  /** Tokens of the run. */
  readonly tokens: number;
  readonly reachCount: number;
  /** Index of the item on its left, or NONE. */
  readonly parent: number;
  /** Items on its left. */
  readonly level: number;
  /** Position across, in rows; 0 at the outermost item. */
  readonly across: number;
  /** 0, or the number of nodes and of items that this stub stands for. */
  readonly hiddenNodes: number;
  readonly hiddenRuns: number;
  /** Of a stub: its nodes as [from, to, from, to …], ascending. */
  readonly hidden: readonly number[];
  readonly leaf: boolean;
}

export interface Outline {
  /** Parents before children. */
  readonly items: readonly OutlineItem[];
  readonly rows: number;
  readonly levels: number;
  readonly hiddenNodes: number;
}

/** An item on its way: everything but its place. */
interface Draft {
  readonly first: number;
  readonly end: number;
  readonly tokens: number;
  readonly leaf: boolean;
  reachCount: number;
  hiddenNodes: number;
  hiddenRuns: number;
  readonly hidden: number[];
  readonly children: Draft[];
}

/** Rows between neighbours: siblings, and others. */
const SEPARATION = { siblings: 1, cousins: 1.25 };

/**
 * `root`: the subtree to show, or null for all of the task. `limit`: most runs to show; those with the highest reach
 * count stay (ties: first in row order), so that a shown run's parent is always shown.
 */
export function outline(tree: LayoutTree, root: number | null = null, limit = 2_000): Outline {
  const from = root ?? 0;
  const to = root === null ? tree.length : tree.subtreeEnd[root];
  const { runStart, runOf, runs } = findRuns(tree, from, to);
  const shown = chooseRuns(tree, runStart, runs, limit);
  const top = draftOf(from, from, 0, 0, false);
  /** run -> its item, or the stub that stands for it */
  const drafts: Draft[] = [];
  const stubs = new Map<Draft, Draft>();
  for (let run = 0; run < runs; run++) {
    const first = runStart[run];
    const end = runStart[run + 1];
    const above = first === from ? NONE : tree.parent[first];
    const parent = above < from ? top : drafts[runOf[above - from]];
    const reach = tree.reachCount[first];
    if (shown[run] === 1) {
      const last = end - 1;
      const draft = draftOf(first, end, tree.depth[last] + tree.tokens[last] - tree.depth[first], reach, tree.subtreeEnd[last] === end);
      drafts.push(draft);
      parent.children.push(draft);
      continue;
    }
    // One stub stands for everything hidden below a shown run, however deep.
    const covered = parent.hiddenRuns > 0;
    const stub = covered ? parent : (stubs.get(parent) ?? draftOf(first, first, 0, 0, true));
    if (!covered && !stubs.has(parent)) {
      stubs.set(parent, stub);
      parent.children.push(stub);
    }
    stub.hiddenNodes += end - first;
    stub.hiddenRuns++;
    if (!covered) {
      stub.reachCount += reach;
      // All below a hidden run is hidden too.
      if (stub.hidden.at(-1) === first) stub.hidden.pop();
      else stub.hidden.push(first);
      stub.hidden.push(tree.subtreeEnd[first]);
    }
    drafts.push(stub);
  }
  return layOut(top);
}

function draftOf(first: number, end: number, tokens: number, reachCount: number, leaf: boolean): Draft {
  return { first, end, tokens, reachCount, leaf, hiddenNodes: 0, hiddenRuns: 0, hidden: [], children: [] };
}

/** Runs in row order: runStart[r] .. runStart[r + 1]; node − from -> run. */
function findRuns(tree: LayoutTree, from: number, to: number): { runStart: Int32Array; runOf: Int32Array; runs: number } {
  const runStart = new Int32Array(to - from + 1);
  const runOf = new Int32Array(to - from);
  let runs = 0;
  for (let n = from; n < to; n++) {
    const above = n - 1;
    const goesOn =
      n > from &&
      tree.parent[n] === above &&
      tree.subtreeEnd[above] === tree.subtreeEnd[n] &&
      tree.reachCount[above] === tree.reachCount[n];
    if (!goesOn) runStart[runs++] = n;
    runOf[n - from] = runs - 1;
  }
  runStart[runs] = to;
  return { runStart, runOf, runs };
}

function chooseRuns(tree: LayoutTree, runStart: Int32Array, runs: number, limit: number): Uint8Array {
  const shown = new Uint8Array(runs);
  if (runs <= limit) return shown.fill(1);
  const order = new Int32Array(runs);
  for (let run = 0; run < runs; run++) order[run] = run;
  order.sort((a, b) => tree.reachCount[runStart[b]] - tree.reachCount[runStart[a]] || a - b);
  for (let i = 0; i < limit; i++) shown[order[i]] = 1;
  return shown;
}

function layOut(top: Draft): Outline {
  const laidOut = d3Tree<Draft>()
    .nodeSize([1, 1])
    .separation((a, b) => (a.parent === b.parent ? SEPARATION.siblings : SEPARATION.cousins))(hierarchy(top, (draft) => draft.children));
  const items: OutlineItem[] = [];
  const indexOf = new Map<Draft, number>();
  let low = Infinity;
  let high = -Infinity;
  let levels = 0;
  let hiddenNodes = 0;
  laidOut.eachBefore(({ data, depth, x, parent }) => {
    if (depth === 0) return;
    indexOf.set(data, items.length);
    const { children: _, ...item } = data;
    items.push({ ...item, parent: parent && depth > 1 ? (indexOf.get(parent.data) ?? NONE) : NONE, level: depth - 1, across: x });
    low = Math.min(low, x);
    high = Math.max(high, x);
    levels = Math.max(levels, depth);
    hiddenNodes += data.hiddenNodes;
  });
  if (items.length === 0) return { items, rows: 0, levels: 0, hiddenNodes: 0 };
  return { items: items.map((item) => ({ ...item, across: item.across - low })), rows: high - low + 1, levels, hiddenNodes };
}
