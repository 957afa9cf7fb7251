/** What a filter says of the nodes of one task's tree: who passes them, and where its words stand. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNodes } from '../../core/model/node-key.ts';
import type { TextTerm } from '../../core/filter/text-terms.ts';
import type { TreeView } from '../answers/drawing.ts';
import type { FilterMarks, Taken } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import type { ParsePool } from '../pool.ts';
import { nodesOfHits } from './hit-nodes.ts';
import { scanTexts } from './scan-texts.ts';

interface Marking {
  readonly dataset: Dataset;
  readonly pool: ParsePool;
  readonly taken: Taken;
  readonly terms: readonly TextTerm[];
  readonly task: number;
  readonly view: TreeView;
  readonly signal: AbortSignal;
}

export async function filterMarks({ dataset, pool, taken, terms, task, view, signal }: Marking): Promise<FilterMarks> {
  const { forest } = dataset[view];
  const first = forest.treeStart[task] ?? 0;
  const length = (forest.treeStart[task + 1] ?? first) - first;
  const passed = new Uint8Array(length);
  const rollouts = new Set<number>();
  for (let i = forest.trajectoryStart[task] ?? 0; i < (forest.trajectoryStart[task + 1] ?? 0); i++) {
    const trajectory = forest.trajectoryOrder[i] ?? 0;
    const rollout = forest.trajectories.rollout[trajectory] ?? 0;
    rollouts.add(rollout);
    if (taken.taken[rollout] !== 1) continue;
    // What is above a node that is passed is passed already.
    for (let n = forest.trajectories.leaf[trajectory] ?? NONE; n !== NONE && passed[n - first] === 0; n = forest.parent[n] ?? NONE)
      passed[n - first] = 1;
  }
  const counts = { passed, rollouts: rollouts.size, taken: taken.byTask[task] ?? 0 };
  if (terms.length === 0 || view !== 'tokens') return { ...counts, hits: null };
  const hits = new Uint8Array(length);
  const wanted = [...rollouts].filter((rollout) => taken.taken[rollout] === 1 && (taken.hits?.[rollout] ?? 0) > 0).sort((a, b) => a - b);
  await scanTexts({
    dataset,
    pool,
    look: { terms, places: Infinity },
    rollouts: wanted,
    signal,
    take(rollout, { places }) {
      const keys = nodesOfHits(dataset, rollout, places).filter((key) => key !== null);
      for (const n of locateNodes(forest.keys, keys)) if (n >= first && n < first + length) hits[n - first] = 1;
    },
    onBytes: () => undefined,
  });
  return { ...counts, hits };
}
