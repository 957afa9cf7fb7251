/** Advantages of trajectories and of nodes, from the log or from the rewards of their task. */
import type { Forest } from '../model/forest.ts';
import type { AdvantageRule } from '../model/rule.ts';
import type { Frozen } from '../tree/freeze.ts';
import { ADVANTAGES } from './advantages.ts';
import type { AdvantageWay } from './group-advantages.ts';
import { meanSampled } from './mean.ts';

/**
 * trajectory -> advantage, NaN where unknown.
 *
 * - `logged`: of the trajectory or its rollout; else the mean of the per-token advantages logged for the deepest node
 *   of its path that has any.
 * - Groups have the rollouts with a known reward; a rollout's reward is the mean over its branches, which normally share
 *   one. A group whose rewards are all equal, or that has a single one, gives 0. Standard deviations are the population's.
 */
export function trajectoryAdvantages(forest: Forest, rule: AdvantageRule): Float64Array<ArrayBuffer> {
  return wayOf(rule).of({ forest: forest.before ?? forest, actions: null, among: forest });
}

/** Whether a trajectory has one advantage all along, so that a node's is a mean over trajectories. */
export function isPerTrajectory(rule: AdvantageRule): boolean {
  return wayOf(rule).ofNodes === undefined;
}

/**
 * node -> advantage of those that sampled it, NaN where none of them has one. Next to others, a trajectory whose advantage is
 * unknown counts 0: times the node's coefficient this is what flat training gives that node, in which such a trajectory
 * trains nothing. [ours]
 * @param trajectories from `trajectoryAdvantages`. @param actions of the same trajectories; throws where the rule needs them
 */
export function nodeAdvantages(
  forest: Forest,
  rule: AdvantageRule,
  trajectories: Float64Array,
  actions: Frozen | null,
): Float64Array<ArrayBuffer> {
  const own = wayOf(rule).ofNodes?.({ forest: forest.before ?? forest, actions, among: forest });
  if (own === undefined) return meanSampled(forest, trajectories, 'zero');
  const isKnown = trajectories.map((value) => (Number.isNaN(value) ? 0 : 1));
  const share = meanSampled(forest, isKnown);
  return own.map((value, n) => value * share[n]);
}

function wayOf(rule: AdvantageRule): AdvantageWay<AdvantageRule> {
  const way = ADVANTAGES.find(({ id }) => id === rule);
  if (way === undefined) throw new Error(`expected a rule for advantages, found ${rule}`);
  return way;
}
