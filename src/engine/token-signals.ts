/** What sampled tokens are known by under a rule, for train methods that choose single tokens. */
import type { Forest } from '../core/model/forest.ts';
import type { PruneRule } from '../core/model/rule.ts';
import type { TokenSignals } from '../core/prune/token-signals.ts';
import type { NodeScores } from '../core/signal/score.ts';
import { taskDivisors } from '../core/signal/coefficient.ts';

export function tokenSignals(forest: Forest, scores: NodeScores, rule: PruneRule): TokenSignals {
  const { valueOf: value, knownOf: counted, used, asked } = scores.by;
  // What stands in for an unknown signal ranks nodes; it says too little of a token's gradient to draw by it.
  const amplitude = (at: number, node: number): number => (used.id === asked ? used.amplitude(value(at, node)) : 1);
  return { value, counted, amplitude, entropy: scores.entropy.by.valueOf, weight: tokenWeights(forest, scores, rule) };
}

/** node -> coefficient × weight of its task, in RL mode × |mean advantage| */
function tokenWeights(forest: Forest, { taskWeight, meanAdvantage, hasAdvantage }: NodeScores, { mode, divisor }: PruneRule): Float64Array {
  const usesAdvantage = mode === 'rl' && hasAdvantage;
  const divisors = taskDivisors(forest, divisor);
  const weight = new Float64Array(forest.length);
  for (let task = 0; task < taskWeight.length; task++) {
    const share = (taskWeight[task] ?? 0) / (divisors[task] ?? 1);
    for (let n = forest.treeStart[task] ?? 0; n < (forest.treeStart[task + 1] ?? 0); n++)
      weight[n] = (forest.sampledCount[n] ?? 0) * share * (usesAdvantage ? Math.abs(meanAdvantage[n] ?? 0) || 0 : 1);
  }
  return weight;
}
