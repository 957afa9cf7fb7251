/** Emergence: what is asked of versions of the policy and of a rule's selection, and what the session answers. */
import type { Budget } from '../../core/model/rule.ts';
import type { Chance } from '../../core/emergence/by-chance.ts';
import type { AmongChances } from '../../core/emergence/chances.ts';
import type { Effect, Explained } from '../../core/emergence/effects.ts';
import type { FigureChange } from '../../core/emergence/changes.ts';
import type { SelectionFigure } from '../../core/emergence/selection.ts';
import type { Estimate } from '../../core/statistics/draws.ts';
import type { NoStatistics, Split, StatisticsAnswer } from './statistics.ts';

export interface EmergenceQuestion {
  /** A filter; empty: all rollouts. */
  readonly where: string;
  /** Null: by policy version, else model, else file, whichever first has two words. `base`: the set that others come after. */
  readonly split: Split | null;
  /** Name of the set that the change leads to; null: the last. */
  readonly to: string | null;
  readonly orderId: number;
  /** In force, and others at which the selection is looked at too. */
  readonly budget: Budget;
  readonly others: readonly Budget[];
  /** Draws of each kind of selection by chance. */
  readonly seeds: number;
  /** Draws of the bootstrap; at least 2. */
  readonly resamples: number;
}

/** Outside of all of 39 draws lies what chance gives in 2 of 40 cases. */
export const CHANCE_SEEDS = 39;
/** Random exchanges of names behind the distance of mixes that chance gives. */
export const EXCHANGES = 199;

export interface EmergenceProgress {
  readonly stage: 'turns' | 'versions' | 'chance' | 'intervals';
  readonly done: number;
  readonly total: number;
}

/** A figure by version, as `EMERGENCE_FIGURES` describes it. */
export interface FigureAnswer extends FigureChange {
  readonly id: string;
}

export interface VersionSet {
  readonly name: string;
  /** What selects it within the filter; null: nothing does. */
  readonly term: string | null;
  readonly rollouts: number;
  readonly tasks: number;
  /** Its version, of a span or of several their middle; null: it is no number. */
  readonly version: number | null;
}

export interface VersionsAnswer {
  /** The column, or `filters`. */
  readonly by: string;
  readonly sets: readonly VersionSet[];
  readonly left: StatisticsAnswer['left'];
  readonly from: number;
  readonly to: number;
  /** Tasks that the two both have. */
  readonly commonTasks: number;
  readonly figures: readonly FigureAnswer[];
  readonly mix: MixAnswer | null;
}

export interface MixAnswer {
  readonly tools: readonly string[];
  /** Index set × tools + tool. */
  readonly shares: Float64Array;
  /** set -> total variation distance to the first set */
  readonly distance: readonly Estimate[];
  /** What 95 % of random exchanges of names between the first and the last set stay below. */
  readonly byChance: number;
}

export const SELECTION_GROUPS = ['all', 'solved', 'failed', 'first'] as const;
export type SelectionGroup = (typeof SELECTION_GROUPS)[number];

export interface EffectAnswer extends Effect {
  readonly group: SelectionGroup;
  readonly figure: SelectionFigure;
  readonly among: Readonly<Record<Chance, AmongChances>>;
}

export interface SelectionAt {
  readonly budget: Budget;
  /** Shares of the cost that the rule keeps, and that draws by chance keep on average. */
  readonly used: number;
  readonly usedByChance: Readonly<Record<Chance, number>>;
  /** Distinct tokens with loss. */
  readonly trained: number;
  readonly effects: readonly EffectAnswer[];
  readonly explained: readonly Explained[];
}

export interface SelectionAnswer {
  readonly groups: readonly { readonly group: SelectionGroup; readonly rollouts: number }[];
  /** Rollouts that the filter takes of which the reward is unknown; and those that may not carry loss, which count nowhere. */
  readonly unknownReward: number;
  readonly notLearning: number;
  readonly seeds: number;
  /** The change between versions that shares are of: on common tasks, or on all rollouts. */
  readonly versionsBy: 'common tasks' | 'all rollouts' | null;
  /** The budget in force first. */
  readonly budgets: readonly SelectionAt[];
}

export interface EmergenceAnswer {
  readonly ok: true;
  readonly rollouts: { readonly here: number; readonly of: number };
  readonly bootstrap: { readonly resamples: number; readonly seed: number };
  /** Null: nothing parts the rollouts into two sets. */
  readonly versions: VersionsAnswer | null;
  readonly selection: SelectionAnswer;
}

/** A filter is none, or nothing parts the rollouts as asked. */
export type NoEmergence = NoStatistics;
