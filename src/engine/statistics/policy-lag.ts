/** How old the policies are that sampled a node. */
import { addLag, eachSampledRun, makeLagSums, type LagSums } from '../../core/rollouts/policy-lag.ts';
import { NONE } from '../../core/model/kinds.ts';
import { versionsOf } from '../rollouts/versions.ts';
import type { Dataset } from '../dataset.ts';
import { partOf, type NodeStatistic } from './statistic.ts';

const held = new WeakMap<Dataset, { readonly target: number; readonly values: Float32Array }>();

export const policyLag: NodeStatistic = {
  id: 'policy-lag',
  label: 'policy lag',
  unit: 'versions',
  help: 'Versions behind the one that is compared with: mean over what trajectories sampled here, where the log tells one version.',
  views: ['tokens'],
  restsOn: 'forest',
  format: 'decimal',
  scale: { kind: 'ranks' },
  isOfSampled: true,
  inInspector: 'more',
  column({ dataset }, _view, first, end) {
    const values = lagOfNodes(dataset);
    return values === null ? new Float32Array(end - first).fill(Number.NaN) : partOf(values, first, end);
  },
};

/** node -> mean, NaN unknown; null: no version is told. O(nodes over all trajectories), once for a dataset and a version. */
function lagOfNodes(dataset: Dataset): Float32Array | null {
  const { target, runsOf } = versionsOf(dataset);
  const { forest } = dataset.tokens;
  if (target === null) return null;
  const known = held.get(dataset);
  if (known?.target === target) return known.values;
  const sums: (LagSums | undefined)[] = [];
  for (let t = 0; t < forest.trajectories.length; t++) {
    const path: number[] = [];
    for (let n = forest.trajectories.leaf[t] ?? NONE; n !== NONE; n = forest.parent[n] ?? NONE) path.push(n);
    let at = path.length - 1;
    eachSampledRun(forest.trajectories, t, runsOf(t), (from, to, version) => {
      const endOf = (n: number): number => (forest.depth[n] ?? 0) + (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0);
      for (let next = from; next < to;) {
        while (at > 0 && endOf(path[at] ?? 0) <= next) at--;
        const node = path[at] ?? 0;
        const stop = Math.min(to, endOf(node));
        addLag((sums[node] ??= makeLagSums()), version, stop - next, target);
        next = stop;
      }
    });
  }
  const values = Float32Array.from({ length: forest.length }, (_, n) => (sums[n]?.behind ?? 0) / (sums[n]?.told ?? 0));
  held.set(dataset, { target, values });
  return values;
}
