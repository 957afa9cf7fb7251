/** Signal and importance of every node under a rule (method: signals). */
import type { Forest, PruneRule } from '../model.ts';
import { trajectoryCount } from '../tree/navigate.ts';
import { meanThrough, trajectoryAdvantages } from './advantage.ts';
import { hasEntropy as knowsEntropy, nodeEntropy } from './entropy.ts';
import type { NodeEntropy } from './entropy.ts';
import { branchingEntropy, rewardSpread } from './forks.ts';
import { longTerm, taskLongTerm } from './long-term.ts';
import { policyReach, tokenReach } from './reach.ts';

/** The part of a rule that scores depend on. */
export type ScoreRule = Pick<PruneRule, 'ranking' | 'mode' | 'gamma' | 'aggregate' | 'advantage' | 'reachBy' | 'weighBy'>;

export interface ScoreInputs {
  /** Entropy from a language model, parallel to `edgeTokens`, NaN where not computed. */
  readonly model?: Float32Array | null;
  /** From `actionReach`; needed where the rule counts reach on actions. */
  readonly actionReach?: Float64Array | null;
}

export interface NodeScores {
  /** node -> S ≥ 0, additive over nodes: what "retained" counts */
  readonly signal: Float64Array<ArrayBuffer>;
  /** node -> what best-first ranks by, under `rule.ranking`; never NaN */
  readonly importance: Float64Array<ArrayBuffer>;
  readonly entropy: NodeEntropy;
  /** node -> long-term entropy, nats; long-term sampled tokens where no entropy is known */
  readonly lte: Float64Array<ArrayBuffer>;
  /** task -> mean over its trajectories, same unit */
  readonly taskLte: Float64Array<ArrayBuffer>;
  /** node -> r under `rule.reachBy` */
  readonly reach: Float64Array<ArrayBuffer>;
  /** node -> mean over the trajectories through it, NaN where none is known */
  readonly meanAdvantage: Float64Array<ArrayBuffer>;
  readonly meanReward: Float64Array<ArrayBuffer>;
  /** node -> nats at forks, 0 elsewhere */
  readonly branchingEntropy: Float64Array<ArrayBuffer>;
  /** trajectory -> under `rule.advantage`, NaN where unknown */
  readonly trajectoryAdvantage: Float64Array<ArrayBuffer>;
  /** task -> what its nodes' signal and importance are multiplied by: 1, or K over the mean K */
  readonly taskWeight: Float64Array<ArrayBuffer>;
  /** Some sampled token has an entropy; otherwise sampled tokens stand in for nats everywhere. */
  readonly hasEntropy: boolean;
  /** Some trajectory has an advantage; otherwise RL mode has nothing to multiply by and equals SFT mode. */
  readonly hasAdvantage: boolean;
}

/**
 * SFT: S = r·h and I = r·LTE; RL: both also × |mean advantage of the trajectories through the node|. With no entropy
 * known anywhere, h is the number of sampled tokens. A negative h (rounding in the log) counts 0 in S.
 * Throws where the rule counts reach on actions and none was given.
 */
export function scoreNodes(forest: Forest, rule: ScoreRule, inputs: ScoreInputs = {}): NodeScores {
  const entropy = nodeEntropy(forest, rule.aggregate, inputs.model ?? null);
  const hasEntropy = knowsEntropy(entropy);
  const h = hasEntropy ? entropy.h : Float64Array.from(entropy.sampledTokens);
  const lte = longTerm(forest, h, rule.gamma);
  const reach = reachBy(forest, rule, inputs);
  const trajectoryAdvantage = trajectoryAdvantages(forest, rule.advantage);
  const hasAdvantage = trajectoryAdvantage.some((value) => !Number.isNaN(value));
  const meanAdvantage = meanThrough(forest, trajectoryAdvantage);
  const meanReward = meanThrough(forest, forest.trajectories.reward);
  const taskWeight = taskWeights(forest, rule.weighBy);

  const signal = new Float64Array(forest.length);
  const importance = new Float64Array(forest.length);
  const usesAdvantage = rule.mode === 'rl' && hasAdvantage;
  for (let task = 0; task < taskWeight.length; task++) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const advantage = usesAdvantage ? Math.abs(meanAdvantage[n]) || 0 : 1;
      const weight = taskWeight[task] * reach[n] * advantage;
      signal[n] = weight * Math.max(h[n], 0);
      importance[n] = weight * lte[n];
    }
  }
  if (rule.ranking !== 'importance') rankOtherwise(forest, rule.ranking, { reach, taskWeight, meanReward }, importance);
  return {
    signal, importance, entropy, lte, taskLte: taskLongTerm(forest, lte), reach, meanAdvantage, meanReward,
    branchingEntropy: branchingEntropy(forest), trajectoryAdvantage, taskWeight, hasEntropy, hasAdvantage,
  };
}

function reachBy(forest: Forest, rule: ScoreRule, inputs: ScoreInputs): Float64Array<ArrayBuffer> {
  if (rule.reachBy === 'tokens') return tokenReach(forest);
  if (rule.reachBy === 'policy') return policyReach(forest);
  const given = inputs.actionReach;
  if (given === undefined || given === null || given.length !== forest.length) {
    throw new Error(`reach by actions: expected actionReach of ${forest.length} nodes, found ${given?.length ?? 'none'}`);
  }
  return Float64Array.from(given);
}

/** Under 'trajectory' the mean weight of a task is 1 as well, so totals stay comparable. */
function taskWeights(forest: Forest, weighBy: PruneRule['weighBy']): Float64Array<ArrayBuffer> {
  const tasks = forest.treeStart.length - 1;
  const weight = new Float64Array(tasks).fill(1);
  if (weighBy === 'trajectory') {
    for (let task = 0; task < tasks; task++) weight[task] = (trajectoryCount(forest, task) * tasks) / forest.trajectories.length;
  }
  return weight;
}

interface Ranked {
  readonly reach: Float64Array;
  readonly taskWeight: Float64Array;
  readonly meanReward: Float64Array;
}

/**
 * The rankings offered for comparison. `surprisal`: r × summed surprisal of the sampled tokens. `reward-spread`: among
 * the node's children. `reach`: r. `tokens`: length of the run. `uniform`: 1. Surprisal and reach carry the task's weight.
 */
function rankOtherwise(
  forest: Forest, ranking: Exclude<PruneRule['ranking'], 'importance'>, { reach, taskWeight, meanReward }: Ranked, out: Float64Array,
): void {
  if (ranking === 'reward-spread') {
    out.set(rewardSpread(forest, meanReward));
    return;
  }
  for (let task = 0; task < taskWeight.length; task++) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      if (ranking === 'uniform') out[n] = 1;
      else if (ranking === 'tokens') out[n] = forest.edgeStart[n + 1] - forest.edgeStart[n];
      else out[n] = taskWeight[task] * reach[n] * (ranking === 'reach' ? 1 : summedSurprisal(forest, n));
    }
  }
}

function summedSurprisal(forest: Forest, n: number): number {
  const { surprisal } = forest.channels;
  let sum = 0;
  if (surprisal === null || forest.sampledCount[n] === 0) return sum;
  for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) if (!Number.isNaN(surprisal[i])) sum += surprisal[i];
  return sum;
}
