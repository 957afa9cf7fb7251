/** Rounds against an oracle that draws every set of rollouts there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBudgets, wholeBudget } from '../../../../src/core/rounds/equal-budget.ts';
import { missAll } from '../../../../src/core/rounds/miss-all.ts';
import { countRounds, roundTasks, type RoundInput } from '../../../../src/core/rounds/rounds.ts';

/** All choices of k of them. */
function choices<T>(items: readonly T[], k: number): T[][] {
  if (k === 0) return [[]];
  return items.flatMap((item, i) => choices(items.slice(i + 1), k - 1).map((rest) => [item, ...rest]));
}

interface Rollout {
  readonly task: number;
  readonly round: number;
  /** NaN: unknown. */
  readonly reward: number;
}

const ROUNDS = 3;
const TASKS = 3;
const rollouts = fc.array(
  fc.record({
    task: fc.integer({ min: -1, max: TASKS - 1 }),
    round: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: -1, max: ROUNDS - 1 }) }),
    reward: fc.constantFrom(0, 0, 1, 0.5, -1, Number.NaN),
  }),
  { maxLength: 22 },
);

const inputOf = (all: readonly Rollout[]): RoundInput => ({
  rounds: ROUNDS,
  tasks: TASKS,
  round: Int32Array.from(all, ({ round }) => round),
  task: Int32Array.from(all, ({ task }) => task),
  reward: Float64Array.from(all, ({ reward }) => reward),
});

it('misses as often as all choices say', () => {
  for (let n = 0; n <= 7; n++)
    for (let c = 0; c <= n; c++)
      for (let k = 0; k <= n + 1; k++) {
        const all = choices(
          Array.from({ length: n }, (_, i) => i < c),
          k,
        );
        const missed = all.filter((taken) => !taken.includes(true)).length;
        if (k > n) expect(missAll(n, c, k)).toBeNaN();
        else expect(missAll(n, c, k)).toBeCloseTo(missed / all.length, 12);
      }
});

describe('rounds', () => {
  it('solve tasks as one reads it off the list', () => {
    fc.assert(
      fc.property(rollouts, (all) => {
        const counts = countRounds(inputOf(all));
        const found = roundTasks(counts, TASKS, ROUNDS);
        const solvedIn = (task: number, round: number): boolean =>
          all.some((each) => each.task === task && each.round === round && each.reward > 0);
        const tasks = Array.from({ length: TASKS }, (_, task) => task);
        for (let round = 0; round < ROUNDS; round++) {
          const before = (task: number): boolean => Array.from({ length: round }, (_, r) => r).some((r) => solvedIn(task, r));
          expect(found.newly[round]).toBe(tasks.filter((task) => solvedIn(task, round) && !before(task)).length);
          expect(found.solved[round]).toBe(tasks.filter((task) => solvedIn(task, round)).length);
          expect(found.tried[round]).toBe(tasks.filter((task) => all.some((each) => each.task === task && each.round === round)).length);
        }
        const known = (task: number): boolean => all.some((each) => each.task === task && each.round >= 0 && !Number.isNaN(each.reward));
        expect(found.all).toBe(tasks.filter(known).length);
        // Each solved task is newly solved once.
        expect(found.newly.reduce((a, b) => a + b, 0)).toBe(wholeBudget(counts, TASKS, ROUNDS).solved);
      }),
    );
  });

  it('against one round of as many are as all draws say', () => {
    fc.assert(
      fc.property(rollouts, (all) => {
        const counts = countRounds(inputOf(all));
        const rewards = (task: number, round: number): number[] =>
          all.filter((each) => each.task === task && each.round === round && !Number.isNaN(each.reward)).map(({ reward }) => reward);
        const solves = (taken: readonly number[]): boolean => taken.some((reward) => reward > 0);
        const share = (taken: readonly (readonly number[])[]): number => taken.filter(solves).length / taken.length;
        const found = equalBudgets(counts, TASKS, ROUNDS);
        for (let used = 2; used <= ROUNDS; used++)
          for (let each = 1; each <= 12; each++) {
            const lists = Array.from({ length: TASKS }, (_, task) => Array.from({ length: used }, (__, round) => rewards(task, round)));
            const told = lists.filter((of) => of.every((list) => list.length >= each) && (of[0]?.length ?? 0) >= used * each);
            const answer = found.find((budget) => budget.rounds === used && budget.each === each);
            if (told.length === 0) {
              expect(answer).toBeUndefined();
              continue;
            }
            // Every draw of every round with every draw of the others.
            const byRounds = told.map((of) =>
              share(
                of.reduce<number[][]>((drawn, list) => drawn.flatMap((one) => choices(list, each).map((more) => [...one, ...more])), [[]]),
              ),
            );
            const byOne = told.map((of) => share(choices(of[0] ?? [], used * each)));
            const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
            expect(answer?.tasks).toBe(told.length);
            expect(answer?.byRounds).toBeCloseTo(mean(byRounds), 10);
            expect(answer?.byOne).toBeCloseTo(mean(byOne), 10);
          }
      }),
      { numRuns: 60 },
    );
  });

  it('say that one round is unknown wherever the first has too few', () => {
    const list = [
      { task: 0, round: 0, reward: 0 },
      { task: 0, round: 1, reward: 1 },
      { task: 1, round: 0, reward: 1 },
      { task: 1, round: 0, reward: 0 },
    ];
    const counts = countRounds(inputOf(list));
    // Task 1 was over after its first round: one round of two is what happened. Task 0 had one more in a second round.
    expect(wholeBudget(counts, TASKS, ROUNDS)).toEqual({ tasks: 2, solved: 2, comparable: 1, byOne: 1, byRounds: 1 });
    expect(equalBudgets(counts, TASKS, ROUNDS)).toEqual([]);
  });
});
