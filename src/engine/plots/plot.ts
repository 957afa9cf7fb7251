/** What a plot is: one question about a set of rollouts, whose answer is a few numbers that can be drawn. */
import type { Dataset } from '../dataset.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import type { PlotCell, PlotKind } from '../answers/statistics.ts';
import type { TaskSums } from '../../core/statistics/bootstrap.ts';
import type { Ratios } from '../../core/statistics/ratios.ts';
import type { SetTokens } from '../../core/statistics/shared-tokens.ts';
import type { TurnMeasures } from '../../core/statistics/turn-measures.ts';

export interface PlotInput {
  readonly dataset: Dataset;
  readonly rollouts: RolloutsAnswer;
  readonly turns: TurnMeasures;
}

/** What a plot takes from a log. */
export interface Measure {
  /** What each set of rollouts has a number of, or several; null: `ofTasks` says it. */
  readonly ratios: Ratios | null;
  /** As many as `ratios` has; one where there are none. */
  readonly cells: readonly PlotCell[];
  /** rollout -> value, NaN where unknown: what is counted in bins; `column`: its name in a filter. */
  readonly values?: { readonly column: string; readonly of: Float64Array };
  /** A number that no sum over rollouts gives, but one over tasks: its interval is of tasks drawn whole. */
  readonly ofTasks?: (tokens: SetTokens) => TaskSums;
}

export interface Plot {
  /** As flags and files spell it. */
  readonly id: string;
  readonly label: string;
  /** One sentence: what is counted, and what it does not say. */
  readonly help: string;
  readonly unit: string | null;
  readonly format: 'count' | 'decimal' | 'percent';
  readonly kind: PlotKind;
  /** Null where the log has nothing of the kind. */
  measure(input: PlotInput): Measure | null;
}

export const ONE_CELL: readonly PlotCell[] = [{ label: '', term: null }];
