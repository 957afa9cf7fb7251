/** What of the drawn tree, and of one node, carries loss at a budget. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNode, type NodeKey } from '../../core/model/node-key.ts';
import { taskDivisors } from '../../core/signal/coefficient.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { Keep, Ruling } from '../ruled.ts';

/**
 * node of the task's token tree -> share of its sampled tokens that carry loss, 0 where only rollouts that may not train sampled it;
 * NaN where nobody did. O(tokens of the task).
 */
export function trainedShares({ problem: { forest }, dataset }: Ruling, { train }: Keep, task: number): Float32Array<ArrayBuffer> {
  const first = forest.treeStart[task] ?? 0;
  const shares = new Float32Array((forest.treeStart[task + 1] ?? 0) - first);
  for (let i = 0; i < shares.length; i++) {
    const n = first + i;
    const tokens = (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0);
    shares[i] = (dataset.tokens.forest.sampledCount[n] ?? 0) > 0 ? train.trainedOf(n) / tokens : NaN;
  }
  return shares;
}

/**
 * token of a node -> its weight, summed over the records that train it by `branch-mean`: coefficient × factor, 0 = no loss.
 * Null where the node is not sampled or not there. Failed turns that an export may mask are not left out.
 */
export function tokenWeights(ruling: Ruling, keep: Keep, key: NodeKey): Float32Array<ArrayBuffer> | null {
  const node = locateNode(ruling.problem.forest.keys, key);
  return node === NONE ? null : weightsIn(ruling, keep)(node);
}

/** node -> the same; for many nodes of one cut */
export function weightsIn({ problem: { forest }, rule }: Ruling, { train }: Keep): (node: number) => Float32Array<ArrayBuffer> | null {
  const divisors = taskDivisors(forest, rule.divisor);
  return (node) => {
    const sampled = forest.sampledCount[node] ?? 0;
    if (sampled === 0) return null;
    const weights = new Float32Array((forest.edgeStart[node + 1] ?? 0) - (forest.edgeStart[node] ?? 0));
    train.factorsOf(node, weights, 0);
    const divisor = divisors[taskOf(forest, node)] ?? 1;
    return weights.map((factor) => (factor * sampled) / divisor);
  };
}
