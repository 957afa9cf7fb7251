/** One task's tree as columns for the canvas, by tokens or by action. */
import type { Forest } from '../core/model/forest.ts';
import { icicle } from '../core/layout/icicle.ts';
import { makeSpine } from '../core/layout/spine.ts';
import { ENTROPY_SOURCES, nodeEntropy } from '../core/signal/entropy.ts';
import { meanThrough } from '../core/signal/advantage.ts';
import type { TreeColumns, TreeView } from './answers/drawing.ts';
import type { Dataset } from './dataset.ts';
import type { Ruling } from './ruling.ts';

/** Trees from this many nodes on are placed here: on the page it would take 10 ms and more. */
const PLACED_FROM = 50_000;

export function treeColumns(dataset: Dataset, ruling: Ruling | null, task: number, view: TreeView): TreeColumns {
  const { forest } = view === 'tokens' ? dataset.tokens : dataset.actions;
  const first = forest.treeStart[task] ?? 0;
  const end = forest.treeStart[task + 1] ?? 0;
  const length = end - first;
  const local = (column: Int32Array): Int32Array<ArrayBuffer> =>
    Int32Array.from(column.subarray(first, end), (value) => (value < 0 ? value : value - first));
  const tokens = new Int32Array(length);
  for (let n = 0; n < length; n++) tokens[n] = (forest.edgeStart[first + n + 1] ?? 0) - (forest.edgeStart[first + n] ?? 0);
  const protection = new Uint8Array(length);
  if (ruling && view === 'tokens') {
    const { pinned, factor } = ruling.order.plan.protections;
    for (let n = 0; n < length; n++) protection[n] = pinned[first + n] === 1 ? 2 : (factor[first + n] ?? 1) > 1 ? 1 : 0;
  }
  const columns = {
    task,
    view,
    firstNode: first,
    length,
    trajectories: (forest.trajectoryStart[task + 1] ?? 0) - (forest.trajectoryStart[task] ?? 0),
    parent: local(forest.parent),
    subtreeEnd: local(forest.subtreeEnd),
    depth: forest.depth.slice(first, end),
    tokens,
    reachCount: forest.reachCount.slice(first, end),
    kind: forest.kind.slice(first, end),
    flags: forest.flags.slice(first, end),
    tool: forest.tool.slice(first, end),
    tools: forest.tools,
    entropy: meanEntropy(forest, ruling, view, first, end),
    reward: Float32Array.from(rewards(forest, ruling, view).subarray(first, end)),
    protection,
  };
  if (length < PLACED_FROM) return columns;
  return {
    ...columns,
    spines: { arrival: makeSpine(columns, icicle(columns)), 'left-heavy': makeSpine(columns, icicle(columns, 'left-heavy')) },
  };
}

function meanEntropy(forest: Forest, ruling: Ruling | null, view: TreeView, first: number, end: number): Float32Array<ArrayBuffer> {
  const entropy = ruling && view === 'tokens' ? ruling.scores.entropy : nodeEntropy(forest, 'sum');
  const none = ENTROPY_SOURCES.indexOf('none');
  const mean = new Float32Array(end - first).fill(NaN);
  for (let n = first; n < end; n++) {
    const known = entropy.known[n] ?? 0;
    if (known > 0 && entropy.source[n] !== none) mean[n - first] = (entropy.sum[n] ?? 0) / known;
  }
  return mean;
}

function rewards(forest: Forest, ruling: Ruling | null, view: TreeView): Float64Array {
  return ruling && view === 'tokens' ? ruling.scores.meanReward : meanThrough(forest, forest.trajectories.reward);
}
