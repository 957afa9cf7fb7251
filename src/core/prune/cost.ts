/** What keeping a node costs, in the budget's unit. Costs add up over nodes, so any keep set has one. */

import type { Forest } from '../model/forest.ts';
import type { ModelShape, Unit } from '../model/rule.ts';

/**
 * The cost that `share` (0..1) of a total allows. A budget that a person gives as a whole number of tokens arrives as
 * tokens ÷ total; the product may miss the whole number by a rounding error, which would drop the last group, so what
 * is within 2^-50 of a whole number is that number.
 */
export function budgetOf(share: number, total: number): number {
  const budget = share * total;
  const whole = Math.round(budget);
  return Math.abs(budget - whole) <= whole * 2 ** -50 ? whole : budget;
}

/**
 * node -> cost.
 * - `distinct`: its tokens; each shared prefix is forwarded once.
 * - `flat`: its tokens × the trajectories through it; every trajectory is written out as far as it is kept, so the
 *   total is N_flat.
 * - `flops`: forward FLOPs of its tokens, each 2·parameters + 4·layers·width·position, where position is the number
 *   of tokens before it on its path. Throws without a model shape.
 */
export function nodeCosts(forest: Forest, unit: Unit, model?: ModelShape): Float64Array {
  const cost = new Float64Array(forest.length);
  if (unit === 'flops' && model === undefined) {
    throw new Error('unit flops: expected a model shape (parameters, layers, width), found none');
  }
  for (let n = 0; n < forest.length; n++) {
    if (forest.excluded?.[n] === 1) continue;
    const tokens = forest.edgeStart[n + 1] - forest.edgeStart[n];
    if (unit === 'distinct') cost[n] = tokens;
    else if (unit === 'flat') cost[n] = tokens * forest.reachCount[n];
    else if (model !== undefined) {
      const positions = tokens * forest.depth[n] + (tokens * (tokens - 1)) / 2;
      cost[n] = 2 * model.parameters * tokens + 4 * model.layers * model.width * positions;
    }
  }
  return cost;
}
