/** What the selection of a rule prefers, at the budget in force and at others: against everything, and against selections by chance. */
import { CHANCES, costsOf } from '../../../core/emergence/by-chance.ts';
import { amongChances, drawChances, ratiosOf, type ChancesAt } from '../../../core/emergence/chances.ts';
import { measureEffects, type EffectsAt, type Explainable } from '../../../core/emergence/effects.ts';
import { lossOf } from '../../../core/emergence/loss-of.ts';
import {
  selectionColumns,
  SELECTION_FIGURES,
  sumGroups,
  turnsOnPaths,
  type Selected,
  type SelectionColumns,
  type SelectionGround,
} from '../../../core/emergence/selection.ts';
import { listTurns } from '../../../core/emergence/turn-list.ts';
import type { Budget } from '../../../core/model/rule.ts';
import { keepMask, cutAt } from '../../../core/prune/cut.ts';
import { strataOf } from '../../../core/statistics/strata.ts';
import {
  SELECTION_GROUPS,
  type EffectAnswer,
  type EmergenceQuestion,
  type SelectionAnswer,
  type SelectionAt,
} from '../../answers/emergence.ts';
import { BOOTSTRAP_SEED } from '../../answers/statistics.ts';
import { numbersOf } from '../../plots/column-plot.ts';
import type { PlotInput } from '../../plots/plot.ts';
import { applyBudget } from '../../ruling.ts';
import type { Keep, Ruling } from '../../ruled.ts';
import type { Steps } from './steps.ts';
import type { VersionsFound } from './versions.ts';

/** The figures of a selection that a change between versions is held against, and the figure by version that is the same of all. */
const EXPLAINED = [
  { figure: 'turns-trained', version: 'turns' },
  { figure: 'parallel-trained', version: 'parallel-turns' },
] as const;

/** Bits of rollouts that take part in draws, beside those of versions: with rewards known, and without. */
const SOLVED = 1 << 25;
const FAILED = 1 << 26;
const UNKNOWN = 1 << 27;

export interface SelectionsInput {
  readonly input: PlotInput;
  readonly ruling: Ruling;
  /** rollout -> 1 where the filter takes it */
  readonly taken: Uint8Array;
  readonly order: Int32Array;
  readonly question: EmergenceQuestion;
  readonly versions: VersionsFound | null;
  /** rollout -> bit per version; those of no version 0 */
  readonly versionBits: Int32Array;
}

/** Who counts, and in which groups. */
interface Groups {
  readonly bits: Int32Array<ArrayBuffer>;
  readonly draws: Int32Array<ArrayBuffer>;
  readonly members: Int32Array<ArrayBuffer>;
  readonly notLearning: number;
  readonly unknownReward: number;
}

export async function lookAtSelections(given: SelectionsInput, steps: Steps): Promise<SelectionAnswer> {
  const { ruling, question, versions, order, input } = given;
  const { forest } = ruling.problem;
  const { length } = input.rollouts;
  const reward = numbersOf(input.rollouts, 'reward') ?? new Float64Array(length).fill(Number.NaN);
  const turns = await steps.run('turns', listTurns(ruling.dataset.tokens.forest), 1);
  const learns = learners(ruling, length);
  const ground: SelectionGround = {
    forest,
    rollouts: length,
    turns,
    learns,
    turnCount: input.turns.turns,
    tokens: numbersOf(input.rollouts, 'tokens') ?? new Float64Array(length),
    reward,
    turnsTo: turnsOnPaths(ruling.dataset.tokens.forest),
  };
  const groups = groupsOf(given, learns, reward);
  const { members } = groups;
  const groupCount = SELECTION_GROUPS.length;
  const budgets = [question.budget, ...question.others];
  const kept = await steps.run('chance', keepAt(ruling, ground, budgets), budgets.length);
  const [keeps, rules] = [kept.map(({ keep }) => keep), kept.map(({ rule }) => rule)];
  const chances = await steps.run(
    'chance',
    drawChances({
      ground,
      problem: ruling.problem,
      budgets: keeps.map(({ cut, budget }) => ({ costs: costsOf(ruling.order, cut), train: budget.train })),
      seeds: question.seeds,
      members,
      groups: groups.bits,
      groupCount,
    }),
    question.seeds * CHANCES.length,
  );
  const explainable = EXPLAINED.flatMap(({ figure, version }): Explainable[] => {
    const change = versions?.changeOf(version) ?? null;
    return change === null ? [] : [{ figure, versions: change.of, told: change.estimate }];
  });
  const effects = await steps.run(
    'intervals',
    measureEffects({
      strata: strataOf(order, input.rollouts.task, groups.draws),
      rollouts: length,
      resamples: question.resamples,
      seed: BOOTSTRAP_SEED,
      groups: groups.bits,
      groupCount,
      all: selectionColumns(ground, everything(ruling)),
      budgets: rules.map((rule, b) => ({ rule, closed: pooled(chances, b, 'closed'), whole: pooled(chances, b, 'whole') })),
      first: versions === null ? null : SELECTION_GROUPS.indexOf('first'),
      explainable,
    }),
    question.resamples,
  );
  return {
    groups: SELECTION_GROUPS.map((group, g) => ({ group, rollouts: sizeOf(groups, g) })).filter(({ rollouts }) => rollouts > 0),
    unknownReward: groups.unknownReward,
    notLearning: groups.notLearning,
    seeds: question.seeds,
    versionsBy: versions?.changeOf('turns')?.by ?? null,
    budgets: keeps.map((keep, b) => selectionAt(ruling, keep, rules[b], effects[b], chances[b], groups)),
  };
}

/** What the rule selects, budget by budget. */
function* keepAt(
  ruling: Ruling,
  ground: SelectionGround,
  budgets: readonly Budget[],
): Generator<number, { readonly keep: Keep; readonly rule: SelectionColumns }[]> {
  const kept: { readonly keep: Keep; readonly rule: SelectionColumns }[] = [];
  for (const budget of budgets) {
    const keep = applyBudget(ruling, budget);
    yield kept.push({ keep, rule: selectionColumns(ground, selectedBy(ruling, keep)) });
  }
  return kept;
}

/** Rollouts of a group. */
function sizeOf({ bits, members }: Pick<Groups, 'bits' | 'members'>, group: number): number {
  return members.reduce((sum, r) => sum + (((bits[r] ?? 0) >> group) & 1), 0);
}

function pooled(chances: readonly ChancesAt[], b: number, by: (typeof CHANCES)[number]): SelectionColumns {
  const at = chances[b];
  if (at === undefined) throw new Error('expected draws at each budget');
  return at[by].pooled;
}

function selectionAt(
  ruling: Ruling,
  { budget, cut, train }: Keep,
  rule: SelectionColumns | undefined,
  effects: EffectsAt | undefined,
  chances: ChancesAt | undefined,
  groups: Groups,
): SelectionAt {
  if (rule === undefined || effects === undefined || chances === undefined) throw new Error('expected figures at each budget');
  const figures = ratiosOf(sumGroups(rule, groups.members, groups.bits, SELECTION_GROUPS.length, null));
  const rows = effects.effects.flatMap((effect, cell): EffectAnswer[] => {
    const group = Math.floor(cell / SELECTION_FIGURES.length);
    if (sizeOf(groups, group) === 0) return [];
    const among = (by: (typeof CHANCES)[number]) =>
      amongChances(
        figures[cell] ?? Number.NaN,
        chances[by].values.map((values) => values[cell] ?? Number.NaN),
      );
    return [
      {
        ...effect,
        group: SELECTION_GROUPS[group] ?? 'all',
        figure: SELECTION_FIGURES[cell % SELECTION_FIGURES.length] ?? 'turns-trained',
        among: { closed: among('closed'), whole: among('whole') },
      },
    ];
  });
  return {
    budget,
    used: shareOf(ruling, cut.cost),
    usedByChance: { closed: shareOf(ruling, chances.closed.cost), whole: shareOf(ruling, chances.whole.cost) },
    trained: train.tokens,
    effects: rows,
    explained: effects.explained,
  };
}

/** Of the cost of all. */
function shareOf({ order: { totalCost } }: Ruling, cost: number): number {
  return totalCost > 0 ? cost / totalCost : 1;
}

function selectedBy({ problem: { forest }, order }: Ruling, { cut, train }: Keep): Selected {
  return { kept: keepMask(forest, order, cut), loss: lossOf(forest, train) };
}

/** Nothing cut, and loss on every sampled token. */
function everything({ problem: { forest }, order }: Ruling): Selected {
  const kept = keepMask(forest, order, cutAt(order, 1));
  const loss = Float64Array.from(kept, (is, n) =>
    is === 1 && (forest.sampledCount[n] ?? 0) > 0 ? (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0) : 0,
  );
  return { kept, loss };
}

/** rollout -> 1: one of its trajectories may carry loss */
function learners({ problem: { forest } }: Ruling, rollouts: number): Uint8Array {
  const { rollout, length, excluded, learners: may } = forest.trajectories;
  const learns = new Uint8Array(rollouts);
  for (let t = 0; t < length; t++) if (excluded?.[t] !== 1 && may?.[t] !== 0) learns[rollout[t] ?? 0] = 1;
  return learns;
}

function groupsOf({ taken, versions, versionBits, order }: SelectionsInput, learns: Uint8Array, reward: Float64Array): Groups {
  const { length } = taken;
  const bits = new Int32Array(length);
  const draws = new Int32Array(length);
  let notLearning = 0;
  let unknownReward = 0;
  for (let r = 0; r < length; r++) {
    const version = versionBits[r] ?? 0;
    // Whoever has a version takes part in draws, so that the change between versions is drawn with the selection.
    draws[r] = version;
    if (taken[r] !== 1) continue;
    const value = reward[r] ?? Number.NaN;
    draws[r] = version | (Number.isNaN(value) ? UNKNOWN : value > 0 ? SOLVED : FAILED);
    if (learns[r] !== 1) {
      notLearning++;
      continue;
    }
    if (Number.isNaN(value)) unknownReward++;
    const isFirst = versions !== null && ((version >> versions.answer.from) & 1) === 1;
    bits[r] = 1 | (value > 0 ? 2 : 0) | (value <= 0 ? 4 : 0) | (isFirst ? 8 : 0);
  }
  return { bits, draws, members: order.filter((r) => (bits[r] ?? 0) !== 0), notLearning, unknownReward };
}
