/** The gradient that every strategy keeps, at the budgets of a comparison. */
import { cutAt } from '../core/prune/cut.ts';
import type { PruneOrder } from '../core/prune/order.ts';
import type { GradientComparison, GradientCurve } from './answers/pruning.ts';
import type { RulingGradient } from './gradient.ts';

/** `take` is given each order once; those of the band are measured as means of whole trajectories. */
export function compareGradients(
  meter: RulingGradient,
  shares: Float64Array,
): { readonly take: (order: PruneOrder, isBand: boolean) => void; readonly answer: () => GradientComparison } {
  const curves: GradientCurve[] = [];
  const seeds: GradientCurve[] = [];
  return {
    take(order, isBand) {
      const { at } = meter.curve(order, isBand ? 'whole' : 'coefficient');
      const found = Array.from(shares, (share) => at(cutAt(order, share)));
      (isBand ? seeds : curves).push({
        strategy: order.strategy,
        cosine: Float64Array.from(found, ({ cosine }) => cosine),
        norm: Float64Array.from(found, ({ norm }) => norm),
      });
    },
    answer() {
      const over = (of: (values: readonly number[]) => number, column: 'cosine' | 'norm'): Float64Array =>
        shares.map((_, at) => of(seeds.map((seed) => seed[column][at] ?? 0)));
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const least = (values: readonly number[]): number => values.reduce((low, value) => Math.min(low, value), Infinity);
      const most = (values: readonly number[]): number => values.reduce((high, value) => Math.max(high, value), -Infinity);
      return {
        shares,
        curves,
        band: { low: over(least, 'cosine'), mean: over(mean, 'cosine'), high: over(most, 'cosine'), norm: over(mean, 'norm') },
      };
    },
  };
}
