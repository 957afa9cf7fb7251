/** What the session says of the rollouts, one by one. */
import type { CutFigures } from '../../core/rollouts/cut-figures.ts';
import type { RolloutColumns } from '../../core/rollouts/columns.ts';
import type { Subject } from '../../core/notes/notes.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';

/** Does not depend on a rule or a cut. */
export interface RolloutsAnswer extends RolloutColumns {
  /** rollout -> its key */
  readonly keys: readonly RolloutKey[];
  /** rollout -> row of `TaskTable` */
  readonly task: Int32Array<ArrayBuffer>;
  /** Rows of that table. */
  readonly taskCount: number;
  /** rollout -> line in its file, 0 where it has no lines */
  readonly line: Int32Array<ArrayBuffer>;
  /** The arrays of the columns once more, where they are to move to another thread. */
  readonly arrays?: readonly (Float64Array | Int32Array)[];
  /** Fields of the log that are no column, and values of single records that were too many or too long. */
  readonly leftOut: { readonly columns: number; readonly values: number };
  /** What notes are about that nothing of the open log, as it is grouped, is. */
  readonly astray: readonly Subject[];
}

/** What a rule and a budget make of each rollout. */
export type RolloutFigures = CutFigures;
