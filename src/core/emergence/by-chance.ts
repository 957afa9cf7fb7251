/** Selections by chance at the cost of another: what a rule's selection is held against. */
import { withoutDropped } from '../acts/exclude.ts';
import { budgetOf } from '../prune/cost.ts';
import { keepMask, type Cut } from '../prune/cut.ts';
import { planOrder, planShared, type PruneOrder, type SharedParts } from '../prune/order.ts';
import { nodeTasks, type PruneProblem } from '../prune/problem.ts';
import { lastAtMost } from '../prune/search.ts';
import { makeRandom } from '../prune/seeded.ts';
import type { Selected } from './selection.ts';

/** `closed`: what is closed under parents, each step one of the frontier; `whole`: whole rollouts. */
export const CHANCES = ['closed', 'whole'] as const;
export type Chance = (typeof CHANCES)[number];

/**
 * A problem without protection, without what acts pin or favour, and without rollouts that may not carry loss: chance favours no event,
 * and takes none of what the rule takes for nothing.
 */
export interface BareProblem {
  readonly problem: PruneProblem;
  readonly shared: SharedParts;
}

/** @param learns rollout -> 1: it may carry loss */
export function bareProblem(problem: PruneProblem, learns: Uint8Array): BareProblem {
  const others = learns.map((is) => 1 - is);
  const forest = others.includes(1) ? withoutDropped(problem.forest, others, null) : problem.forest;
  const bare: PruneProblem = { ...problem, forest, acts: null, rule: { ...problem.rule, protect: {}, trainProtect: {}, hand: [] } };
  return { problem: bare, shared: planShared(bare) };
}

export interface ChanceBudget {
  /** scope -> what may be kept costs, in the rule's unit */
  readonly costs: Float64Array;
  /** Share of the kept sampled tokens that may carry loss. */
  readonly train: number;
}

/** O(n log n). */
export function chanceOrder({ problem, shared }: BareProblem, by: Chance, seed: number): PruneOrder {
  return planOrder(problem, shared, by === 'closed' ? 'random' : 'whole-rollouts', seed);
}

/** What a cut costs: scope -> cost, in the rule's unit. */
export function costsOf({ start, scope, cost }: PruneOrder, { limit }: Pick<Cut, 'limit'>): Float64Array {
  return Float64Array.from({ length: start.length - 1 }, (_, s) => cost[start[s] + (limit[scope === 'global' ? 0 : s] ?? 0)]);
}

/** The longest prefix of whole groups that costs no more. @param costs scope -> cost */
function cutAtCosts(order: PruneOrder, costs: Float64Array): Pick<Cut, 'limit'> {
  const { start, tasks, scope, useful } = order;
  const limit = new Int32Array(tasks);
  for (const [s, allowed] of costs.entries()) {
    const row = Math.max(start[s], lastAtMost(order.cost, start[s], start[s] + useful[s] + 1, allowed));
    if (scope === 'global') limit.fill(row - start[s]);
    else limit[s] = row - start[s];
  }
  return { limit };
}

/**
 * What an order by chance keeps at a cost, and what of it carries loss at a share of its sampled tokens: `closed`, whole nodes by chance;
 * `whole`, in the order in which rollouts are taken; up to the first node that does not fit. Each task has a cost and a share of its own
 * where the rule's tasks do. O(nodes).
 * @returns with the cost of what is kept
 */
export function chosenByChance(
  { problem: { forest } }: BareProblem,
  order: PruneOrder,
  by: Chance,
  budget: ChanceBudget,
  seed: number,
): Selected & { readonly cost: number } {
  const cut = cutAtCosts(order, budget.costs);
  const kept = keepMask(forest, order, cut);
  const loss = new Float64Array(forest.length);
  const tokensOf = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const tasks = nodeTasks(forest);
  // scope -> its kept sampled nodes
  const own: number[][] = Array.from({ length: order.scope === 'global' ? 1 : order.tasks }, () => []);
  for (let n = 0; n < forest.length; n++)
    if (kept[n] === 1 && forest.sampledCount[n] > 0) own[order.scope === 'global' ? 0 : tasks[n]].push(n);
  const random = makeRandom(seed);
  for (const nodes of own) {
    if (by === 'whole') nodes.sort((a, b) => order.rank[a] - order.rank[b] || a - b);
    else shuffle(nodes, random);
    const allowed = budgetOf(
      budget.train,
      nodes.reduce((sum, n) => sum + tokensOf(n), 0),
    );
    let taken = 0;
    for (const n of nodes) {
      if (taken + tokensOf(n) > allowed) break;
      taken += tokensOf(n);
      loss[n] = tokensOf(n);
    }
  }
  return { kept, loss, cost: costsOf(order, cut).reduce((sum, one) => sum + one, 0) };
}

/** In place (Fisher and Yates). */
export function shuffle(items: number[] | Int32Array, random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}
