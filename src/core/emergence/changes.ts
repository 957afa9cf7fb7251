/** How figures of rollouts differ between sets of them: from one to another, along versions, and on the tasks that both have. */
import { drawNumbers, estimate, percentiles, type DrawPlan, type Estimate } from '../statistics/draws.ts';
import type { Ratios } from '../statistics/ratios.ts';
import { lowest } from '../statistics/strata.ts';
import { makeMix } from './mix.ts';

/** A figure of a set: Σ top ÷ Σ below over its rollouts. */
export interface ChangeFigure {
  /** rollout -> what it adds; 0 in both where it is unknown */
  readonly top: Float64Array;
  readonly below: Float64Array;
  /** Each task of a set counts alike, however many rollouts it has there. */
  readonly byTask: boolean;
}

export interface ChangePlan extends DrawPlan {
  /** rollout -> task */
  readonly task: Int32Array;
  /** rollout -> bit per set */
  readonly sets: Int32Array;
  readonly setCount: number;
  readonly from: number;
  readonly to: number;
  /** set -> its version; null: sets have none */
  readonly versions: Float64Array | null;
  readonly figures: readonly ChangeFigure[];
  /** Calls by tool; null: there are none. */
  readonly mix: Ratios | null;
}

export interface FigureChange {
  /** set -> the figure, and the rollouts that it rests on */
  readonly sets: readonly (Estimate & { readonly count: number })[];
  /** The last set's minus the first one's; and that over the first one's, where no draw has one that is not above 0. */
  readonly difference: Estimate;
  readonly change: Estimate;
  /** Least squares of the sets' figures on their versions, each set with the weight of its rollouts; null: no versions. */
  readonly slope: Estimate | null;
  /** The same on tasks that both sets have, each alike. */
  readonly paired: { readonly from: number; readonly to: number; readonly difference: Estimate; readonly change: Estimate };
}

export interface Changes {
  /** Tasks that the first and the last set both have. */
  readonly commonTasks: number;
  readonly figures: readonly FigureChange[];
  readonly mix: MixChange | null;
}

export interface MixChange {
  /** Index set × tools + tool; of one without calls NaN. */
  readonly shares: Float64Array;
  /** set -> total variation distance to the first set; 0 of the first itself */
  readonly distance: readonly Estimate[];
}

/** set -> rollout -> 1 ÷ the rollouts that its task has in that set; 0 where it is not in it, or its task is none of `within` */
export function taskWeights(
  { task, sets, setCount, strata }: Pick<ChangePlan, 'task' | 'sets' | 'setCount' | 'strata'>,
  within: ReadonlySet<number> | null,
): Float64Array[] {
  return Array.from({ length: setCount }, (_, set) => {
    const sizes = new Map<number, number>();
    const isIn = (r: number): boolean => ((sets[r] >> set) & 1) === 1 && (within === null || within.has(task[r]));
    for (const r of strata.members) if (isIn(r)) sizes.set(task[r], (sizes.get(task[r]) ?? 0) + 1);
    return Float64Array.from(task, (t, r) => (isIn(r) ? 1 / (sizes.get(t) ?? 1) : 0));
  });
}

/** Tasks of which both sets have a rollout. */
export function commonTasks({ task, sets, from, to }: Pick<ChangePlan, 'task' | 'sets' | 'from' | 'to'>): Set<number> {
  const of = (set: number): Set<number> => new Set([...task].filter((_, r) => ((sets[r] >> set) & 1) === 1));
  const other = of(to);
  return new Set([...of(from)].filter((t) => other.has(t)));
}

/** The figure of some rollouts. @param weight rollout -> how much it counts, besides how often. @param times null: once */
export function figureOf(
  { top, below }: Pick<ChangeFigure, 'top' | 'below'>,
  members: Int32Array,
  weight: (rollout: number) => number,
  times: Uint32Array | null,
): number {
  let above = 0;
  let under = 0;
  for (const r of members) {
    const count = times === null ? 1 : times[r];
    const own = weight(r);
    if (count === 0 || own === 0) continue;
    above += count * own * top[r];
    under += count * own * below[r];
  }
  return above / under;
}

/** Slope of a weighted least-squares line over the points with a weight; NaN where x does not vary, or a value is unknown. */
export function slopeOf(x: Float64Array, values: Float64Array, weights: Float64Array): number {
  let weight = 0;
  let meanX = 0;
  let mean = 0;
  for (let i = 0; i < x.length; i++) {
    if (weights[i] === 0) continue;
    weight += weights[i];
    meanX += weights[i] * x[i];
    mean += weights[i] * values[i];
  }
  meanX /= weight;
  mean /= weight;
  let above = 0;
  let below = 0;
  for (let i = 0; i < x.length; i++) {
    if (weights[i] === 0) continue;
    above += weights[i] * (x[i] - meanX) * (values[i] - mean);
    below += weights[i] * (x[i] - meanX) ** 2;
  }
  return below > 0 ? above / below : Number.NaN;
}

/** Yields after each draw of the bootstrap. */
export function* measureChanges(plan: ChangePlan): Generator<number, Changes> {
  const { strata, task, sets, setCount, from, to, versions, figures, resamples } = plan;
  const { members } = strata;
  const common = commonTasks(plan);
  const alike = taskWeights(plan, null);
  const paired = taskWeights(plan, common);
  const counts = figures.map(({ below }) => countsOf(below, members, sets, setCount));
  const onCommon = members.filter((r) => common.has(task[r]));
  const commonCounts = figures.map(({ below }) => countsOf(below, onCommon, sets, setCount));
  const mix = plan.mix === null ? null : makeMix(plan.mix, members, sets, setCount);
  // Numbers of a draw: of each figure its sets, its slope, and the two of the common tasks; then the distances.
  const each = setCount + 3;
  const size = figures.length * each + (mix === null ? 0 : setCount);
  const numbers = (times: Uint32Array | null, out: Float64Array): void => {
    for (const [f, figure] of figures.entries()) {
      const values = out.subarray(f * each, f * each + setCount);
      if (figure.byTask) for (let set = 0; set < setCount; set++) values[set] = figureOf(figure, members, (r) => alike[set][r], times);
      else sumsOf(figure, members, sets, setCount, times, values);
      out[f * each + setCount] = versions === null ? Number.NaN : slopeOf(versions, values, counts[f]);
      out[f * each + setCount + 1] = figureOf(figure, members, (r) => paired[from][r], times);
      out[f * each + setCount + 2] = figureOf(figure, members, (r) => paired[to][r], times);
    }
    if (mix === null) return;
    const shares = mix.shares(times);
    for (let set = 0; set < setCount; set++) out[figures.length * each + set] = mix.distance(shares, from, set);
  };
  const exact = new Float64Array(size);
  numbers(null, exact);
  const drawn = yield* drawNumbers(plan, size, numbers);
  const drawsOf = (i: number): Float64Array => drawn.subarray(i * resamples, (i + 1) * resamples);
  const told = (i: number, count?: number): Estimate => estimate(exact[i], drawsOf(i), count);
  const calls = mix === null ? null : mix.counts();
  return {
    commonTasks: common.size,
    figures: figures.map((_, f): FigureChange => {
      const at = f * each;
      const count = counts[f];
      // A set of one rollout is the same in all draws that have it: it would seem certain.
      const areDrawn = (own: Float64Array): boolean => own[from] >= 2 && own[to] >= 2;
      const drawnSets = count.filter((own) => own >= 2).length;
      const [first, last] = [at + setCount + 1, at + setCount + 2];
      return {
        sets: Array.from({ length: setCount }, (_, set) => ({ ...told(at + set, count[set]), count: count[set] })),
        ...between(at + from, at + to, areDrawn(count)),
        slope: versions === null ? null : told(at + setCount, drawnSets),
        paired: { from: exact[first], to: exact[last], ...between(first, last, areDrawn(commonCounts[f])) },
      };
    }),
    mix:
      mix === null || calls === null
        ? null
        : {
            shares: mix.shares(null),
            distance: Array.from({ length: setCount }, (_, set) =>
              told(figures.length * each + set, set === from ? 0 : Math.min(calls[from], calls[set])),
            ),
          },
  };

  function between(a: number, b: number, isDrawn: boolean): Pick<FigureChange, 'difference' | 'change'> {
    const [bases, values] = [drawsOf(a), drawsOf(b)];
    const none = { low: Number.NaN, high: Number.NaN };
    const difference = { value: exact[b] - exact[a], ...none };
    const change = { value: exact[a] > 0 ? exact[b] / exact[a] - 1 : Number.NaN, ...none };
    if (!isDrawn || a === b) return { difference, change };
    const [low, high] = percentiles(values.map((value, i) => value - bases[i]));
    const relative = bases.some((base) => base <= 0) ? null : percentiles(values.map((value, i) => value / bases[i] - 1));
    return {
      difference: { ...difference, low, high },
      change: relative === null ? change : { ...change, low: relative[0], high: relative[1] },
    };
  }
}

/** Adds up in the order of the members, as statistics do. */
function sumsOf(
  { top, below }: ChangeFigure,
  members: Int32Array,
  sets: Int32Array,
  setCount: number,
  times: Uint32Array | null,
  out: Float64Array,
): void {
  const above = new Float64Array(setCount);
  const under = new Float64Array(setCount);
  for (const r of members) {
    const count = times === null ? 1 : times[r];
    if (count === 0) continue;
    for (let bits = sets[r]; bits !== 0; bits &= bits - 1) {
      const set = lowest(bits);
      above[set] += count * top[r];
      under[set] += count * below[r];
    }
  }
  for (let set = 0; set < setCount; set++) out[set] = above[set] / under[set];
}

/** set -> rollouts that add something below */
function countsOf(below: Float64Array, members: Int32Array, sets: Int32Array, setCount: number): Float64Array {
  const counts = new Float64Array(setCount);
  for (const r of members) {
    if (below[r] === 0) continue;
    for (let bits = sets[r]; bits !== 0; bits &= bits - 1) counts[lowest(bits)]++;
  }
  return counts;
}
