/**
 * Orders that do not depend on arrival. Rollouts and trajectories: as they lie in the inputs. Tasks, and trajectories that end
 * at one node: by what they are, so that no order of files or lines decides which comes first.
 */
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
  /** By key. */
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
  for (const { task, taskLabel } of rollouts) {
    const known = labels.get(task);
    if (builder.taskNodes.has(task) && (known === undefined || taskLabel < known)) labels.set(task, taskLabel);
  }
  const tasks = Array.from(labels, ([key, label]) => ({ key, label })).sort((a, b) => compareTexts(a.key, b.key));
  return { rollouts, rolloutRank, arrival, tasks };
}

/** In code units: the same everywhere. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What an input is called; nobody names any: two that are alike in everything else stay in the order of the inputs. */
export type NameOf = (source: number) => string;

/**
 * Between trajectories of the builder that end at one node, hence have the same tokens: by what they sampled, reward and
 * advantage (unknown last), what the log says of them, and the names of their inputs; 0 where all of that is the same.
 */
export function compareEnds({ rollouts, trajectories }: ForestBuilder, nameOf: NameOf): (a: number, b: number) => number {
  const { rollout, branch, reward, advantage, sampledStart, sampledRuns } = trajectories;
  const endOf = (t: number): number => (t + 1 < sampledStart.length ? sampledStart.data[t + 1] : sampledRuns.length);
  const bySampled = (a: number, b: number): number => {
    const [fromA, fromB] = [sampledStart.data[a], sampledStart.data[b]];
    const [countA, countB] = [endOf(a) - fromA, endOf(b) - fromB];
    for (let i = 0; i < countA && i < countB; i++) {
      const difference = sampledRuns.data[fromA + i] - sampledRuns.data[fromB + i];
      if (difference !== 0) return difference;
    }
    return countA - countB;
  };
  return (a, b) => {
    const found = bySampled(a, b) || compareNumbers(reward.data[a], reward.data[b]) || compareNumbers(advantage.data[a], advantage.data[b]);
    if (found !== 0) return found;
    const [rowA, rowB] = [rollouts[rollout.data[a]], rollouts[rollout.data[b]]];
    return (
      branch.data[a] - branch.data[b] ||
      compareTexts(rowA.status, rowB.status) ||
      compareTexts(rowA.policy, rowB.policy) ||
      compareNumbers(rowA.startedAt ?? Number.NaN, rowB.startedAt ?? Number.NaN) ||
      compareTexts(rowA.id, rowB.id) ||
      compareTexts(rowA.origin?.name ?? nameOf(rowA.source), rowB.origin?.name ?? nameOf(rowB.source)) ||
      (rowA.origin?.line ?? 0) - (rowB.origin?.line ?? 0)
    );
  };
}

/** NaN last. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

/** By source and address; among equals by id. */
export function compareRollouts(a: RolloutRow, b: RolloutRow): number {
  return a.source - b.source || compareAddresses(a.address, b.address) || compareTexts(a.id, b.id);
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
