/** The gradient meter along an order: one pass, after which every budget is a lookup. */
import {
  addRow,
  addTracked,
  dotOf,
  figureOf,
  makeSum,
  measure,
  squareOf,
  type GradientField,
  type GradientFigure,
  type GradientSum,
  type SumDots,
} from './meter.ts';

/** Of the first e steps, for every e from 0 to all of them. */
export interface GradientCurve {
  /** steps -> cosine, ‖P‖ ÷ ‖G‖ */
  readonly cosine: Float32Array<ArrayBuffer>;
  readonly norm: Float32Array<ArrayBuffer>;
  /** steps -> half the interval of the cosine, as computed at the last mark at or before it */
  readonly spread: Float32Array<ArrayBuffer>;
}

/** Adds what the next step trains to the sum, and keeps its inner products. @returns false where that is nothing */
type Step = (step: number, sum: GradientSum, dots: SumDots) => boolean;

/** At so many of its steps a curve has its interval computed; fewer where each takes a pass over all rows. */
const MARKS = 64;
const DEAR_MARKS = 8;

/** O(steps · dim) and what the steps take. @param exact the sum so far with its parts, where `take` does not keep them */
function sweep(field: GradientField, steps: number, take: Step, exact: (() => GradientSum) | null = null): GradientCurve {
  const cosine = new Float32Array(steps + 1);
  const norm = new Float32Array(steps + 1);
  const spread = new Float32Array(steps + 1);
  const sum = makeSum(field, exact === null);
  const dots: SumDots = { cross: 0, own: 0 };
  const left = 1 - field.rows.share;
  const every = Math.max(1, Math.floor(steps / (exact === null ? MARKS : DEAR_MARKS)));
  let last = 0;
  for (let e = 0; e <= steps; e++) {
    const isMark = e % every === 0 || e === steps;
    if (e > 0 && !take(e - 1, sum, dots) && !isMark) {
      cosine[e] = cosine[e - 1];
      norm[e] = norm[e - 1];
      spread[e] = last;
      continue;
    }
    const found = figureOf(dots.cross - left * sum.crossDiagonal, dots.own - left * sum.ownDiagonal, field.square);
    cosine[e] = found.cosine;
    norm[e] = found.norm;
    if (isMark) {
      const { low, high } = measure(field, exact === null ? sum : exact());
      last = Math.max(high - found.cosine, found.cosine - low);
    }
    spread[e] = last;
  }
  return { cosine, norm, spread };
}

/** @param stepOf row -> step at which its node is kept. @param weight row -> p(n) */
export function sweepRows(field: GradientField, steps: number, stepOf: Int32Array, weight: Float64Array): GradientCurve {
  const { start, order } = byStep(steps, stepOf);
  return sweep(field, steps, (step, sum, dots) => {
    for (let i = start[step]; i < start[step + 1]; i++) addTracked(field, sum, order[i], weight[order[i]], dots);
    return start[step] < start[step + 1];
  });
}

/** Trajectories, and what each weighs. */
export interface TrajectoryRows {
  /** trajectory -> what k counts: itself, or its rollout */
  readonly unit: Int32Array;
  /** trajectory -> task */
  readonly task: Int32Array;
  readonly tasks: number;
  /** trajectory -> its advantage; 1 in SFT */
  readonly weight: Float64Array;
  /** Rows of the nodes that the trajectory sampled. */
  readonly rowsOf: (trajectory: number) => Iterable<number>;
}

/**
 * The same under `kept-mean`: the mean over the trajectories of a task that are kept whole, Σ over tasks of (1/k)·Σ over those k
 * trajectories of the sum over what each sampled.
 * @param stepOf trajectory -> step at which its last node is kept
 */
export function sweepWhole(
  field: GradientField,
  steps: number,
  stepOf: Int32Array,
  { unit, task, tasks, weight, rowsOf }: TrajectoryRows,
): GradientCurve {
  const { start, order } = byStep(steps, stepOf);
  const whole = Array.from({ length: tasks }, (): WholeSum => ({ sum: null, count: 0 }));
  const seen = new Set<number>();
  const isSample = field.rows.share < 1;
  // row -> what the whole trajectories add up to there, and the task that they are of
  const times = new Float64Array(isSample ? field.weight.length : 0);
  const taskOf = new Int32Array(times.length);
  const take: Step = (step, sum, dots) => {
    for (let i = start[step]; i < start[step + 1]; i++) {
      const t = order[i];
      const own = whole[task[t]];
      own.sum ??= makeSum(field, false);
      if (own.count > 0) addSum(sum, own.sum, -1 / own.count);
      for (const row of rowsOf(t)) {
        addRow(field, own.sum, row, weight[t]);
        if (!isSample) continue;
        // Several trajectories weigh on one node together: its square grows by more than this one's.
        own.sum.ownDiagonal += 2 * times[row] * weight[t] * squareOf(field, row);
        times[row] += weight[t];
        taskOf[row] = task[t];
      }
      if (!seen.has(unit[t])) own.count++;
      seen.add(unit[t]);
      addSum(sum, own.sum, 1 / own.count);
    }
    if (start[step] === start[step + 1]) return false;
    dots.cross = dotOf(sum.all, field.full.all);
    dots.own = dotOf(sum.all, sum.all);
    return true;
  };
  const exact = (): GradientSum => {
    const sum = makeSum(field);
    for (let row = 0; row < times.length; row++) addRow(field, sum, row, times[row] / Math.max(1, whole[taskOf[row]].count));
    return sum;
  };
  return sweep(field, steps, take, isSample ? exact : null);
}

interface WholeSum {
  sum: GradientSum | null;
  count: number;
}

/** Adds or takes out the mean over a task's trajectories. @param factor ±1 ÷ their number */
function addSum(into: GradientSum, from: GradientSum, factor: number): void {
  for (let k = 0; k < into.all.length; k++) into.all[k] += factor * from.all[k];
  into.crossDiagonal += factor * from.crossDiagonal;
  into.ownDiagonal += factor * Math.abs(factor) * from.ownDiagonal;
}

/** Things by the step at which they come, those that never come left out; ascending within a step. */
function byStep(steps: number, stepOf: Int32Array): { readonly start: Int32Array; readonly order: Int32Array } {
  const start = new Int32Array(steps + 1);
  for (const step of stepOf) if (step >= 0 && step < steps) start[step + 1]++;
  for (let e = 0; e < steps; e++) start[e + 1] += start[e];
  const order = new Int32Array(start[steps]);
  const at = start.slice();
  for (let i = 0; i < stepOf.length; i++) if (stepOf[i] >= 0 && stepOf[i] < steps) order[at[stepOf[i]]++] = i;
  return { start, order };
}

/** A lookup. */
export function curveAt({ cosine, norm, spread }: GradientCurve, steps: number): GradientFigure {
  const found = cosine[steps];
  return { cosine: found, norm: norm[steps], low: Math.max(-1, found - spread[steps]), high: Math.min(1, found + spread[steps]) };
}
