/** What a selection changes of the figures of rollouts, with intervals, and how much of a change between versions that is. */
import { drawNumbers, estimate, excludesZero, type DrawPlan, type Estimate } from '../statistics/draws.ts';
import { CHANCES, type Chance } from './by-chance.ts';
import { ratiosOf } from './chances.ts';
import { SELECTION_FIGURES, sumGroups, type SelectionColumns, type SelectionFigure } from './selection.ts';

const COUNT = SELECTION_FIGURES.length;

/** What of a change between versions a figure of a selection may explain. */
export interface Explainable {
  readonly figure: SelectionFigure;
  /** The change between versions. @param times rollout -> how often it counts; null: once */
  readonly versions: (times: Uint32Array | null) => number;
  /** Its interval as the comparison of versions has it. */
  readonly told: Estimate;
}

export interface EffectPlan extends DrawPlan {
  /** rollout -> bit per group */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Of everything, nothing cut and all trained. */
  readonly all: SelectionColumns;
  /** By budget: of the rule's selection, and of what chance selects on average. */
  readonly budgets: readonly ({ readonly rule: SelectionColumns } & Readonly<Record<Chance, SelectionColumns>>)[];
  /** The group of the version that the others come after; null: there are no versions. */
  readonly first: number | null;
  readonly explainable: readonly Explainable[];
}

/** A figure of a group at a budget. */
export interface Effect {
  /** Rollouts that the rule's figure rests on. */
  readonly count: number;
  readonly all: number;
  readonly rule: Estimate;
  /** The rule's minus that of all; and over it, where that is above 0. */
  readonly difference: Estimate;
  readonly change: Estimate;
  /** The rule's minus what chance selects on average. */
  readonly over: Readonly<Record<Chance, Estimate>>;
}

/** What the rule's selection is held against where it may explain a change: everything, or closed sets by chance, which any cut is like. */
export const AGAINST = ['everything', 'closed'] as const;

export interface Explained {
  readonly figure: SelectionFigure;
  readonly against: (typeof AGAINST)[number];
  /** The rule's minus that of everything, or of closed sets by chance, among rollouts of the first version. */
  readonly selection: Estimate;
  readonly versions: Estimate;
  /** `selection` ÷ `versions`; null: `why` there is none. */
  readonly share: Estimate | null;
  readonly why: 'selection' | 'versions' | null;
}

export interface EffectsAt {
  /** Index group × figures + figure. */
  readonly effects: readonly Effect[];
  readonly explained: readonly Explained[];
}

const ZERO: Estimate = { value: 0, low: 0, high: 0 };

/** Yields after each draw of the bootstrap. The selections stay what they are in all draws. @returns by budget */
export function* measureEffects(plan: EffectPlan): Generator<number, readonly EffectsAt[]> {
  const { strata, groups, groupCount, all, budgets, first, explainable, resamples } = plan;
  const cells = groupCount * COUNT;
  // Numbers of a draw: at each budget the rule, its difference, its change and those over chance, cell by cell, then the shares.
  const kinds = 3 + CHANCES.length;
  const each = kinds * cells + explainable.length * AGAINST.length;
  const ratios = (columns: SelectionColumns, times: Uint32Array | null): Float64Array =>
    ratiosOf(sumGroups(columns, strata.members, groups, groupCount, times));
  const numbers = (times: Uint32Array | null, out: Float64Array): void => {
    const whole = ratios(all, times);
    const changes = explainable.map(({ versions }) => versions(times));
    for (const [b, at] of budgets.entries()) {
      const rule = ratios(at.rule, times);
      const chance = CHANCES.map((by) => ratios(at[by], times));
      const from = b * each;
      for (let cell = 0; cell < cells; cell++) {
        out[from + cell] = rule[cell];
        out[from + cells + cell] = rule[cell] - whole[cell];
        out[from + 2 * cells + cell] = whole[cell] > 0 ? rule[cell] / whole[cell] - 1 : Number.NaN;
        for (let c = 0; c < CHANCES.length; c++) out[from + (3 + c) * cells + cell] = rule[cell] - chance[c][cell];
      }
      for (const [i, { figure }] of explainable.entries()) {
        const cell = (first ?? 0) * COUNT + SELECTION_FIGURES.indexOf(figure);
        const others = [whole[cell], chance[CHANCES.indexOf('closed')][cell]];
        for (let a = 0; a < AGAINST.length; a++) out[from + kinds * cells + i * AGAINST.length + a] = (rule[cell] - others[a]) / changes[i];
      }
    }
  };
  const size = budgets.length * each;
  const exact = new Float64Array(size);
  numbers(null, exact);
  const drawn = yield* drawNumbers(plan, size, numbers);
  const told = (i: number, count: number): Estimate => estimate(exact[i], drawn.subarray(i * resamples, (i + 1) * resamples), count);
  const whole = ratios(all, null);
  return budgets.map(({ rule }, b) => {
    const { counts } = sumGroups(rule, strata.members, groups, groupCount, null);
    const effects = Array.from({ length: cells }, (_, cell): Effect => {
      const of = (kind: number): Estimate => told(b * each + kind * cells + cell, counts[cell]);
      return {
        count: counts[cell],
        all: whole[cell],
        rule: of(0),
        difference: of(1),
        change: of(2),
        over: { closed: of(3), whole: of(4) },
      };
    });
    const explained = explainable.flatMap(({ figure, told: versions }, i) =>
      AGAINST.map((against, a): Explained => {
        const { difference, over } = effects[(first ?? 0) * COUNT + SELECTION_FIGURES.indexOf(figure)];
        const selection = against === 'everything' ? difference : over.closed;
        const share = told(b * each + kinds * cells + i * AGAINST.length + a, 2);
        return { figure, against, selection, versions, ...shareOf(selection, versions, share) };
      }),
    );
    return { effects, explained };
  });
}

/** There is a share where both are told apart from chance; of a selection that changes nothing it is 0. */
function shareOf(selection: Estimate, versions: Estimate, share: Estimate): Pick<Explained, 'share' | 'why'> {
  if (selection.value === 0 && selection.low === 0 && selection.high === 0) return { share: ZERO, why: null };
  if (!excludesZero(versions)) return { share: null, why: 'versions' };
  if (!excludesZero(selection)) return { share: null, why: 'selection' };
  return { share, why: null };
}
