/** A rule applied to a dataset: scores, the order, its counters; everything a tick, a node or an export reads. */
import { NONE } from '../core/model/kinds.ts';
import { locateNodes } from '../core/model/node-key.ts';
import type { Budget, PruneRule } from '../core/model/rule.ts';
import { boundAt } from '../core/prune/bound.ts';
import { countKept, summarize } from '../core/prune/counters.ts';
import { retainedBySampled } from '../core/prune/by-sampled.ts';
import { cutAt, type Cut } from '../core/prune/cut.ts';
import { evaluateInSteps, retainedAt } from '../core/prune/evaluate.ts';
import { planOrder, planShared } from '../core/prune/order.ts';
import type { PruneProblem } from '../core/prune/problem.ts';
import { planTrain } from '../core/prune/train-plan.ts';
import { learningForest } from '../core/tree/outcome.ts';
import { scopeInForce } from '../core/signal/least-known.ts';
import { ruledReward } from '../core/signal/ruled-reward.ts';
import { scoreNodes } from '../core/signal/score.ts';
import type { ImportedScores } from '../core/signal/signal.ts';
import type { ComparisonAnswer, KeepAnswer, OrderAnswer, SignalFacts } from './answers/pruning.ts';
import { actedOf } from './acts/acted.ts';
import type { Dataset } from './dataset.ts';
import { compareGradients } from './compare-gradients.ts';
import { gradientOf } from './gradient.ts';
import type { ModelColumns } from './score/columns.ts';
import { keepWarnings } from './keep-warnings.ts';
import { ruleScores, type RuleScores } from './score/session-importance.ts';
import { tokenSignals } from './token-signals.ts';
import type { Ruling, Keep } from './ruled.ts';

/** Budgets at which curves are drawn: every half percent. */
const SHARES = Float64Array.from({ length: 201 }, (_, index) => index / 200);

/**
 * O(n log n) in the forest's nodes. `model`, `imported`: from a language model and from a person's file; they must not change
 * afterwards. `made`: of what acts leave of the same, where it is at hand.
 */
export function makeRuling(
  dataset: Dataset,
  rule: PruneRule,
  id: number,
  model: ModelColumns | null,
  imported: ImportedScores | null = null,
  made: RuleScores | null = null,
): Ruling {
  const { whole } = dataset;
  const acted = actedOf(dataset, rule, model);
  const forest = learningForest(acted.dataset.tokens.forest, rule.outcome, whole?.hasRewards);
  const { graph, ...inputs } = made ?? ruleScores(acted.dataset, rule, model);
  const scores = scoreNodes(forest, rule, {
    ...inputs,
    actions: dataset.actions,
    model,
    imported,
    whole,
    ...(graph && { computed: graph.computed }),
  });
  const problem: PruneProblem = {
    forest,
    signal: scores.signal,
    counted: scores.counted,
    importance: scores.importance,
    trajectoryAdvantage: scores.trajectoryAdvantage,
    trajectoryReward: ruledReward(forest),
    rule: { ...rule, scope: scopeInForce(rule, scores.by.leastKnown) },
    acts: acted.resolved?.protection ?? null,
    tokens: tokenSignals(forest, scores, rule),
    whole,
  };
  const shared = planShared(problem);
  const order = planOrder(problem, shared);
  const importanceBy = graph === null ? 'typed arrays' : `graph on ${graph.device}`;
  return {
    id,
    rule,
    dataset,
    acted,
    scores,
    importanceBy,
    model,
    imported,
    problem,
    shared,
    order,
    counters: countKept(forest, order),
    train: planTrain(problem, order),
  };
}

export function applyBudget(ruling: Ruling, budget: Budget): Keep {
  const cut = cutAt(ruling.order, budget.cut);
  const summary = summarize(ruling.order, ruling.counters, cut);
  return { budget, cut, summary, train: ruling.train.choose(cut, summary.counts.sampled.kept, budget.train) };
}

/** Of a part of a log that has one budget for all tasks: its groups and rows that the whole keeps. */
export function applyShared(ruling: Ruling, budget: Budget, given: { readonly groups: number; readonly trainRows: number }): Keep {
  const { order, counters, train } = ruling;
  const row = given.groups;
  const cut: Cut = {
    share: budget.cut,
    limit: new Int32Array(order.tasks).fill(row),
    cost: order.cost[row] ?? 0,
    budget: order.cost[row] ?? 0,
    signal: order.signal[row] ?? 0,
    floorUnmet: 0,
  };
  const summary = summarize(order, counters, cut);
  const set = train.upTo?.(cut, given.trainRows) ?? train.choose(cut, summary.counts.sampled.kept, 1);
  return { budget, cut, summary, train: set };
}

export function signalFacts({ scores: { by }, imported, rule, problem }: Ruling): SignalFacts {
  const { used, asked } = by;
  return {
    asked,
    used: used.id,
    label: used.id === 'imported' ? (imported?.name ?? used.label) : used.label,
    unit: used.unit,
    coverage: by.sampled > 0 ? by.known / by.sampled : 1,
    fill: rule.fill,
    isSplit: problem.rule.scope !== rule.scope,
  };
}

export function orderAnswer(ruling: Ruling): OrderAnswer {
  const { order, scores, rule } = ruling;
  const bound = SHARES.map((share) => (order.totalSignal > 0 ? boundAt(order.bound, share) / order.totalSignal : 1));
  return {
    orderId: ruling.id,
    rule,
    acts: ruling.acted.answer,
    relative: ruling.acted.relative,
    handElsewhere: locateNodes(
      ruling.problem.forest.keys,
      rule.hand.map(({ key }) => key),
    ).filter((node) => node === NONE).length,
    totalCost: order.totalCost,
    totalSignal: order.totalSignal,
    hasEntropy: scores.hasEntropy,
    signal: signalFacts(ruling),
    importanceBy: ruling.importanceBy,
    pinnedFloor: order.totalCost > 0 ? order.pinnedCost / order.totalCost : 0,
    trainPins: ruling.train.pins,
    curve: { strategy: rule.strategy, shares: SHARES, retained: retainedAt(order, SHARES) },
    bound: { strategy: rule.strategy, shares: SHARES, retained: bound },
  };
}

/** Awaits `pause` before each strategy's order: they take seconds on large forests, and a tick must not wait for them. */
export async function comparisonAnswer(ruling: Ruling, pause: () => Promise<void>): Promise<ComparisonAnswer> {
  const meter = gradientOf(ruling);
  const compared = typeof meter === 'string' ? null : compareGradients(meter, SHARES);
  const trained: Float64Array[] = [];
  const steps = evaluateInSteps(ruling.problem, SHARES, ruling.shared, (order, isBand) => {
    compared?.take(order, isBand);
    if (isBand) trained.push(retainedBySampled(ruling.problem.forest, order, SHARES));
  });
  let step = steps.next();
  while (!step.done) {
    await pause();
    step = steps.next();
  }
  const { curves, random } = step.value;
  return {
    orderId: ruling.id,
    curves: curves.map(({ strategy, retained }) => ({ strategy, shares: SHARES, retained })),
    gradient: compared?.answer() ?? null,
    random: { shares: SHARES, low: random.min, mean: random.mean, high: random.max, seeds: random.seeds },
    randomTrained: bandOf(trained),
  };
}

/** share -> the least, the mean and the largest over several curves */
function bandOf(curves: readonly Float64Array[]): ComparisonAnswer['randomTrained'] {
  const at = (choose: (values: readonly number[]) => number): Float64Array =>
    SHARES.map((_, i) => choose(curves.map((curve) => curve[i] ?? 0)));
  return {
    shares: SHARES,
    low: at((values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
    mean: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    high: at((values) => values.reduce((most, value) => Math.max(most, value), -Infinity)),
  };
}

/** Sampled tokens of a cut. */
export function summarizeSampled({ order, counters }: Ruling, cut: Cut): number {
  return summarize(order, counters, cut).counts.sampled.kept;
}

export function keepAnswer(ruling: Ruling, keep: Keep): KeepAnswer {
  const { summary, cut, budget } = keep;
  const { counts } = summary;
  const { order } = ruling;
  const pair = (name: keyof typeof counts): { before: number; after: number } => ({ before: counts[name].total, after: counts[name].kept });
  const scopes = order.scope === 'global' ? cut.limit.slice(0, Math.min(1, cut.limit.length)) : cut.limit;
  return {
    orderId: ruling.id,
    cutShare: budget.cut,
    trainShare: budget.train,
    cutRank: scopes,
    cost: { total: summary.cost.total, kept: summary.cost.kept },
    signal: { ...summary.signal, coverage: signalFacts(ruling).coverage },
    distinct: pair('distinct'),
    flat: pair('flat'),
    sampled: pair('sampled'),
    ...gradientAt(ruling, keep),
    training: { before: counts.sampled.total, after: keep.train.tokens },
    lossSignal: keep.train.signal,
    trainDraw: { expected: keep.train.expected, threshold: keep.train.threshold },
    nodes: pair('nodes'),
    branches: pair('branches'),
    calls: pair('calls'),
    memory: pair('memory'),
    errors: pair('errors'),
    finals: pair('finals'),
    rollouts: { total: counts.rollouts.total, whole: counts.rollouts.kept, touched: summary.rolloutsTouched },
    tasks: {
      total: order.tasks,
      empty: counts.tasks.total - counts.tasks.kept,
      withoutEndings: counts.endedTasks.total - counts.endedTasks.kept,
    },
    warnings: keepWarnings(summary, keep.train.tokens),
    brokenPairs: counts.broken.kept,
    floorUnmet:
      summary.floorUnmet > 0
        ? { floor: summary.cost.total > 0 ? summary.cost.floor / summary.cost.total : 0, pinnedDropped: pinnedDropped(ruling, cut) }
        : null,
    trainPinsUnmet: keep.train.pinsUnmet,
  };
}

function gradientAt(ruling: Ruling, keep: Keep): Pick<KeepAnswer, 'gradient' | 'gradientWhy'> {
  const meter = gradientOf(ruling);
  if (typeof meter === 'string') return { gradient: null, gradientWhy: meter };
  const figure = meter.at(keep);
  return figure === null ? { gradient: null, gradientWhy: 'pending' } : { gradient: { ...figure, ...meter.source }, gradientWhy: null };
}

/** Pinned nodes that the cut drops. */
export function pinnedDropped(ruling: Ruling, cut: Cut): number {
  const { order, problem } = ruling;
  const { treeStart } = problem.forest;
  const { pinned } = order.plan.protections;
  let dropped = 0;
  for (let task = 0; task < order.tasks; task++) {
    for (let n = treeStart[task] ?? 0; n < (treeStart[task + 1] ?? 0); n++)
      if (pinned[n] === 1 && (order.rank[n] ?? 0) >= (cut.limit[task] ?? 0)) dropped++;
  }
  return dropped;
}

/** Retained share of signal (NaN where a task has none) and kept distinct tokens of every task. */
export function keptByTask(ruling: Ruling, keep: Keep): { signal: Float64Array<ArrayBuffer>; distinct: Float64Array<ArrayBuffer> } {
  const { forest } = ruling.problem;
  const tasks = ruling.order.tasks;
  const signal = new Float64Array(tasks);
  const distinct = new Float64Array(tasks);
  for (let task = 0; task < tasks; task++) {
    const limit = keep.cut.limit[task] ?? 0;
    let kept = 0;
    let total = 0;
    for (let n = forest.treeStart[task] ?? 0; n < (forest.treeStart[task + 1] ?? 0); n++) {
      const value = ruling.scores.counted[n] ?? 0;
      total += value;
      if ((ruling.order.rank[n] ?? 0) >= limit) continue;
      kept += value;
      distinct[task] = (distinct[task] ?? 0) + (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0);
    }
    signal[task] = total > 0 ? kept / total : Number.NaN;
  }
  return { signal, distinct };
}
