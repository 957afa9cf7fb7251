/**
 * Rounds against one round at the same number of rollouts. [ours] What a log can tell: k rollouts drawn from each of the first R rounds
 * of a task solve it with the chance 1 − Π C(n − c, k) ÷ C(n, k) over these rounds, and R·k drawn from its first round with
 * 1 − C(n₁ − c₁, R·k) ÷ C(n₁, R·k), which needs as many rollouts there. Draws of different rounds are taken as independent.
 */
import { missAll } from './miss-all.ts';
import type { RoundCounts } from './rounds.ts';

export interface EqualBudget {
  /** Rounds that are drawn from, and rollouts of each. */
  readonly rounds: number;
  readonly each: number;
  /** Tasks that have enough rollouts of known reward in all these rounds, and as many as all of these in the first. */
  readonly tasks: number;
  /** Means over these tasks; NaN where there are none. */
  readonly byRounds: number;
  readonly byOne: number;
  /** By task: the two chances, NaN where they cannot be told. */
  readonly ofTask: { readonly byRounds: Float64Array; readonly byOne: Float64Array };
}

/** All pairs of rounds and rollouts of each for which some task has enough: rounds from 2 on, then rollouts of each from 1 on. */
export function equalBudgets(counts: RoundCounts, tasks: number, rounds: number): EqualBudget[] {
  let first = 0;
  for (let t = 0; t < tasks; t++) first = Math.max(first, counts.known[t * rounds]);
  const found: EqualBudget[] = [];
  for (let used = 2; used <= rounds; used++)
    for (let each = 1; each * used <= first; each++) {
      const budget = equalBudget(counts, tasks, rounds, used, each);
      if (budget.tasks === 0) break;
      found.push(budget);
    }
  return found;
}

function equalBudget({ known, solved }: RoundCounts, tasks: number, rounds: number, used: number, each: number): EqualBudget {
  const [byRounds, byOne] = [0, 1].map(() => new Float64Array(tasks).fill(Number.NaN));
  const sums = { tasks: 0, byRounds: 0, byOne: 0 };
  for (let t = 0; t < tasks; t++) {
    const from = t * rounds;
    let miss = 1;
    // NaN where a round has too few.
    for (let r = 0; r < used; r++) miss *= missAll(known[from + r], solved[from + r], each);
    const missOne = missAll(known[from], solved[from], used * each);
    if (Number.isNaN(miss) || Number.isNaN(missOne)) continue;
    byRounds[t] = 1 - miss;
    byOne[t] = 1 - missOne;
    sums.tasks++;
    sums.byRounds += byRounds[t];
    sums.byOne += byOne[t];
  }
  return {
    rounds: used,
    each,
    tasks: sums.tasks,
    byRounds: sums.byRounds / sums.tasks,
    byOne: sums.byOne / sums.tasks,
    ofTask: { byRounds, byOne },
  };
}

/** What all rollouts came to, and whether one round of as many can be told. */
export interface WholeBudget {
  /** Tasks with a known reward in some round, and those solved in any. */
  readonly tasks: number;
  readonly solved: number;
  /** Tasks of them whose first round has as many rollouts of known reward as all rounds together: only there one round is known. */
  readonly comparable: number;
  /** Mean chance of one round of that size over these; NaN where there are none. */
  readonly byOne: number;
  /** Share of these that the rounds solved; NaN likewise. */
  readonly byRounds: number;
}

export function wholeBudget({ known, solved }: RoundCounts, tasks: number, rounds: number): WholeBudget {
  const sums = { tasks: 0, solved: 0, comparable: 0, byOne: 0, byRounds: 0 };
  for (let t = 0; t < tasks; t++) {
    const from = t * rounds;
    let [total, successes] = [0, 0];
    for (let r = 0; r < rounds; r++) {
      total += known[from + r];
      successes += solved[from + r];
    }
    if (total === 0) continue;
    sums.tasks++;
    if (successes > 0) sums.solved++;
    const miss = missAll(known[from], solved[from], total);
    if (Number.isNaN(miss)) continue;
    sums.comparable++;
    sums.byOne += 1 - miss;
    sums.byRounds += Number(successes > 0);
  }
  return { ...sums, byOne: sums.byOne / sums.comparable, byRounds: sums.byRounds / sums.comparable };
}
