/** The order that does not depend on arrival: rollouts, trajectories and tasks as they lie in the inputs. */
import { compareAddresses } from '../model/address.ts';
import type { RolloutRow } from '../model/batch.ts';
import { NONE } from '../model/kinds.ts';
import type { TaskRow } from '../model/forest.ts';
import type { ForestBuilder } from './build.ts';

export interface InputOrder {
  /** By source and address. */
  readonly rollouts: RolloutRow[];
  /** rollout as it arrived -> its place in `rollouts` */
  readonly rolloutRank: Int32Array<ArrayBuffer>;
  /** frozen trajectory -> trajectory as it arrived: by rollout, then branch */
  readonly arrival: Int32Array<ArrayBuffer>;
  /** By the first rollout that has a trajectory. */
  readonly tasks: TaskRow[];
}

export function inputOrder(builder: ForestBuilder): InputOrder {
  const rows = builder.rollouts;
  const order = Int32Array.from(rows, (_, i) => i).sort((a, b) => compareRollouts(rows[a], rows[b]));
  const rolloutRank = inverse(order);
  const rollouts = Array.from(order, (i) => rows[i]);
  const { rollout, branch } = builder.trajectories;
  const arrival = Int32Array.from({ length: rollout.length }, (_, t) => t).sort(
    (a, b) => rolloutRank[rollout.data[a]] - rolloutRank[rollout.data[b]] || branch.data[a] - branch.data[b],
  );
  const labels = new Map<string, string>();
  for (const row of rollouts) if (builder.taskNodes.has(row.task) && !labels.has(row.task)) labels.set(row.task, row.taskLabel);
  return { rollouts, rolloutRank, arrival, tasks: Array.from(labels, ([key, label]) => ({ key, label })) };
}

/** By source and address; among equals by id. */
export function compareRollouts(a: RolloutRow, b: RolloutRow): number {
  return a.source - b.source || compareAddresses(a.address, b.address) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/**
 * The names in use in code unit order, and for each number given on arrival the name's place among them.
 *
 * @param used number -> 1 where anything has it: a name that nothing has is not named
 */
export function sortedNames(numbers: ReadonlyMap<string, number>, used: Uint8Array): { names: string[]; rank: Int32Array<ArrayBuffer> } {
  const names = [...numbers.keys()].filter((name) => used[numbers.get(name)!] === 1).sort();
  const rank = new Int32Array(numbers.size).fill(NONE);
  for (const [place, name] of names.entries()) rank[numbers.get(name)!] = place;
  return { names, rank };
}

/** For a permutation: value -> index. */
export function inverse(order: Int32Array): Int32Array<ArrayBuffer> {
  const rank = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;
  return rank;
}
