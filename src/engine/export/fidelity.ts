/** Measures an export on its own records: what they train, with the weights that they carry, against the full set. */
import { pathWeights, shownPath } from '../../core/export/branches.ts';
import { addWeight, effectiveOf, type WeightSums } from '../../core/gradient/weights.ts';
import { ENDS, eventEnds } from '../../core/prune/events.ts';
import { taskDivisors } from '../../core/signal/coefficient.ts';
import { meanSampled } from '../../core/signal/mean.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import type { Fidelity, TaskFidelity } from '../answers/fidelity.ts';
import type { Pair } from '../answers/pruning.ts';
import { gradientOf } from '../gradient.ts';
import { keptByTask } from '../ruling.ts';
import { recordAdvantages } from './plan.ts';
import type { PlannedExport } from './planned.ts';

/** O(tokens with loss + records · path + sketches). */
export function fidelityOf(planned: PlannedExport): Fidelity {
  const { ruling, keep, kept, plan } = planned;
  const { rule, scores } = ruling;
  const totals = nodeTotals(planned);
  const meter = gradientOf(ruling);
  const usesAdvantage = rule.mode === 'rl' && scores.hasAdvantage;
  const advantage = usesAdvantage ? recordAdvantages(planned) : null;
  const trains = advantage === null ? totals : totals.map((total, n) => total * (advantage[n] || 0));
  const weights = tokenWeights(planned, totals);
  const sums = sumsByTask(planned, weights);
  const { counts } = keep.summary;
  return {
    gradient: typeof meter === 'string' ? null : { ...meter.ofTrained(trains, plan.factors), ...meter.source },
    why: typeof meter === 'string' ? meter : null,
    effectiveTokens: effectiveTokens(sums),
    endings: { before: counts.finals.total, after: counts.finals.kept },
    wholeRollouts: { before: counts.rollouts.total, after: counts.rollouts.kept },
    ...byTask(planned, kept, weights.tokens),
    reward: rewardOf(sums),
  };
}

/** Of one task, what is a sum of rounded numbers: parts of a log are put together from these, in the order of tasks. */
export interface FidelitySums {
  readonly before: WeightSums;
  readonly after: WeightSums;
  /** Σ weight × mean reward, and Σ weight, over tokens whose reward is known. */
  readonly rewardBefore: RewardSums;
  readonly rewardAfter: RewardSums;
}

interface RewardSums {
  mass: number;
  weight: number;
}

export function fidelitySums(planned: PlannedExport): readonly FidelitySums[] {
  return sumsByTask(planned, tokenWeights(planned, nodeTotals(planned)));
}

export function effectiveTokens(sums: readonly FidelitySums[]): Pair {
  return { before: effectiveOf(sums.map(({ before }) => before)), after: effectiveOf(sums.map(({ after }) => after)) };
}

/** node -> Σ over the records of its weight there */
function nodeTotals({ ruling, plan, records, divisors, spec }: PlannedExport): Float64Array<ArrayBuffer> {
  const { forest } = ruling.problem;
  const totals = new Float64Array(forest.length);
  for (const record of records) {
    const end = plan.end[record] ?? 0;
    const shown = shownPath(forest, plan, record);
    const weights = pathWeights(plan, spec.weights, divisors[taskOf(forest, end)] ?? 1, record, shown);
    shown.nodes.forEach((n, i) => (totals[n] = (totals[n] ?? 0) + (weights[i] ?? 0)));
  }
  return totals;
}

interface TokenWeights {
  /** node -> sampled tokens, and those of them that carry loss */
  readonly tokens: { readonly all: Float64Array; readonly trained: Float64Array };
  /** node -> coefficient */
  readonly before: Float64Array;
  /** Weights that occur, each with its tokens and node. */
  readonly after: { readonly weight: readonly number[]; readonly times: readonly number[]; readonly node: readonly number[] };
}

/** node -> mean of a trajectory's value over those that carry loss there. @param ofAll the same over all that sampled the node */
function meanOfLearners({ ruling, plan, learning }: PlannedExport, values: Float64Array, ofAll: Float64Array): Float64Array {
  return plan.loss.mean(values, learning === ruling.problem.forest ? ofAll : meanSampled(learning, values), 'left out');
}

function tokenWeights({ ruling, plan: { tokenFactors: factors } }: PlannedExport, totals: Float64Array): TokenWeights {
  const { forest } = ruling.problem;
  const divisors = taskDivisors(forest, ruling.rule.divisor);
  const all = new Float64Array(forest.length);
  const trained = new Float64Array(forest.length);
  const before = new Float64Array(forest.length);
  const after = { weight: [] as number[], times: [] as number[], node: [] as number[] };
  const add = (weight: number, times: number, node: number): void => {
    after.weight.push(weight);
    after.times.push(times);
    after.node.push(node);
  };
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const from = forest.edgeStart[n] ?? 0;
    const to = forest.edgeStart[n + 1] ?? 0;
    all[n] = to - from;
    before[n] = (forest.sampledCount[n] ?? 0) / (divisors[taskOf(forest, n)] ?? 1);
    const total = totals[n] ?? 0;
    if (total === 0) continue;
    if (factors === null) {
      add(total, to - from, n);
      trained[n] = to - from;
      continue;
    }
    for (let at = from; at < to; at++) {
      const factor = factors[at] ?? 0;
      if (factor === 0) continue;
      add(total * factor, 1, n);
      trained[n] = (trained[n] ?? 0) + 1;
    }
  }
  return { tokens: { all, trained }, before, after };
}

function byTask(
  { ruling, keep }: PlannedExport,
  kept: Uint8Array,
  { all, trained }: TokenWeights['tokens'],
): Pick<Fidelity, 'tasks' | 'tasksTrained'> {
  const { forest } = ruling.problem;
  const ends = eventEnds(forest);
  const byCut = keptByTask(ruling, keep);
  const tasks = ruling.dataset.tokens.tasks.map(({ key }, task): TaskFidelity => {
    const first = forest.treeStart[task] ?? 0;
    const end = forest.treeStart[task + 1] ?? 0;
    const endings = { before: 0, after: 0 };
    let sampled = 0;
    let loss = 0;
    for (let n = first; n < end; n++) {
      sampled += all[n] ?? 0;
      loss += trained[n] ?? 0;
      if (((ends[n] ?? 0) & ENDS.final) === 0) continue;
      endings.before++;
      endings.after += kept[n] ?? 0;
    }
    const distinct = (forest.edgeStart[end] ?? 0) - (forest.edgeStart[first] ?? 0);
    const signal = byCut.signal[task] ?? Number.NaN;
    return {
      task: key,
      tokens: distinct > 0 ? (byCut.distinct[task] ?? 0) / distinct : 0,
      training: sampled > 0 ? loss / sampled : 0,
      signal: Number.isNaN(signal) ? null : signal,
      endings,
    };
  });
  const able = new Float64Array(tasks.length);
  all.forEach((count, n) => {
    if (count > 0) able[taskOf(forest, n)] = 1;
  });
  return {
    tasks,
    tasksTrained: { before: able.reduce((sum, one) => sum + one, 0), after: tasks.filter(({ training }) => training > 0).length },
  };
}

function sumsByTask(planned: PlannedExport, { tokens: { all }, before, after }: TokenWeights): FidelitySums[] {
  const { forest, trajectoryReward } = planned.ruling.problem;
  const full = meanSampled(forest, trajectoryReward);
  const own = meanOfLearners(planned, trajectoryReward, full);
  let i = 0;
  return Array.from({ length: forest.treeStart.length - 1 }, (_, task) => {
    const sums = {
      before: { sum: 0, squares: 0 },
      after: { sum: 0, squares: 0 },
      rewardBefore: { mass: 0, weight: 0 },
      rewardAfter: { mass: 0, weight: 0 },
    };
    const end = forest.treeStart[task + 1] ?? 0;
    for (let n = forest.treeStart[task] ?? 0; n < end; n++) {
      addWeight(sums.before, before[n] ?? 0, all[n] ?? 0);
      addKnown(sums.rewardBefore, (before[n] ?? 0) * (all[n] ?? 0), full[n] ?? Number.NaN);
    }
    for (; i < after.node.length && (after.node[i] ?? 0) < end; i++) {
      addWeight(sums.after, after.weight[i] ?? 0, after.times[i] ?? 0);
      addKnown(sums.rewardAfter, (after.weight[i] ?? 0) * (after.times[i] ?? 0), own[after.node[i] ?? 0] ?? Number.NaN);
    }
    return sums;
  });
}

/** Null where no reward is known. */
export function rewardOf(tasks: readonly FidelitySums[]): Fidelity['reward'] {
  const total = (of: (task: FidelitySums) => RewardSums): RewardSums => ({
    mass: tasks.reduce((sum, task) => sum + of(task).mass, 0),
    weight: tasks.reduce((sum, task) => sum + of(task).weight, 0),
  });
  const known = total(({ rewardBefore }) => rewardBefore);
  if (known.weight === 0) return null;
  const left = total(({ rewardAfter }) => rewardAfter);
  const mean = ({ mass, weight }: RewardSums): number => (weight > 0 ? mass / weight : 0);
  const pair = (of: (sums: RewardSums) => number): Pair => ({ before: of(known), after: of(left) });
  return { mass: pair(({ mass }) => mass), mean: pair(mean) };
}

function addKnown(sums: RewardSums, weight: number, reward: number): void {
  if (Number.isNaN(reward)) return;
  sums.mass += weight * reward;
  sums.weight += weight;
}
