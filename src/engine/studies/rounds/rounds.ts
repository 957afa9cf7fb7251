/** Answers what rounds of rollouts gained, with intervals. */
import { NONE } from '../../../core/model/kinds.ts';
import { equalBudgets, wholeBudget } from '../../../core/rounds/equal-budget.ts';
import { countRounds, roundTasks, type RoundCounts, type RoundTasks } from '../../../core/rounds/rounds.ts';
import { bootstrap, type BootstrapAnswer, type TaskSums } from '../../../core/statistics/bootstrap.ts';
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { strataOf } from '../../../core/statistics/strata.ts';
import { forestOrder } from '../../../core/statistics/turn-table.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';
import type { BudgetAnswer, Estimate, RoundAnswer, RoundsAnswer, RoundsQuestion } from '../../answers/rounds.ts';
import { BOOTSTRAP_SEED } from '../../answers/statistics.ts';
import type { Dataset } from '../../dataset.ts';
import { chosenRounds, findRounds, MOST_PAIRS } from './find-rounds.ts';

/** Draws of the bootstrap. */
const ROUND_DRAWS = 1000;
/** Rounds that have intervals: a set of rounds is held in the bits of a number. */
const MOST_DRAWN = 30;

const NO_WHOLE = { tasks: 0, solved: 0, comparable: 0, byOne: Number.NaN, byRounds: Number.NaN };

/** @param pause awaited between draws: gives way, and rejects where nobody waits any more */
export async function roundsOf(
  dataset: Dataset,
  rollouts: RolloutsAnswer,
  question: RoundsQuestion,
  pause: () => Promise<void>,
): Promise<RoundsAnswer> {
  const found = findRounds(rollouts);
  const sources = found.map(({ id, label, rounds, rollouts: of, tasks, isTaken }) => ({ id, label, rounds, rollouts: of, tasks, isTaken }));
  const chosen = chosenRounds(found, question.by);
  const none = { sources, by: null, rounds: [], tasks: 0, without: rollouts.length, unknown: 0, whole: NO_WHOLE, budgets: [], ofTasks: [] };
  if (chosen === null) return { ...none, resamples: 0, drawnRounds: 0 };
  const { names, round } = chosen;
  const { task, taskCount, length } = rollouts;
  if (names.length * taskCount > MOST_PAIRS)
    throw new Error(
      `expected at most ${Math.floor(MOST_PAIRS / taskCount)} rounds of ${taskCount} tasks, found ${names.length} in ${chosen.id}`,
    );
  const [reward, sampled] = ['reward', 'sampled'].map((id) => numbersOf(rollouts, id));
  const input = { rounds: names.length, tasks: taskCount, round, task, reward: reward ?? new Float64Array(length).fill(Number.NaN) };
  const counts = countRounds(input);
  const tasks = roundTasks(counts, taskCount, names.length);
  const budgets = equalBudgets(counts, taskCount, names.length);
  const drawnRounds = Math.min(MOST_DRAWN, names.length);
  const ratios = [denseRatios(input.reward, null), denseRatios(sampled ?? new Float64Array(length), null)];
  const wholes = [
    gainSums(tasks, taskCount, names.length, drawnRounds),
    ...budgets.map(({ ofTask }) => differenceSums(ofTask, taskCount, drawnRounds)),
  ];
  const sets = round.map((own) => (own === NONE || own >= drawnRounds ? 0 : 1 << own));
  const strata = strataOf(forestOrder(dataset.tokens.forest, length), task, sets);
  const plan = { strata, task, sets, setCount: drawnRounds, base: 0, resamples: ROUND_DRAWS, seed: BOOTSTRAP_SEED };
  const steps = bootstrap(plan, ratios, wholes);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await pause();
  const [ofReward, ofSampled, ofGain, ...ofBudgets] = step.value;
  const members = round.reduce((sum, own) => sum + Number(own !== NONE), 0);
  const knownAll = counts.known.reduce((sum, each) => sum + each, 0);
  return {
    sources,
    by: chosen.id,
    rounds: names.map((name, r) =>
      roundAnswer(name, r, { tasks, round, reward: input.reward, sampled, intervals: [ofReward, ofSampled, ofGain] }),
    ),
    tasks: tasks.all,
    without: length - members,
    unknown: members - knownAll,
    whole: wholeBudget(counts, taskCount, names.length),
    budgets: budgets.map(({ rounds: used, each, tasks: of, byRounds, byOne }, i): BudgetAnswer => ({
      rounds: used,
      each,
      tasks: of,
      byRounds,
      byOne,
      difference: estimate(lessOf(byRounds, byOne), ofBudgets[i], 0),
    })),
    ofTasks: tasksWithRounds(dataset, counts, names.length),
    resamples: ROUND_DRAWS,
    drawnRounds,
  };
}

function numbersOf({ columns }: RolloutsAnswer, id: string): Float64Array | undefined {
  const column = columns.find((each) => each.id === id);
  return column?.type === 'number' ? column.values : undefined;
}

interface RoundFigures {
  readonly tasks: RoundTasks;
  readonly round: Int32Array;
  readonly reward: Float64Array;
  readonly sampled: Float64Array | undefined;
  readonly intervals: readonly (BootstrapAnswer | undefined)[];
}

function roundAnswer(name: string, r: number, { tasks, round, reward, sampled, intervals }: RoundFigures): RoundAnswer {
  const sums = { rollouts: 0, known: 0, reward: 0, sampled: 0 };
  for (let i = 0; i < round.length; i++) {
    if (round[i] !== r) continue;
    sums.rollouts++;
    sums.sampled += sampled?.[i] ?? 0;
    if (Number.isNaN(reward[i] ?? Number.NaN)) continue;
    sums.known++;
    sums.reward += reward[i] ?? 0;
  }
  const [ofReward, ofSampled, ofGain] = intervals;
  const newly = tasks.newly[r] ?? 0;
  return {
    name,
    rollouts: sums.rollouts,
    known: sums.known,
    tasks: tasks.tried[r] ?? 0,
    knownTasks: tasks.known[r] ?? 0,
    solvedTasks: tasks.solved[r] ?? 0,
    newly,
    soFar: tasks.newly.slice(0, r + 1).reduce((sum, each) => sum + each, 0),
    gain: estimate(newly / tasks.all, ofGain, r),
    reward: estimate(sums.reward / sums.known, ofReward, r),
    sampled: sums.sampled,
    sampledEach: estimate(sums.sampled / sums.rollouts, ofSampled, r),
  };
}

/** Sums of chances that are equal may differ in their last bits, and no figure is a −0. */
function lessOf(a: number, b: number): number {
  return Math.abs(a - b) < 1e-12 ? 0 : a - b;
}

/** @param set as it was drawn; none beyond those */
function estimate(value: number, drawn: BootstrapAnswer | undefined, set: number): Estimate {
  return { value, low: drawn?.value.low[set] ?? Number.NaN, high: drawn?.value.high[set] ?? Number.NaN };
}

const ratio = (top: number, below: number): number => top / below;

/** Newly solved tasks by round, over tasks that count. */
function gainSums({ isNew, counts }: RoundTasks, tasks: number, rounds: number, drawn: number): TaskSums {
  const top = new Float64Array(tasks * drawn);
  const below = new Float64Array(tasks * drawn);
  for (let t = 0; t < tasks; t++)
    for (let r = 0; r < drawn; r++) {
      top[t * drawn + r] = isNew[t * rounds + r] ?? 0;
      below[t * drawn + r] = counts[t] ?? 0;
    }
  return { top, below, number: ratio };
}

/** Rounds less one round, over tasks that tell both; in the place of the first set. */
function differenceSums(
  { byRounds, byOne }: { readonly byRounds: Float64Array; readonly byOne: Float64Array },
  tasks: number,
  drawn: number,
): TaskSums {
  const top = new Float64Array(tasks * drawn);
  const below = new Float64Array(tasks * drawn);
  for (let t = 0; t < tasks; t++) {
    const difference = (byRounds[t] ?? Number.NaN) - (byOne[t] ?? Number.NaN);
    if (Number.isNaN(difference)) continue;
    top[t * drawn] = difference;
    below[t * drawn] = 1;
  }
  return { top, below, number: ratio };
}

function tasksWithRounds({ tokens }: Dataset, { rollouts, known, solved }: RoundCounts, rounds: number): RoundsAnswer['ofTasks'] {
  const of = (column: Int32Array, row: number): number[] => [...column.subarray(row * rounds, (row + 1) * rounds)];
  return tokens.tasks.flatMap(({ label }, row) => {
    const own = of(rollouts, row);
    return own.every((count) => count === 0) ? [] : [{ label, row, rollouts: own, known: of(known, row), solved: of(solved, row) }];
  });
}
