/** A builder of the tasks of a frozen forest that change: the others are not touched. */
import { NONE } from '../model/kinds.ts';
import type { RolloutRow } from '../model/batch.ts';
import { makeForestBuilder } from './build.ts';
import type { ForestBuilder } from './build.ts';
import { freeze } from './freeze.ts';
import type { NameOf } from './input-order.ts';
import type { Frozen } from './freeze.ts';
import { spliceForests } from './splice.ts';
import type { Spliced } from './splice.ts';
import { thawTask } from './thaw.ts';

export interface GrowingForest {
  /** Its `add` first turns the tasks of a batch back into what a builder knew of them. */
  readonly builder: ForestBuilder;
  /** Starts a task anew, without the rollouts it has: those that stay must be added again. */
  readonly rebuild: (task: string) => void;
  /** The whole forest as of now; only tasks that changed are walked. The builder may go on. */
  readonly freeze: () => Spliced;
}

/**
 * `base` stays as it is. What `freeze` gives equals a forest built at once from the same rollouts.
 *
 * @param rowOf a row of `base` as it shall be from now on; rows must keep their order. @param nameOf as for `freeze`
 */
export function makeGrowingForest(
  base: Frozen,
  maxNodeTokens: number | null,
  rowOf: (row: RolloutRow) => RolloutRow = (row) => row,
  nameOf?: NameOf,
): GrowingForest {
  const builder = makeForestBuilder({ maxNodeTokens });
  const begun = new Set<string>();
  const taskOf = new Map(base.tasks.map(({ key }, task) => [key, task]));
  let rolloutsOf: Map<string, number[]> | null = null;
  const begin = (task: string): void => {
    if (begun.has(task)) return;
    begun.add(task);
    rolloutsOf ??= byTask(base.rollouts);
    thawTask(builder, base, taskOf.get(task) ?? NONE, rolloutsOf.get(task) ?? [], (rollout) => rowOf(base.rollouts[rollout]));
  };
  return {
    builder: {
      ...builder,
      add(batch) {
        for (const { task } of batch.rollouts) begin(task);
        builder.add(batch);
      },
    },
    rebuild: (task) => void begun.add(task),
    freeze: () => spliceForests(base, freeze(builder, nameOf), begun, rowOf),
  };
}

function byTask(rows: readonly RolloutRow[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [rollout, { task }] of rows.entries()) {
    const list = found.get(task);
    if (list) list.push(rollout);
    else found.set(task, [rollout]);
  }
  return found;
}
