/** Statistics of sets of rollouts: what is asked, and what the session answers. */

import type { Budget } from '../../core/model/rule.ts';

/** How the rollouts that a filter leaves are told apart. */
export type Split =
  /** One set a word of a column of words, or `outcome`; `base`: the word that others are held against, null: the first. */
  | { readonly by: string; readonly base: string | null }
  /** Two filters, within the first one. */
  | { readonly a: string; readonly b: string };

export interface StatisticsQuestion {
  /** A filter; empty: all rollouts. */
  readonly where: string;
  /** Null: one set. */
  readonly split: Split | null;
  /** Draws of the bootstrap; 0: no intervals. */
  readonly resamples: number;
  /** For filters that ask what of a rollout is kept or trained; null: there none do. */
  readonly cut: { readonly orderId: number; readonly budget: Budget } | null;
}

/** The seed of all bootstraps. */
export const BOOTSTRAP_SEED = 0;
export const RESAMPLES = 1000;
/** Sets at most; of more words those of most rollouts are taken. */
export const MOST_SETS = 24;

/**
 * `spread`: one number a rollout, counted in bins. `rate`: one number a set. `shares`: parts of a whole. `series`: means along an
 * axis of steps.
 */
export type PlotKind = 'spread' | 'rate' | 'shares' | 'series';

/** One number that each set has: of a tool, or at a turn. */
export interface PlotCell {
  /** Empty where there is only one. */
  readonly label: string;
  /** What of a filter selects the rollouts that it is about; null: none does. */
  readonly term: string | null;
}

/** A set of rollouts. */
export interface RolloutSet {
  readonly name: string;
  /** What selects it within the filter; null: it is all that the filter leaves, or no filter selects it. */
  readonly term: string | null;
  readonly rollouts: number;
  readonly tasks: number;
}

/** By set and cell: index set × cells + cell; NaN where unknown. */
export type Numbers = Float64Array<ArrayBuffer>;

export interface Interval {
  readonly low: Numbers;
  readonly high: Numbers;
}

export interface PlotAnswer {
  readonly id: string;
  readonly cells: readonly PlotCell[];
  readonly value: Numbers;
  /** Rollouts that the number rests on. */
  readonly count: Numbers;
  /** Each null where no intervals were asked for, or the number has none. */
  readonly interval: Interval | null;
  /** The value minus that of the base set, and that over the base set's value; NaN in the base set. */
  readonly difference: Interval | null;
  readonly change: Interval | null;
  /** Of one number a rollout, counted in bins. */
  readonly histogram: Histogram | null;
}

export interface Histogram {
  /** Ascending; bin i = [edges[i], edges[i + 1]). */
  readonly edges: Float64Array<ArrayBuffer>;
  /** `decades`: edges are 1, 2 and 5 times powers of ten, as the values have a long tail. */
  readonly steps: 'steps' | 'decades' | 'one';
  /** bin -> what of a filter selects its rollouts */
  readonly terms: readonly string[];
  /** Rollouts by set and bin: index set × bins + bin. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** By set: known values, and five places of them. */
  readonly spread: readonly Spread[];
}

export interface Spread {
  readonly known: number;
  readonly least: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly largest: number;
}

/** A filter of the question is none, or none for this log. */
export interface NoStatistics {
  readonly ok: false;
  /** A sentence that begins with the filter that it is about. */
  readonly fault: string;
}

export interface StatisticsAnswer {
  readonly ok: true;
  /** Rollouts that the filter leaves, out of all. */
  readonly rollouts: { readonly here: number; readonly of: number };
  readonly sets: readonly RolloutSet[];
  /** Words that have no set, because there are too many, and their rollouts; and rollouts of which the word is unknown. */
  readonly left: { readonly words: number; readonly rollouts: number; readonly unknown: number };
  /** The set that the others are held against; null: there is one set. */
  readonly base: number | null;
  /** What intervals rest on; null where none were asked for. */
  readonly bootstrap: {
    readonly resamples: number;
    readonly seed: number;
    /** `tasks`: drawn with replacement, and then the rollouts of each; `rollouts`: no two sets' or rollouts' tasks differ. */
    readonly unit: 'tasks' | 'rollouts';
  } | null;
  readonly plots: readonly PlotAnswer[];
}
