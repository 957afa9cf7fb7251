/** The shape of one task's tree as columns for the canvas, by tokens or by action. */
import { icicle } from '../core/layout/icicle.ts';
import { makeSpine } from '../core/layout/spine.ts';
import type { TreeShape, TreeView } from './answers/drawing.ts';
import type { Dataset } from './dataset.ts';

/** Trees from this many nodes on are placed here: on the page it would take 10 ms and more. */
const PLACED_FROM = 50_000;

/** O(nodes of the task). */
export function treeShape(dataset: Dataset, task: number, view: TreeView): TreeShape {
  const { forest } = view === 'tokens' ? dataset.tokens : dataset.actions;
  const first = forest.treeStart[task] ?? 0;
  const end = forest.treeStart[task + 1] ?? 0;
  const length = end - first;
  const local = (column: Int32Array): Int32Array<ArrayBuffer> =>
    Int32Array.from(column.subarray(first, end), (value) => (value < 0 ? value : value - first));
  const tokens = new Int32Array(length);
  for (let n = 0; n < length; n++) tokens[n] = (forest.edgeStart[first + n + 1] ?? 0) - (forest.edgeStart[first + n] ?? 0);
  const shape = {
    task,
    view,
    keys: forest.keys.slice(2 * first, 2 * end),
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
  };
  if (length < PLACED_FROM) return shape;
  return {
    ...shape,
    spines: { arrival: makeSpine(shape, icicle(shape)), 'left-heavy': makeSpine(shape, icicle(shape, 'left-heavy')) },
  };
}
