/** What flat training of the full set multiplies a node's gradient by. */
import type { Forest } from '../model/forest.ts';
import type { PruneRule } from '../model/rule.ts';
import { taskDivisors } from '../signal/coefficient.ts';
import { nodeTasks } from '../prune/problem.ts';

/**
 * node -> w(n) = coefficient × A(n): 1 in SFT and where no advantage is known, else the mean advantage of those that sampled the
 * node, 0 where theirs is not known. Signed. Tasks weigh as they do in the records.
 */
export function gradientWeights(
  forest: Forest,
  rule: Pick<PruneRule, 'mode' | 'divisor'>,
  scores: { readonly meanAdvantage: Float64Array; readonly hasAdvantage: boolean },
): Float64Array<ArrayBuffer> {
  const divisors = taskDivisors(forest, rule.divisor);
  const taskOf = nodeTasks(forest);
  const usesAdvantage = rule.mode === 'rl' && scores.hasAdvantage;
  return Float64Array.from(
    forest.sampledCount,
    (sampled, n) => (sampled / divisors[taskOf[n]]) * (usesAdvantage ? scores.meanAdvantage[n] || 0 : 1),
  );
}

/** Σw and Σw² over tokens. */
export interface WeightSums {
  sum: number;
  squares: number;
}

export function addWeight(sums: WeightSums, weight: number, times: number): void {
  sums.sum += times * weight;
  sums.squares += times * weight ** 2;
}

/** (Σw)²/Σw² over tokens. @param parts of the sums, such as one for each task */
export function effectiveOf(parts: readonly WeightSums[]): number {
  const sum = parts.reduce((all, part) => all + part.sum, 0);
  const squares = parts.reduce((all, part) => all + part.squares, 0);
  return squares > 0 ? sum ** 2 / squares : 0;
}

/** The same of a list. @param times that a weight occurs; 0 where there is none */
export function effectiveSize(weights: ArrayLike<number>, times: ArrayLike<number>): number {
  const sums = { sum: 0, squares: 0 };
  for (let i = 0; i < weights.length; i++) addWeight(sums, weights[i], times[i]);
  return effectiveOf([sums]);
}
