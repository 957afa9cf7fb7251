/** Turns: every sampled turn alike. What stands in where nothing else is known. */
import { NONE } from '../../model/kinds.ts';
import type { Forest } from '../../model/forest.ts';
import { itself, type TokenSignal } from '../signal.ts';

export const turns: TokenSignal<'turns'> = {
  id: 'turns',
  label: 'sampled turns',
  help: 'Every sampled turn is worth 1, spread evenly over its tokens.',
  unit: 'turns',
  values({ forest }) {
    const perToken = turnShares(forest);
    return (_at, node) => perToken[node];
  },
  amplitude: itself,
};

/**
 * node -> what each of its tokens is worth; 0 where it is not sampled [ours]. A turn is a run of sampled nodes on a path.
 * On one path with a turn of L tokens each is worth 1/L; where turns part after a shared beginning, a shared token is
 * worth the mean over the trajectories that sampled it. So Σ s/K × tokens × value over a task's nodes is the mean number
 * of turns of its trajectories (s: those that sampled the node). O(nodes).
 */
function turnShares(forest: Forest): Float64Array {
  const { length, parent, sampledCount, edgeStart } = forest;
  // node -> tokens from the turn's first to this node's last
  const long = new Float64Array(length);
  // node -> trajectories whose turn ends with it
  const ending = Float64Array.from(sampledCount);
  for (let n = 0; n < length; n++) {
    if (sampledCount[n] === 0) continue;
    const p = parent[n];
    const above = p !== NONE && sampledCount[p] > 0;
    long[n] = edgeStart[n + 1] - edgeStart[n] + (above ? long[p] : 0);
    if (above) ending[p] -= sampledCount[n];
  }
  // node -> Σ over the turns through it of 1 ÷ their tokens
  const sum = new Float64Array(length);
  for (let n = length - 1; n >= 0; n--) {
    if (sampledCount[n] === 0) continue;
    sum[n] += Math.max(0, ending[n]) / long[n];
    const p = parent[n];
    // Where more sampled this node than the one above, the turns of the others begin here.
    if (p !== NONE && sampledCount[p] > 0) sum[p] += sum[n] * Math.min(1, sampledCount[p] / sampledCount[n]);
    sum[n] /= sampledCount[n];
  }
  return sum;
}
