/** All strategies side by side: how much signal each retains at each budget, for the panel that compares them. */

import type { Strategy } from '../model/rule.ts';
import { boundAt } from './bound.ts';
import { cutAt } from './cut.ts';
import type { PruneOrder, SharedParts } from './order.ts';
import { planOrder, planShared } from './order.ts';
import type { PruneProblem } from './problem.ts';
import { STRATEGIES } from './strategies.ts';
import type { PruneStrategy } from './strategy.ts';

/** Seeds behind the band of whole rollouts at random, which is drawn beside every strategy. */
const BAND_SEEDS = 10;

interface Curve {
  readonly strategy: Strategy;
  /** share -> retained ÷ total signal, 0..1 */
  readonly retained: Float64Array;
  /** Mean of retained over all budgets from 0 to 1, exact: the curve is a staircase. */
  readonly area: number;
}

export interface Evaluation {
  readonly shares: Float64Array;
  /** share -> the most that any keep set can retain, ÷ total signal */
  readonly bound: Float64Array;
  readonly curves: readonly Curve[];
  /** Whole rollouts at random. */
  readonly random: {
    readonly seeds: number;
    readonly min: Float64Array;
    readonly mean: Float64Array;
    readonly max: Float64Array;
    /** Mean over the seeds. */
    readonly area: number;
  };
}

/**
 * Retained shares of every strategy under the problem's rule, at the given budgets (0..1). Stops before each order is
 * made and says whose, so that a caller can do other work in between, or give up. O(strategies · n log n). `take` is given
 * each order, those of the band among them.
 */
export function* evaluateInSteps(
  problem: PruneProblem,
  shares: ArrayLike<number>,
  shared: SharedParts = planShared(problem),
  take: (order: PruneOrder, isBand: boolean) => void = () => undefined,
): Generator<Strategy, Evaluation> {
  const budgets = Float64Array.from(shares);
  const curves: Curve[] = [];
  const strategies: readonly PruneStrategy<Strategy>[] = STRATEGIES;
  const band = strategies.find(({ isBand }) => isBand);
  if (band === undefined) throw new Error('expected a strategy whose seeds make the band');
  for (const { id } of strategies) {
    if (id === band.id) continue;
    yield id;
    const order = planOrder(problem, shared, id);
    take(order, false);
    curves.push({ strategy: id, retained: retainedAt(order, budgets), area: retainedArea(order) });
  }
  const min = new Float64Array(budgets.length).fill(Infinity);
  const mean = new Float64Array(budgets.length);
  const max = new Float64Array(budgets.length).fill(-Infinity);
  let area = 0;
  let total = 0;
  for (let i = 0; i < BAND_SEEDS; i++) {
    yield band.id;
    const order = planOrder(problem, shared, band.id, problem.rule.seed + i);
    take(order, true);
    const retained = retainedAt(order, budgets);
    total = order.totalSignal;
    area += retainedArea(order) / BAND_SEEDS;
    for (let b = 0; b < budgets.length; b++) {
      min[b] = Math.min(min[b], retained[b]);
      max[b] = Math.max(max[b], retained[b]);
      mean[b] += retained[b] / BAND_SEEDS;
    }
  }
  const bound = budgets.map((share) => shareOf(boundAt(shared.bound, share), total));
  return { shares: budgets, bound, curves, random: { seeds: BAND_SEEDS, min, mean, max, area } };
}

/** share -> retained ÷ total signal of one order */
export function retainedAt(order: PruneOrder, shares: Float64Array): Float64Array {
  return shares.map((share) => shareOf(cutAt(order, share).signal, order.totalSignal));
}

/** Mean of retained ÷ total over all budgets from 0 to 1. Between two groups the staircase is level. */
export function retainedArea(order: PruneOrder): number {
  let area = 0;
  for (let s = 0; s + 1 < order.start.length; s++) {
    const last = order.start[s + 1] - 1;
    let sum = 0;
    for (let row = order.start[s]; row < last; row++) sum += order.signal[row] * (order.cost[row + 1] - order.cost[row]);
    if (order.cost[last] > 0) area += sum / order.cost[last];
  }
  return shareOf(area, order.totalSignal);
}

/** Where there is nothing to retain, all of it is retained. */
function shareOf(part: number, total: number): number {
  return total > 0 ? part / total : 1;
}
