/** A rule applied to a log, and a budget applied to that. */
import type { Budget, PruneRule } from '../core/model/rule.ts';
import type { KeepCounters, KeepSummary } from '../core/prune/counters.ts';
import type { Cut } from '../core/prune/cut.ts';
import type { PruneOrder, SharedParts } from '../core/prune/order.ts';
import type { PruneProblem } from '../core/prune/problem.ts';
import type { TrainPlan, TrainSet } from '../core/prune/train-method.ts';
import type { NodeScores } from '../core/signal/score.ts';
import type { ImportedScores } from '../core/signal/signal.ts';
import type { Acted } from './acts/acted.ts';
import type { Dataset } from './dataset.ts';
import type { ModelColumns } from './score/columns.ts';

export interface Ruling {
  readonly id: number;
  readonly rule: PruneRule;
  /** As it was opened, whatever acts drop of it. */
  readonly dataset: Dataset;
  readonly acted: Acted;
  readonly scores: NodeScores;
  /** `typed arrays`, or `graph on DEVICE`: in float32, and sums in no fixed order there. */
  readonly importanceBy: string;
  /** What a language model had computed when the rule was applied, or null. */
  readonly model: ModelColumns | null;
  /** What a person had imported by then, or null. */
  readonly imported: ImportedScores | null;
  readonly problem: PruneProblem;
  readonly shared: SharedParts;
  readonly order: PruneOrder;
  readonly counters: KeepCounters;
  readonly train: TrainPlan;
}

/** A budget applied to a ruling: what a tick of the slider needs, in less than a pass over the forest. */
export interface Keep {
  readonly budget: Budget;
  readonly cut: Cut;
  readonly train: TrainSet;
  readonly summary: KeepSummary;
}
