/** What a member of the registry of rollout columns is: it makes one column, or several of one kind. */
import type { RolloutColumn } from '../../core/rollouts/columns.ts';
import type { RolloutRow } from '../../core/model/batch.ts';
import type { FactColumns } from '../../core/rollouts/read-facts.ts';
import type { Notes } from '../../core/notes/notes.ts';
import type { Group } from '../../core/rollouts/regard.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { Dataset } from '../dataset.ts';
import type { RolloutMeasures } from '../../core/rollouts/measures.ts';

export interface RolloutInput {
  readonly dataset: Dataset;
  /** In the order of the inputs. */
  readonly rollouts: readonly RolloutRow[];
  /** rollout -> row of the task table */
  readonly task: Int32Array;
  readonly measures: RolloutMeasures;
  readonly facts: FactColumns;
  /** rollout -> its key */
  readonly keys: readonly RolloutKey[];
  /** What a person says of rollouts, tasks and nodes, whatever is open. */
  readonly notes: Notes;
  readonly group: Group;
}

export interface RolloutColumnMember {
  /** Of its column; of a member that makes several, what their ids begin with. */
  readonly id: string;
  /** Columns over `rollouts`; none where the log has nothing of the kind. */
  columns(input: RolloutInput): readonly RolloutColumn[];
}
