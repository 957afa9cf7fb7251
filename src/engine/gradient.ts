/** The gradient meter of a ruling: made on first use, looked up at every tick. */
import { addRow, gradientField, makeSum, measure, type GradientField, type GradientFigure } from '../core/gradient/meter.ts';
import { orderSteps, type OrderSteps } from '../core/gradient/order-steps.ts';
import { sketchRow } from '../core/gradient/store.ts';
import { curveAt, sweepRows, sweepWhole, type GradientCurve } from '../core/gradient/sweep.ts';
import { gradientWeights } from '../core/gradient/weights.ts';
import { NONE } from '../core/model/kinds.ts';
import type { Cut } from '../core/prune/cut.ts';
import type { PruneOrder } from '../core/prune/order.ts';
import { nodeTasks } from '../core/prune/problem.ts';
import type { TrainSet } from '../core/prune/train-method.ts';
import { hasSampled } from '../core/tree/sampled.ts';
import { taskOf } from '../core/tree/navigate.ts';
import type { GradientByTask, GradientSource, GradientWhyNot } from './answers/gradient.ts';
import type { Keep, Ruling } from './ruled.ts';

export interface RulingGradient {
  readonly source: GradientSource;
  /** What an order keeps at every budget, all of it trained: with coefficients, or as the mean of whole trajectories. */
  curve(order: PruneOrder, by: 'coefficient' | 'whole'): { readonly at: (cut: Cut) => GradientFigure };
  /** A lookup; null where it must be computed first. */
  at(keep: Keep): GradientFigure | null;
  /** Computes and keeps it. O(sketches). */
  compute(keep: Keep): GradientFigure;
  /** @param trains node -> what its gradient is multiplied by; with `factors`, each of its tokens' */
  ofTrained(trains: Float64Array, factors: Float32Array | null): GradientFigure;
  byTask(keep: Keep): GradientByTask;
}

const made = new WeakMap<Ruling, RulingGradient | Exclude<GradientWhyNot, 'pending'>>();

/** The meter, or why there is none. */
export function gradientOf(ruling: Ruling): RulingGradient | Exclude<GradientWhyNot, 'pending'> {
  const known = made.get(ruling) ?? makeGradient(ruling);
  made.set(ruling, known);
  return known;
}

function makeGradient(ruling: Ruling): RulingGradient | Exclude<GradientWhyNot, 'pending'> {
  const { model, problem, scores, rule, order } = ruling;
  if (model === null) return 'no scores';
  const { sketches } = model;
  if (sketches === null || sketches.nodes.of.length === 0) return 'no sketches';
  const { forest } = problem;
  const { dim } = sketches;
  const weights = gradientWeights(forest, rule, scores);
  const field = gradientField(sketches.nodes, dim, (n) => weights[n] ?? 0);
  if (field === null) return 'no weight';
  const usesAdvantage = rule.mode === 'rl' && scores.hasAdvantage;
  let tokens: { readonly field: GradientField; readonly node: Int32Array } | null = null;
  let own: { readonly steps: OrderSteps; readonly curve: GradientCurve } | null = null;
  let last: { readonly keep: Keep; readonly figure: GradientFigure } | null = null;

  /** Token sketches, and the node of each. */
  const tokenField = (): NonNullable<typeof tokens> => {
    if (tokens !== null) return tokens;
    const node = nodesOf(forest.edgeStart, sketches.tokens.of);
    const ofTokens = gradientField(sketches.tokens, dim, (_, row) => weights[node[row] ?? 0] ?? 0);
    return (tokens = { field: ofTokens ?? field, node });
  };
  const isWhole = ({ budget, summary, train }: Keep): boolean =>
    train.tokens === summary.counts.sampled.kept && (budget.train >= 1 || !train.byToken);
  const isSame = (a: Keep, b: Keep): boolean => a === b || (a.budget.cut === b.budget.cut && a.budget.train === b.budget.train);

  const ofTrained: RulingGradient['ofTrained'] = (trains, factors) => {
    if (factors === null) {
      const sum = makeSum(field);
      field.rows.of.forEach((n, row) => addRow(field, sum, row, trains[n] ?? 0));
      return measure(field, sum);
    }
    const { field: ofTokens, node } = tokenField();
    const sum = makeSum(ofTokens);
    ofTokens.rows.of.forEach((at, row) => addRow(ofTokens, sum, row, (trains[node[row] ?? 0] ?? 0) * (factors[at] ?? 0)));
    return measure(ofTokens, sum);
  };
  const trainsOf = (set: TrainSet): Float64Array => weights.map((weight, n) => (set.trainedOf(n) > 0 ? weight : 0));
  const compute = (keep: Keep): GradientFigure => {
    const factors = keep.train.byToken ? factorsOf(keep.train, forest.edgeStart) : null;
    const figure = ofTrained(trainsOf(keep.train), factors);
    last = { keep, figure };
    return figure;
  };
  let sampledNodes = 0;
  for (const sampled of forest.sampledCount) if (sampled > 0) sampledNodes++;
  return {
    source: {
      of: sketches.of,
      why: sketches.why,
      model: model.source,
      isTrained: false,
      among: forest.trajectories.learners === undefined ? 'all' : 'successes',
      coverage: Math.min(1, sketches.nodes.of.length / sketches.nodes.share / Math.max(1, sampledNodes)),
      share: rule.train === 'nodes' ? sketches.nodes.share : sketches.tokens.share,
    },
    curve(of, by) {
      const steps = orderSteps(forest, of);
      const curve =
        by === 'coefficient'
          ? sweepRows(field, steps.length, stepsOfRows(field, steps), field.weight)
          : sweepWhole(field, steps.length, trajectorySteps(ruling, steps), {
              unit: rule.divisor === 'rollouts' ? forest.trajectories.rollout : forest.trajectories.leaf.map((_, t) => t),
              task: forest.trajectories.leaf.map((leaf) => taskOf(forest, leaf)),
              tasks: forest.treeStart.length - 1,
              weight: usesAdvantage
                ? scores.trajectoryAdvantage.map((value) => value || 0)
                : new Float64Array(forest.trajectories.length).fill(1),
              rowsOf: (t) => sampledRows(ruling, field, t),
            });
      return { at: (cut) => curveAt(curve, steps.at(cut)) };
    },
    at(keep: Keep) {
      if (last !== null && isSame(last.keep, keep)) return last.figure;
      if (!isWhole(keep)) return null;
      if (own === null) {
        const steps = orderSteps(forest, order);
        own = { steps, curve: sweepRows(field, steps.length, stepsOfRows(field, steps), field.weight) };
      }
      return curveAt(own.curve, own.steps.at(keep.cut));
    },
    compute,
    ofTrained,
    byTask({ train }) {
      const tasks = forest.treeStart.length - 1;
      const cosine = new Float64Array(tasks).fill(Number.NaN);
      const norm = new Float64Array(tasks).fill(Number.NaN);
      const task = nodeTasks(forest);
      const factors = train.byToken ? factorsOf(train, forest.edgeStart) : null;
      const trains = trainsOf(train);
      const used = factors === null ? { field, node: field.rows.of } : tokenField();
      const rowsBy = Array.from({ length: tasks }, (): number[] => []);
      used.field.rows.of.forEach((_, row) => rowsBy[task[used.node[row] ?? 0] ?? 0]?.push(row));
      for (const [t, rows] of rowsBy.entries()) {
        const full = makeSum(used.field, false);
        const sum = makeSum(used.field, false);
        for (const row of rows) {
          const n = used.node[row] ?? 0;
          addRow(used.field, full, row, used.field.weight[row] ?? 0);
          addRow(used.field, sum, row, (trains[n] ?? 0) * (factors === null ? 1 : (factors[used.field.rows.of[row] ?? 0] ?? 0)));
        }
        const square = full.all.reduce((all, value) => all + value * value, 0) - (1 - used.field.rows.share) * full.ownDiagonal;
        if (!(square > 0)) continue;
        const found = measure({ ...used.field, full, square }, sum);
        cosine[t] = found.cosine;
        norm[t] = found.norm;
      }
      return { cosine, norm };
    },
  };
}

function stepsOfRows({ rows }: GradientField, steps: OrderSteps): Int32Array<ArrayBuffer> {
  return rows.of.map((n) => steps.of[n] ?? NONE);
}

/** trajectory -> step at which it is whole; NONE where it may not carry loss, or never is */
function trajectorySteps({ problem: { forest } }: Ruling, steps: OrderSteps): Int32Array<ArrayBuffer> {
  const { leaf, learners, excluded, cutShort } = forest.trajectories;
  return leaf.map((n, t) => (learners?.[t] === 0 || excluded?.[t] === 1 || cutShort?.[t] === 1 ? NONE : (steps.of[n] ?? NONE)));
}

/** Rows of the nodes that a trajectory sampled. */
function* sampledRows({ problem: { forest } }: Ruling, { rows }: GradientField, t: number): Generator<number> {
  for (let n = forest.trajectories.leaf[t] ?? NONE; n !== NONE; n = forest.parent[n] ?? NONE) {
    if (!hasSampled(forest, t, n)) continue;
    const row = sketchRow(rows, n);
    if (row >= 0) yield row;
  }
}

/** edge token -> factor of its coefficient */
function factorsOf(set: TrainSet, edgeStart: Int32Array): Float32Array {
  const factors = new Float32Array(edgeStart[edgeStart.length - 1] ?? 0);
  for (let n = 0; n + 1 < edgeStart.length; n++) set.factorsOf(n, factors, edgeStart[n] ?? 0);
  return factors;
}

/** Of edge tokens in ascending order, the nodes that they are of. */
function nodesOf(edgeStart: Int32Array, tokens: Int32Array): Int32Array<ArrayBuffer> {
  let n = 0;
  return Int32Array.from(tokens, (at) => {
    while ((edgeStart[n + 1] ?? Infinity) <= at) n++;
    return n;
  });
}
