/**
 * The one rollout to read for a way of a fork [ours]: of those whose reward is nearest to the way's mean (of all, where none is known),
 * the one whose trajectory is nearest to the way's median length in tokens; of equals the first in the order of the inputs.
 */
import type { WayFigures } from '../../core/decisions/fork-figures.ts';
import { NONE } from '../../core/model/kinds.ts';
import { nodeKeyOf } from '../../core/model/node-key.ts';
import { tokenNodeOf } from '../action-node.ts';
import type { Representative } from '../answers/decisions.ts';
import type { Dataset } from '../dataset.ts';
import { keyAt } from '../rollouts/rollout-of.ts';
import { decisionRewards } from './rewards.ts';

export function representativeOf(dataset: Dataset, { node, from, to, rewards }: WayFigures): Representative {
  const { actions, tokens } = dataset;
  const { trajectoryOrder, trajectories, depth } = actions.forest;
  const { ofRollout } = decisionRewards(dataset);
  const lengths = tokens.forest.trajectories.tokenCount;
  const through = trajectoryOrder.slice(from, to).sort();
  const inOrder = Int32Array.from(through, (trajectory) => lengths[trajectory] ?? 0).sort();
  const median = inOrder[inOrder.length >> 1] ?? 0;
  let best = through[0] ?? 0;
  let bestOff = Infinity;
  let bestLength = Infinity;
  for (const trajectory of through) {
    const reward = ofRollout[trajectories.rollout[trajectory] ?? 0] ?? Number.NaN;
    // An unknown reward is farther than any known one.
    const off = rewards.n === 0 ? 0 : Number.isNaN(reward) ? Infinity : Math.abs(reward - rewards.mean);
    const length = Math.abs((lengths[trajectory] ?? 0) - median);
    if (off > bestOff || (off === bestOff && length >= bestLength)) continue;
    best = trajectory;
    bestOff = off;
    bestLength = length;
  }
  const rollout = trajectories.rollout[best] ?? 0;
  const at = node === NONE ? null : tokenNodeOf(dataset, best, depth[node] ?? 0);
  return {
    rollout: keyAt(dataset, rollout),
    id: tokens.rollouts[rollout]?.id ?? '',
    reward: ofRollout[rollout] ?? Number.NaN,
    branch: trajectories.branch[best] ?? 0,
    node: at === null ? null : nodeKeyOf(tokens.forest.keys, at),
  };
}
