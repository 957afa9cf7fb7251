/** Node importance by typed arrays for one change of a rule: what the graph does, entropy of nodes being at hand. */
import type { Forest } from '../../src/core/model/forest.ts';
import type { PruneRule } from '../../src/core/model/rule.ts';
import { nodeAdvantages, trajectoryAdvantages } from '../../src/core/signal/advantage.ts';
import { tokenReach } from '../../src/core/signal/reach.ts';
import { computeScores, taskWeights, type ComputedScores } from '../../src/core/signal/score.ts';

export function typedImportance(forest: Forest, rule: PruneRule, h: Float64Array): ComputedScores {
  return computeScores(forest, rule, {
    h,
    taskWeight: taskWeights(forest, rule),
    reach: tokenReach(forest),
    meanAdvantage: nodeAdvantages(forest, rule.advantage, trajectoryAdvantages(forest, rule.advantage), null),
    usesAdvantage: rule.mode === 'rl',
  });
}
