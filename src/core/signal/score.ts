/** Signal and importance of every node under a rule (method: signals). */
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import type { Frozen } from '../tree/freeze.ts';
import { trajectoryCount } from '../tree/navigate.ts';
import { nodeAdvantages, trajectoryAdvantages } from './advantage.ts';
import { remainingTasks, sampledShare, taskDivisors } from './coefficient.ts';
import { hasEntropy as knowsEntropy, nodeEntropy } from './entropy.ts';
import type { NodeEntropy } from './entropy.ts';
import { filledEntropy, nodeSignal, type NodeSignal } from './node-signal.ts';
import type { ImportedScores, SignalSource, TokenScores } from './signal.ts';
import type { Fill } from './fill.ts';
import { branchingEntropy } from './forks.ts';
import { longTerm, taskLongTerm } from './long-term.ts';
import { meanThrough } from './mean.ts';
import { RANKINGS } from './rankings.ts';
import { policyReach, tokenReach } from './reach.ts';
import type { WholeLog } from './whole-log.ts';

/** The part of a rule that scores depend on. */
export type ScoreRule = Pick<
  PruneRule,
  'signal' | 'ranking' | 'mode' | 'gamma' | 'aggregate' | 'advantage' | 'reachBy' | 'weighBy' | 'divisor' | 'fill'
>;

export interface ScoreInputs {
  /** From a language model. */
  readonly model?: TokenScores | null;
  /** What the signal `imported` is. */
  readonly imported?: ImportedScores | null;
  /** From `actionReach`; needed where the rule counts reach on actions. */
  readonly actionReach?: Float64Array | null;
  /** The same trajectories by their actions; needed where the rule's advantages are. */
  readonly actions?: Frozen | null;
  /** `nodeEntropy` of the same forest, aggregate and model, where it is at hand. */
  readonly entropy?: NodeEntropy;
  /** From the importance graph for the same rule: taken as they are. */
  readonly computed?: ComputedScores;
  /** The log that the forest is a part of; absent: it is all of it. */
  readonly whole?: WholeLog | undefined;
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
  /** node -> S ≥ 0, additive over nodes, with what is unknown filled in: what nodes are chosen by */
  readonly signal: Float64Array<ArrayBuffer>;
  /** node -> the part of S that is known: what "retained" counts; the same column where all is known */
  readonly counted: Float64Array<ArrayBuffer>;
  /** node -> what best-first ranks by, under `rule.ranking`; never NaN */
  readonly importance: Float64Array<ArrayBuffer>;
  readonly entropy: NodeEntropy;
  /** What `signal` sums up, and how much of it is known. */
  readonly by: NodeSignal;
  /** node -> long-term entropy, nats; long-term turns where no entropy is known */
  readonly lte: Float64Array<ArrayBuffer>;
  /** task -> mean over its trajectories, same unit */
  readonly taskLte: Float64Array<ArrayBuffer>;
  /** node -> r under `rule.reachBy` */
  readonly reach: Float64Array<ArrayBuffer>;
  /** node -> advantage of those that sampled it (nobody did: that pass it), NaN where none is known, see `nodeAdvantages` */
  readonly meanAdvantage: Float64Array<ArrayBuffer>;
  /** node -> mean over the trajectories through it */
  readonly meanReward: Float64Array<ArrayBuffer>;
  /** node -> nats at forks, 0 elsewhere */
  readonly branchingEntropy: Float64Array<ArrayBuffer>;
  /** trajectory -> under `rule.advantage`, NaN where unknown */
  readonly trajectoryAdvantage: Float64Array<ArrayBuffer>;
  /** task -> what its nodes' signal and importance are multiplied by, see `taskWeights` */
  readonly taskWeight: Float64Array<ArrayBuffer>;
  /** Some sampled token has an entropy; otherwise turns stand in for nats everywhere. */
  readonly hasEntropy: boolean;
  /** Some trajectory has an advantage; otherwise RL mode has nothing to multiply by and equals SFT mode. */
  readonly hasAdvantage: boolean;
}

/**
 * SFT: S = r·q·(sum of the signal), which is c·(sum of the signal) where reach counts trajectories, and I = r·LTE; RL: both
 * also × |mean advantage of the trajectories that sampled the node|. q is the share of those through it that did. With no
 * entropy known anywhere, sampled turns stand in for it; unknown values next to known ones are filled (`fillValues`). A
 * negative sum (rounding in the log) counts 0 in S. Throws where the rule counts reach on actions and none was given.
 */
export function scoreNodes(forest: Forest, rule: ScoreRule, inputs: ScoreInputs = {}): NodeScores {
  const { model = null, imported = null, whole } = inputs;
  const source: SignalSource = { forest, model, imported, whole };
  const entropy = inputs.entropy ?? nodeEntropy(forest, rule.aggregate, model?.entropy ?? null);
  const hasEntropy = whole === undefined ? knowsEntropy(entropy) : whole.known.has('entropy');
  const trajectoryAdvantage = trajectoryAdvantages(forest, rule.advantage);
  const hasAdvantage = whole?.hasAdvantage ?? trajectoryAdvantage.some((value) => !Number.isNaN(value));
  const taskWeight = taskWeights(forest, rule, whole);
  const usesAdvantage = rule.mode === 'rl' && hasAdvantage;
  const computed =
    inputs.computed ??
    computeScores(forest, rule, {
      h: sampledEntropy(forest, rule.aggregate, entropy, whole, rule.fill),
      taskWeight,
      reach: givenReach(forest, rule, inputs.actionReach) ?? tokenReach(forest),
      meanAdvantage: nodeAdvantages(forest, rule.advantage, trajectoryAdvantage, inputs.actions ?? null),
      usesAdvantage,
    });
  const by = nodeSignal(source, rule.signal, entropy, rule.fill);
  const worth = ({ sum }: NodeSignal): Float64Array<ArrayBuffer> =>
    signalOf(forest, { ...computed, taskWeight, usesAdvantage }, bySampled(forest, sum));
  const meanReward = meanThrough(forest, forest.trajectories.reward);
  const ranking = RANKINGS.find(({ id }) => id === rule.ranking);
  if (ranking === undefined) throw new Error(`expected a ranking, found ${rule.ranking}`);
  const importance = ranking.rank({
    forest,
    importance: computed.importance,
    reach: computed.reach,
    taskWeight,
    meanReward,
    signal: (id) => worth(nodeSignal(source, id, entropy, rule.fill)),
  });
  // Of entropy it is at hand, under the rule's aggregate.
  const signal = by.used.id === 'entropy' ? computed.signal : worth(by);
  const { knownPart } = by;
  return {
    ...computed,
    signal,
    counted: knownPart === null ? signal : signal.map((value, n) => value * knownPart[n]),
    importance,
    entropy,
    by,
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
 * node -> q·h: what the trajectories through it bring of its entropy on average, in nats; turns where no entropy is known
 * anywhere.
 */
export function sampledEntropy(
  forest: Forest,
  aggregate: PruneRule['aggregate'],
  entropy: NodeEntropy,
  whole?: WholeLog,
  fill?: Fill,
): Float64Array<ArrayBuffer> {
  return bySampled(forest, filledEntropy(forest, aggregate, entropy, whole, fill));
}

/** node -> q × its value */
function bySampled(forest: Forest, values: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (value, n) => sampledShare(forest, n) * value);
}

interface Parts {
  /** From `sampledEntropy`. */
  readonly h: Float64Array;
  readonly reach: Float64Array<ArrayBuffer>;
  readonly taskWeight: Float64Array;
  /** From `nodeAdvantages`. */
  readonly meanAdvantage: Float64Array<ArrayBuffer>;
  readonly usesAdvantage: boolean;
}

/** The typed-array path: three passes over the nodes. */
export function computeScores(
  forest: Forest,
  rule: Pick<ScoreRule, 'gamma'>,
  { h, reach, taskWeight, meanAdvantage, usesAdvantage }: Parts,
): ComputedScores {
  const lte = longTerm(forest, h, rule.gamma);
  const signal = signalOf(forest, { reach, meanAdvantage, taskWeight, usesAdvantage }, h);
  const importance = weighted(forest, { reach, meanAdvantage, taskWeight, usesAdvantage }, lte);
  return { lte, reach, meanAdvantage, signal, importance };
}

interface Weights extends Pick<Parts, 'taskWeight' | 'usesAdvantage'>, Pick<ComputedScores, 'reach' | 'meanAdvantage'> {}

/** node -> its weight × the sum of what its sampled tokens are worth, at least 0 */
function signalOf(forest: Forest, weights: Weights, sum: Float64Array): Float64Array<ArrayBuffer> {
  return weighted(
    forest,
    weights,
    sum.map((value) => Math.max(value, 0)),
  );
}

function weighted(
  forest: Forest,
  { reach, meanAdvantage, taskWeight, usesAdvantage }: Weights,
  values: Float64Array,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(forest.length);
  for (let task = 0; task < taskWeight.length; task++) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++)
      out[n] = taskWeight[task] * reach[n] * (usesAdvantage ? Math.abs(meanAdvantage[n]) || 0 : 1) * values[n];
  }
  return out;
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
export function taskWeights(
  forest: Forest,
  { weighBy, divisor }: Pick<PruneRule, 'weighBy' | 'divisor'>,
  whole?: WholeLog,
): Float64Array<ArrayBuffer> {
  const divisors = taskDivisors(forest, divisor);
  // A task of which acts left nothing is none.
  const isTask = remainingTasks(forest);
  const all = whole?.divisors ?? divisors.reduce((sum, value, task) => sum + value * isTask[task], 0);
  const tasks = whole?.tasks ?? isTask.reduce((sum, one) => sum + one, 0);
  return divisors.map((value, task) => {
    const perTrajectory = trajectoryCount(forest, task) / value;
    // Where acts leave nothing at all there is nothing to weigh.
    return weighBy === 'trajectory' && all > 0 ? ((perTrajectory * value) / all) * tasks : perTrajectory;
  });
}
