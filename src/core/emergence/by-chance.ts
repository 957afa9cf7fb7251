/** Selections by chance at the cost of another: what a rule's selection is held against. */
import { budgetOf } from '../prune/cost.ts';
import { cutAt, keepMask } from '../prune/cut.ts';
import { planOrder, planShared, type PruneOrder, type SharedParts } from '../prune/order.ts';
import { nodeTasks, type PruneProblem } from '../prune/problem.ts';
import { makeRandom } from '../prune/seeded.ts';
import type { Selected } from './selection.ts';

/** `closed`: what is closed under parents, each step one of the frontier; `whole`: whole rollouts. */
export const CHANCES = ['closed', 'whole'] as const;
export type Chance = (typeof CHANCES)[number];

/** A problem without protection and without what acts pin or favour: chance favours no event. */
export interface BareProblem {
  readonly problem: PruneProblem;
  readonly shared: SharedParts;
}

export function bareProblem(problem: PruneProblem): BareProblem {
  const bare: PruneProblem = { ...problem, acts: null, rule: { ...problem.rule, protect: {}, trainProtect: {}, hand: [] } };
  return { problem: bare, shared: planShared(bare) };
}

/** O(n log n). */
export function chanceOrder({ problem, shared }: BareProblem, by: Chance, seed: number): PruneOrder {
  return planOrder(problem, shared, by === 'closed' ? 'random' : 'whole-rollouts', seed);
}

/**
 * What an order by chance keeps at a share of the cost, and what of it carries loss at a share of its sampled tokens: `closed`, whole
 * nodes by chance; `whole`, in the order in which rollouts are taken; up to the first node that does not fit. Each task has a share of
 * its own where the rule's tasks do. O(nodes).
 * @returns with the share of all cost that is kept
 */
export function chosenByChance(
  { problem: { forest } }: BareProblem,
  order: PruneOrder,
  by: Chance,
  shares: { readonly cut: number; readonly train: number },
  seed: number,
): Selected & { readonly used: number } {
  const cut = cutAt(order, shares.cut);
  const kept = keepMask(forest, order, cut);
  const used = order.totalCost > 0 ? cut.cost / order.totalCost : 1;
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
      shares.train,
      nodes.reduce((sum, n) => sum + tokensOf(n), 0),
    );
    let taken = 0;
    for (const n of nodes) {
      if (taken + tokensOf(n) > allowed) break;
      taken += tokensOf(n);
      loss[n] = tokensOf(n);
    }
  }
  return { kept, loss, used };
}

/** In place (Fisher and Yates). */
export function shuffle(items: number[] | Int32Array, random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}
