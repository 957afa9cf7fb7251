/** What happens at forks: how evenly trajectories part, and how far the rewards of the ways differ. */
import type { Forest } from '../model/forest.ts';
import { isFork } from '../tree/navigate.ts';

/**
 * node -> entropy of the choice among its children by reach count, nats; 0 where there is no choice. Trajectories that
 * end at the node make no choice. It also counts forks that the environment made, so it is not policy entropy.
 */
export function branchingEntropy(forest: Forest): Float64Array<ArrayBuffer> {
  const entropy = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    if (!isFork(forest, n)) continue;
    let through = 0;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) through += forest.reachCount[c];
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) {
      const share = forest.reachCount[c] / through;
      if (share > 0) entropy[n] -= share * Math.log(share);
    }
  }
  return entropy;
}

/**
 * node -> standard deviation of its children's mean rewards, each weighted by the child's reach count; children
 * without a known reward are left out; 0 where fewer than two remain.
 */
export function rewardSpread(forest: Forest, meanReward: Float64Array): Float64Array<ArrayBuffer> {
  const spread = new Float64Array(forest.length);
  for (let n = 0; n < forest.length; n++) {
    if (!isFork(forest, n)) continue;
    let weight = 0;
    let sum = 0;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) {
      if (Number.isNaN(meanReward[c])) continue;
      weight += forest.reachCount[c];
      sum += forest.reachCount[c] * meanReward[c];
    }
    if (weight === 0) continue;
    const mean = sum / weight;
    let squares = 0;
    for (let c = n + 1; c < forest.subtreeEnd[n]; c = forest.subtreeEnd[c]) {
      if (!Number.isNaN(meanReward[c])) squares += forest.reachCount[c] * (meanReward[c] - mean) ** 2;
    }
    spread[n] = Math.sqrt(squares / weight);
  }
  return spread;
}
