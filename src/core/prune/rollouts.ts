/** Rollouts as strategies take them: whole, each with all its trajectories, and in orders that no order of files changes. */
import type { PruneProblem } from './problem.ts';
import { nodeTasks } from './problem.ts';
import { taskRanks } from './spread.ts';
import type { StrategyInput } from './strategy.ts';
import { takePath } from './path-order.ts';

export interface Rollouts {
  readonly length: number;
  /** rollout -> its task, and the place of that task among all */
  readonly task: Int32Array;
  readonly taskRank: Int32Array;
  /** rollout -> its trajectories, by the rows of their last nodes */
  readonly members: readonly (readonly number[])[];
  /** rollout -> mean of its trajectories' known rewards, NaN where none is known */
  readonly reward: Float64Array;
}

/** The rollouts of a forest, numbered in an order of chance that their tokens alone decide. O(trajectories · log). */
export function listRollouts({ forest, trajectoryReward }: Pick<PruneProblem, 'forest' | 'trajectoryReward'>): Rollouts {
  const { rollout, leaf, length, excluded } = forest.trajectories;
  const tasks = nodeTasks(forest);
  const ranks = taskRanks(forest);
  const members = new Map<number, number[]>();
  for (let t = 0; t < length; t++) {
    if (excluded?.[t] === 1) continue;
    const list = members.get(rollout[t]);
    if (list === undefined) members.set(rollout[t], [t]);
    else list.push(t);
  }
  const rows = Array.from(members.values(), (own) => {
    own.sort((a, b) => leaf[a] - leaf[b] || a - b);
    const name = [0, 0];
    let sum = 0;
    let known = 0;
    for (const t of own) {
      for (let w = 0; w < 2; w++) name[w] = Math.imul(name[w] ^ forest.keys[2 * leaf[t] + w], 0x9e3779b1) >>> 0;
      if (Number.isNaN(trajectoryReward[t])) continue;
      sum += trajectoryReward[t];
      known++;
    }
    return { own, name, task: tasks[leaf[own[0]]], reward: known === 0 ? Number.NaN : sum / known };
  });
  // Rollouts of one task with the same tokens may still differ in reward.
  rows.sort(
    (a, b) =>
      a.name[0] - b.name[0] ||
      a.name[1] - b.name[1] ||
      ranks[a.task] - ranks[b.task] ||
      orZero(b.reward) - orZero(a.reward) ||
      a.own[0] - b.own[0],
  );
  return {
    length: rows.length,
    task: Int32Array.from(rows, ({ task }) => task),
    taskRank: Int32Array.from(rows, ({ task }) => ranks[task]),
    members: rows.map(({ own }) => own),
    reward: Float64Array.from(rows, ({ reward }) => reward),
  };
}

/** Known rewards are 0 or 1. */
export function areBinary({ reward }: Pick<Rollouts, 'reward'>): boolean {
  return reward.every((value) => value === 0 || value === 1 || Number.isNaN(value));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** No task has so many. */
const MOST_TURNS = 2 ** 32;

/** Rollouts that come before others, whatever their turn: a smaller number first. */
export type Tier = (rollout: number) => number;

export interface Turn {
  readonly rollout: number;
  readonly tier: number;
  /** Rollouts of its task and tier before it. */
  readonly turn: number;
}

/**
 * Tasks take turns, one rollout each, in the order that each task's list has.
 * @param ofTask task -> its rollouts in order
 */
export function inTurns(rollouts: Rollouts, ofTask: readonly (readonly number[])[], tier: Tier = () => 0): Turn[] {
  const turns = ofTask.flatMap((own) => {
    const next = new Map<number, number>();
    return own.map((rollout) => {
      const turn = next.get(tier(rollout)) ?? 0;
      next.set(tier(rollout), turn + 1);
      return { rollout, tier: tier(rollout), turn };
    });
  });
  turns.sort((a, b) => a.tier - b.tier || a.turn - b.turn || rollouts.taskRank[a.rollout] - rollouts.taskRank[b.rollout]);
  return turns;
}

/** The units of rollouts in turns. */
export function turnOrder(input: StrategyInput, rollouts: Rollouts, turns: readonly Turn[]): Int32Array {
  const { heads, units, problem } = input;
  return rolloutOrder(
    input,
    rollouts,
    turns.map(({ rollout }) => rollout),
    heads === null
      ? undefined
      : (u, i) => {
          heads.key[u] = -(turns[i].tier * MOST_TURNS + turns[i].turn);
          heads.node[u] = problem.forest.treeStart[units.task[u]];
        },
  );
}

/** task -> its rollouts by falling key; NaN comes last, equals in their order. */
export function byTask(rollouts: Rollouts, key: ArrayLike<number>): number[][] {
  const tasks: number[][] = [];
  for (let r = 0; r < rollouts.length; r++) (tasks[rollouts.task[r]] ??= []).push(r);
  const rank = (r: number): number => (Number.isNaN(key[r]) ? -Infinity : key[r]);
  return Object.values(tasks).map((own) => own.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a))));
}

/**
 * The units of each rollout in turn, all its trajectories together: no budget keeps a part of what one adds.
 * @param onTake unit, and the place in `order` of the rollout that it is taken for
 */
export function rolloutOrder(
  { problem, units, goesOn }: StrategyInput,
  rollouts: Rollouts,
  order: ArrayLike<number>,
  onTake?: (unit: number, place: number) => void,
): Int32Array {
  const { leaf } = problem.forest.trajectories;
  const taken = units.mandatory.slice();
  const out = new Int32Array(units.length);
  let at = 0;
  for (let i = 0; i < order.length; i++) {
    const start = at;
    for (const t of rollouts.members[order[i]]) at = takePath(units, units.unitOf[leaf[t]], taken, out, at);
    for (let k = start; k + 1 < at; k++) goesOn[out[k]] = 1;
    if (onTake !== undefined) for (let k = start; k < at; k++) onTake(out[k], i);
  }
  return out.slice(0, at);
}
