/** The figures of many selections by chance, at the budgets of a rule's selections. */
import { bareProblem, CHANCES, chanceOrder, chosenByChance, type Chance, type ChanceBudget } from './by-chance.ts';
import type { PruneProblem } from '../prune/problem.ts';
import { addColumns, selectionColumns, SELECTION_FIGURES, sumGroups, type SelectionColumns, type SelectionGround } from './selection.ts';

export interface ChancePlan {
  readonly ground: SelectionGround;
  readonly problem: PruneProblem;
  /** What the rule's selections cost, and the shares that they train. */
  readonly budgets: readonly ChanceBudget[];
  readonly seeds: number;
  /** Rollouts that count, in the order in which they are added, and their groups: rollout -> bit per group. */
  readonly members: Int32Array;
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/** All draws at one budget. */
export interface ChanceDraws {
  /** Sums over all draws: their ratio is what chance selects on average. */
  readonly pooled: SelectionColumns;
  /** seed -> the figures of that draw: index group × figures + figure; NaN where it has none */
  readonly values: readonly Float64Array[];
  /** Mean cost of what a draw keeps. */
  readonly cost: number;
}

export type ChancesAt = Readonly<Record<Chance, ChanceDraws>>;

/** Two orders a seed, whatever the number of budgets. Yields after each. @returns by budget */
export function* drawChances(plan: ChancePlan): Generator<number, readonly ChancesAt[]> {
  const { ground, problem, budgets, seeds, members, groups, groupCount } = plan;
  const bare = bareProblem(problem, ground.learns);
  const empty = () => budgets.map(() => ({ pooled: emptyColumns(ground.rollouts), values: [] as Float64Array[], cost: 0 }));
  const draws = { closed: empty(), whole: empty() };
  let done = 0;
  for (let i = 0; i < seeds; i++) {
    const seed = problem.rule.seed + i;
    for (const by of CHANCES) {
      const order = chanceOrder(bare, by, seed);
      for (const [b, budget] of budgets.entries()) {
        const chosen = chosenByChance(bare, order, by, budget, seed);
        const columns = selectionColumns(ground, chosen);
        const at = draws[by][b];
        addColumns(at.pooled, columns);
        at.values.push(ratiosOf(sumGroups(columns, members, groups, groupCount, null)));
        at.cost += chosen.cost / seeds;
      }
      yield ++done;
    }
  }
  return budgets.map((_, b) => ({ closed: draws.closed[b], whole: draws.whole[b] }));
}

function emptyColumns(rollouts: number): SelectionColumns {
  const length = rollouts * SELECTION_FIGURES.length;
  return { top: new Float64Array(length), below: new Float64Array(length) };
}

/** NaN where nothing adds up below. */
export function ratiosOf({ top, below }: SelectionColumns): Float64Array {
  return top.map((sum, at) => (below[at] > 0 ? sum / below[at] : Number.NaN));
}

/** A value among those of draws by chance. */
export interface AmongChances {
  /** Draws that have a value. */
  readonly draws: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** Standard deviations of the draws that the value lies above their mean; NaN where they do not vary. */
  readonly effect: number;
  /** `less`, `more`: outside of all draws, which chance gives in 2 of draws + 1 cases; `within`; null: too few draws have a value. */
  readonly told: 'less' | 'more' | 'within' | null;
}

/** Relative. */
const ROUNDING = 1e-9;

export function amongChances(value: number, drawn: readonly number[]): AmongChances {
  const known = drawn.filter((one) => !Number.isNaN(one));
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (known.length - 1));
  const least = known.reduce((low, one) => Math.min(low, one), Infinity);
  const most = known.reduce((high, one) => Math.max(high, one), -Infinity);
  const isTold = known.length >= 2 && known.length * 2 > drawn.length && !Number.isNaN(value);
  // Sums of the same numbers in another order differ by rounding.
  const rounding = ROUNDING * Math.max(Math.abs(least), Math.abs(most));
  const told = !isTold ? null : value < least - rounding ? 'less' : value > most + rounding ? 'more' : 'within';
  return { draws: known.length, least, most, mean, effect: deviation > rounding ? (value - mean) / deviation : Number.NaN, told };
}
