/** Signal and importance of every node under a rule (method: signals). */
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import { trajectoryCount } from '../tree/navigate.ts';
import { meanSampled, meanThrough, trajectoryAdvantages } from './advantage.ts';
import { sampledShare, taskDivisors } from './coefficient.ts';
import { hasEntropy as knowsEntropy, nodeEntropy } from './entropy.ts';
import type { NodeEntropy } from './entropy.ts';
import { branchingEntropy } from './forks.ts';
import { longTerm, taskLongTerm } from './long-term.ts';
import { RANKINGS } from './rankings.ts';
import { policyReach, tokenReach } from './reach.ts';

/** The part of a rule that scores depend on. */
export type ScoreRule = Pick<PruneRule, 'ranking' | 'mode' | 'gamma' | 'aggregate' | 'advantage' | 'reachBy' | 'weighBy' | 'divisor'>;

export interface ScoreInputs {
  /** Entropy from a language model, parallel to `edgeTokens`, NaN where not computed. */
  readonly model?: Float32Array | null;
  /** From `actionReach`; needed where the rule counts reach on actions. */
  readonly actionReach?: Float64Array | null;
  /** `nodeEntropy` of the same forest, aggregate and model, where it is at hand. */
  readonly entropy?: NodeEntropy;
  /** From the importance graph for the same rule: taken as they are. */
  readonly computed?: ComputedScores;
}

/** What the importance graph computes too. Columns by node, as in `NodeScores`; importance under the ranking `importance`. */
export interface ComputedScores {
  readonly lte: Float64Array<ArrayBuffer>;
  readonly reach: Float64Array<ArrayBuffer>;
  readonly meanAdvantage: Float64Array<ArrayBuffer>;
  readonly signal: Float64Array<ArrayBuffer>;
  readonly importance: Float64Array<ArrayBuffer>;
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
  /** node -> mean over the trajectories that sampled it (nobody did: that pass it), NaN where none is known */
  readonly meanAdvantage: Float64Array<ArrayBuffer>;
  /** node -> mean over the trajectories through it */
  readonly meanReward: Float64Array<ArrayBuffer>;
  /** node -> nats at forks, 0 elsewhere */
  readonly branchingEntropy: Float64Array<ArrayBuffer>;
  /** trajectory -> under `rule.advantage`, NaN where unknown */
  readonly trajectoryAdvantage: Float64Array<ArrayBuffer>;
  /** task -> what its nodes' signal and importance are multiplied by, see `taskWeights` */
  readonly taskWeight: Float64Array<ArrayBuffer>;
  /** Some sampled token has an entropy; otherwise sampled tokens stand in for nats everywhere. */
  readonly hasEntropy: boolean;
  /** Some trajectory has an advantage; otherwise RL mode has nothing to multiply by and equals SFT mode. */
  readonly hasAdvantage: boolean;
}

/**
 * SFT: S = r·q·h, which is c·h where reach counts trajectories, and I = r·LTE; RL: both also × |mean advantage of the
 * trajectories that sampled the node|. q is the share of those through it that did. With no entropy known anywhere, h is
 * the number of sampled tokens. A negative h (rounding in the log) counts 0 in S.
 * Throws where the rule counts reach on actions and none was given.
 */
export function scoreNodes(forest: Forest, rule: ScoreRule, inputs: ScoreInputs = {}): NodeScores {
  const entropy = inputs.entropy ?? nodeEntropy(forest, rule.aggregate, inputs.model ?? null);
  const hasEntropy = knowsEntropy(entropy);
  const trajectoryAdvantage = trajectoryAdvantages(forest, rule.advantage);
  const hasAdvantage = trajectoryAdvantage.some((value) => !Number.isNaN(value));
  const taskWeight = taskWeights(forest, rule);
  const computed =
    inputs.computed ??
    computeScores(forest, rule, {
      h: sampledEntropy(forest, entropy),
      taskWeight,
      reach: givenReach(forest, rule, inputs.actionReach) ?? tokenReach(forest),
      advantage: trajectoryAdvantage,
      usesAdvantage: rule.mode === 'rl' && hasAdvantage,
    });
  const meanReward = meanThrough(forest, forest.trajectories.reward);
  const ranking = RANKINGS.find(({ id }) => id === rule.ranking);
  if (ranking === undefined) throw new Error(`expected a ranking, found ${rule.ranking}`);
  const importance = ranking.rank({ forest, importance: computed.importance, reach: computed.reach, taskWeight, meanReward });
  return {
    ...computed,
    importance,
    entropy,
    taskLte: taskLongTerm(forest, computed.lte),
    meanReward,
    branchingEntropy: branchingEntropy(forest),
    trajectoryAdvantage,
    taskWeight,
    hasEntropy,
    hasAdvantage,
  };
}

/**
 * node -> q·h: what the trajectories through it bring of its entropy on average, in nats; sampled tokens where no entropy is
 * known anywhere.
 */
export function sampledEntropy(forest: Forest, entropy: NodeEntropy): Float64Array<ArrayBuffer> {
  const h = knowsEntropy(entropy) ? entropy.h : Float64Array.from(entropy.sampledTokens);
  return h.map((value, n) => sampledShare(forest, n) * value);
}

interface Parts {
  /** From `sampledEntropy`. */
  readonly h: Float64Array;
  readonly reach: Float64Array<ArrayBuffer>;
  readonly taskWeight: Float64Array;
  /** trajectory -> advantage */
  readonly advantage: Float64Array;
  readonly usesAdvantage: boolean;
}

/** The typed-array path: three passes over the nodes, one over the trajectories. */
export function computeScores(
  forest: Forest,
  rule: Pick<ScoreRule, 'gamma'>,
  { h, reach, taskWeight, advantage, usesAdvantage }: Parts,
): ComputedScores {
  const lte = longTerm(forest, h, rule.gamma);
  const meanAdvantage = meanSampled(forest, advantage);
  const signal = new Float64Array(forest.length);
  const importance = new Float64Array(forest.length);
  for (let task = 0; task < taskWeight.length; task++) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const weight = taskWeight[task] * reach[n] * (usesAdvantage ? Math.abs(meanAdvantage[n]) || 0 : 1);
      signal[n] = weight * Math.max(h[n], 0);
      importance[n] = weight * lte[n];
    }
  }
  return { lte, reach, meanAdvantage, signal, importance };
}

/** node -> reach under `rule.reachBy`, or null where that is g/K. */
export function givenReach(
  forest: Forest,
  rule: Pick<ScoreRule, 'reachBy'>,
  actions: Float64Array | null | undefined,
): Float64Array<ArrayBuffer> | null {
  if (rule.reachBy === 'tokens') return null;
  if (rule.reachBy === 'policy') return policyReach(forest);
  if (actions === undefined || actions === null || actions.length !== forest.length) {
    throw new Error(`reach by actions: expected actionReach of ${forest.length} nodes, found ${actions?.length ?? 'none'}`);
  }
  return Float64Array.from(actions);
}

/**
 * task -> what its nodes count. Reach divides by the task's trajectories; where the rule divides by rollouts, their ratio
 * makes up for it. Under 'trajectory' a task also counts by what it is divided by, 1 on average, so totals stay comparable.
 */
export function taskWeights(forest: Forest, { weighBy, divisor }: Pick<PruneRule, 'weighBy' | 'divisor'>): Float64Array<ArrayBuffer> {
  const divisors = taskDivisors(forest, divisor);
  const all = divisors.reduce((sum, value) => sum + value, 0);
  return divisors.map((value, task) => {
    const perTrajectory = trajectoryCount(forest, task) / value;
    return weighBy === 'trajectory' ? ((perTrajectory * value) / all) * divisors.length : perTrajectory;
  });
}
