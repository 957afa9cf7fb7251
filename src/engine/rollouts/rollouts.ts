/** The columns of all rollouts of a dataset, made by the members of the registry. */
import { readFacts } from '../../core/rollouts/read-facts.ts';
import { rolloutKeyOf } from '../../core/rollouts/rollout-key.ts';
import { nodeEntropy } from '../../core/signal/entropy.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import type { Dataset } from '../dataset.ts';
import type { ModelColumns } from '../score/columns.ts';
import { measureRollouts } from '../../core/rollouts/measures.ts';
import { saidOn } from './said-on.ts';
import { ROLLOUT_COLUMNS } from './registry.ts';
import { astrayOf } from './said.ts';

/** O(nodes over all trajectories + tokens). @param model entropy that a language model computed, or null */
export function rolloutColumns(dataset: Dataset, model: ModelColumns | null): RolloutsAnswer {
  const { notes, group } = saidOn(dataset);
  const { forest, rollouts, tasks } = dataset.tokens;
  const rowOf = new Map(tasks.map(({ key }, row) => [key, row]));
  const task = Int32Array.from(rollouts, (row) => rowOf.get(row.task) ?? -1);
  const measures = measureRollouts(forest, rollouts.length, nodeEntropy(forest, 'sum', model?.entropy ?? null));
  const facts = readFacts(rollouts);
  const keys = rollouts.map((row) => rolloutKeyOf(dataset.opening.inputs[row.source]?.path ?? '', row));
  const input = { dataset, rollouts, task, measures, facts, keys, notes, group };
  return {
    length: rollouts.length,
    columns: ROLLOUT_COLUMNS.flatMap((member) => member.columns(input)),
    keys,
    task,
    taskCount: tasks.length,
    leftOut: facts.leftOut,
    astray: astrayOf(input),
    line: Int32Array.from(rollouts, ({ line }) => line),
  };
}
