/** Emergence of a session: versions against the statistics and against the records, selections against what is known of each rollout. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../../../src/core/model/rule.ts';
import type { Estimate } from '../../../../src/core/statistics/draws.ts';
import { PRESETS, presetRule } from '../../../../src/core/rule/presets.ts';
import type { EffectAnswer, EmergenceAnswer, EmergenceQuestion, SelectionGroup } from '../../../../src/engine/answers/emergence.ts';
import type { SelectionFigure } from '../../../../src/core/emergence/selection.ts';
import { budgetsAt } from '../../../../src/engine/studies/emergence/budgets.ts';
import { emergenceCsv } from '../../../../src/engine/studies/emergence/rows.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { effectOf, HYPOTHESES, verdictOf } from '../../../../src/engine/words/emergence.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

interface Made {
  readonly task: string;
  readonly step?: number | string;
  readonly reward?: number;
  /** Calls of each turn. */
  readonly turns: readonly number[];
}

function recordOf({ task, step, reward, turns }: Made, i: number): string {
  let calls = 0;
  const messages: object[] = [{ role: 'user', content: `Solve ${task}.` }];
  for (const [t, count] of turns.entries()) {
    const ids = Array.from({ length: count }, () => `c${++calls}`);
    const name = t % 2 === 0 ? 'read' : 'edit';
    const made = ids.map((id) => ({ id, type: 'function', function: { name, arguments: `{"n":"${id}"}` } }));
    messages.push({ role: 'assistant', content: `${i} is the rollout of turn ${t}.`, ...(count > 0 ? { tool_calls: made } : {}) });
    for (const id of ids) messages.push({ role: 'tool', tool_call_id: id, content: 'done' });
  }
  const known = { ...(reward === undefined ? {} : { reward }), ...(step === undefined ? {} : { step }) };
  return `${JSON.stringify({ id: `r${i}`, task_id: task, messages, ...known })}\n`;
}

const fileOf = (made: readonly Made[]) => [inputFile('log.jsonl', made.map(recordOf).join(''))];
/** The bundled sample, opened once. */
const sample = openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
const ALL: Budget = { cut: 1, train: 1 };

async function asked(
  session: Session,
  rule: Partial<PruneRule> = {},
  question: Partial<EmergenceQuestion> = {},
): Promise<EmergenceAnswer & { readonly orderId: number }> {
  const { orderId } = session.order({ ...DEFAULT_RULE, ...rule });
  const complete = { where: '', split: null, to: null, orderId, budget: ALL, others: [], seeds: 19, resamples: 200, ...question };
  const answer = await session.emergence(complete, () => undefined);
  if (!answer.ok) throw new Error(answer.fault);
  return { ...answer, orderId };
}

function effect({ selection }: EmergenceAnswer, group: SelectionGroup, figure: SelectionFigure): EffectAnswer {
  const found = selection.budgets[0] && effectOf(selection.budgets[0], group, figure);
  if (found === undefined) throw new Error(`expected ${figure} of ${group}`);
  return found;
}

const estimateAt = (value: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>, at: number): Estimate => ({
  value: value[at] ?? Number.NaN,
  low: low[at] ?? Number.NaN,
  high: high[at] ?? Number.NaN,
});

describe('versions', () => {
  it('have the numbers and the very intervals of the statistics', async () => {
    const { session } = await sample;
    const { versions } = await asked(session, {}, { resamples: 300, seeds: 2 });
    const statistics = await session.statistics(
      { where: '', split: { by: 'policy', base: null }, resamples: 300, cut: null },
      () => undefined,
    );
    if (!statistics.ok || versions === null) throw new Error('expected versions');
    expect(versions.sets.map(({ name, rollouts, tasks, version }) => [name, rollouts, tasks, version])).toEqual([
      ['40', 56, 8, 40],
      ['40-41', 8, 8, 40.5],
      ['41', 64, 8, 41],
    ]);
    expect(statistics.sets.map(({ name }) => name)).toEqual(['40', '40-41', '41']);
    let compared = 0;
    for (const figure of versions.figures) {
      const plot = statistics.plots.find(({ id }) => id === figure.id);
      if (plot === undefined) continue;
      compared++;
      for (const [set, { value, low, high, count }] of figure.sets.entries()) {
        expect({ value, low, high }).toEqual(estimateAt(plot.value, plot.interval!.low, plot.interval!.high, set));
        expect(count).toBe(plot.count[set]);
      }
      const { low, high } = figure.difference;
      expect([low, high]).toEqual([plot.difference!.low[2], plot.difference!.high[2]]);
      expect([figure.change.low, figure.change.high]).toEqual([plot.change!.low[2], plot.change!.high[2]]);
    }
    expect(compared).toBe(10);
  });

  const LOG: readonly Made[] = [
    { task: 'one', step: 9, reward: 1, turns: [2, 0] },
    { task: 'one', step: 9, reward: 0, turns: [1, 1, 1, 0] },
    { task: 'one', step: 10, reward: 1, turns: [3, 0] },
    { task: 'two', step: 9, reward: 0, turns: [1, 1, 0] },
    { task: 'two', step: 10, reward: 1, turns: [2, 2, 0] },
    { task: 'two', step: 10, turns: [1] },
    { task: 'three', step: 10, reward: 0, turns: [0] },
  ];

  it('have the numbers of the records, in the order of versions, and of the tasks that both have', async () => {
    const { session } = await openSession(fileOf(LOG));
    const { versions } = await asked(session);
    const of = (id: string) => versions?.figures.find((figure) => figure.id === id);
    const values = (id: string): readonly number[] => of(id)?.sets.map(({ value }) => value) ?? [];
    expect(versions?.sets.map(({ name }) => name)).toEqual(['9', '10']);
    expect(versions?.commonTasks).toBe(2);
    expect(values('turns')).toEqual([3, 7 / 4]);
    // Of version 9 task one has 3 and task two 3; of version 10 one has 2, two 2, three 1.
    expect(values('turns-by-task').map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, Math.round((5 / 3) * 1e9) / 1e9]);
    expect(of('turns')?.paired).toMatchObject({ from: 3, to: 2, difference: { value: -1 } });
    expect(values('calls-per-turn')).toEqual([7 / 9, 8 / 7]);
    expect(values('parallel-calls')).toEqual([7 / 6, 8 / 4]);
    expect(values('parallel-turns')).toEqual([1 / 9, 3 / 7]);
    expect(values('reward')).toEqual([1 / 3, 2 / 3]);
    expect(values('solved')).toEqual([1 / 3, 2 / 3]);
    expect(of('turns')?.slope?.value).toBeCloseTo(7 / 4 - 3, 12);
    // Reads are calls of even turns: 2 + 2 + 1 of 7, and 3 + 2 + 1 of 8.
    expect([...(versions?.mix?.shares ?? [])]).toEqual([2 / 7, 5 / 7, 2 / 8, 6 / 8]);
    expect(versions?.mix?.distance[1]?.value).toBeCloseTo(Math.abs(2 / 7 - 2 / 8), 12);
  });

  it('are put into runs of neighbours where there are many, by their numbers', async () => {
    const made = Array.from({ length: 60 }, (_, i): Made => ({ task: `t${i % 2}`, step: 59 - i, turns: [0] }));
    const { session } = await openSession(fileOf(made));
    const { versions } = await asked(session, {}, { resamples: 2, seeds: 2 });
    expect(versions?.sets).toHaveLength(12);
    expect(versions?.sets[0]).toMatchObject({ name: '0 to 4', rollouts: 5, version: 2, term: null });
    expect(versions?.sets.reduce((sum, { rollouts }) => sum + rollouts, 0)).toBe(60);
    expect(versions?.sets.map(({ version }) => version)).toEqual(
      [...(versions?.sets ?? [])].map(({ version }) => version).toSorted((a, b) => a! - b!),
    );
  });

  it('without numbers are told apart by file, and without any difference not at all', async () => {
    const plain = LOG.map(({ task, turns }): Made => ({ task, turns }));
    const one = await openSession(fileOf(plain));
    expect((await asked(one.session)).versions).toBeNull();
    const two = await openSession([
      inputFile('b.jsonl', plain.slice(0, 3).map(recordOf).join('')),
      inputFile('a.jsonl', plain.slice(3).map(recordOf).join('')),
    ]);
    const { versions } = await asked(two.session);
    expect(versions).toMatchObject({ by: 'file', commonTasks: 0 });
    expect(versions?.sets.map(({ name, version }) => [name, version])).toEqual([
      ['a.jsonl', null],
      ['b.jsonl', null],
    ]);
    expect(versions?.figures[0]?.slope).toBeNull();
    expect(versions?.figures[0]?.paired.difference.value).toBeNaN();
  });

  it('may be two filters, or a column; what is neither is refused', async () => {
    const { session } = await openSession(fileOf(LOG));
    const { versions } = await asked(session, {}, { split: { a: 'reward>0', b: 'turns<=4' } });
    expect(versions?.by).toBe('filters');
    expect(versions?.sets.map(({ rollouts }) => rollouts)).toEqual([3, 7]);
    expect(versions?.figures[0]?.sets.map(({ value }) => value)).toEqual([7 / 3, 16 / 7]);
    const backwards = await asked(session, {}, { split: { by: 'policy', base: '10' } });
    expect([backwards.versions?.from, backwards.versions?.to]).toEqual([1, 0]);
    const { orderId } = session.order(DEFAULT_RULE);
    const question = { where: '', split: { by: 'moon', base: null }, to: null, orderId, budget: ALL, others: [], seeds: 2, resamples: 2 };
    const refused = await session.emergence(question, () => undefined);
    expect(refused).toMatchObject({ ok: false, fault: expect.stringContaining('nothing to part by moon') });
  });
});

describe('a selection', () => {
  it('that keeps and trains everything changes nothing, and explains 0', async () => {
    const { session } = await sample;
    const { selection } = await asked(session, presetRule(PRESETS[1]), { budget: ALL });
    const [at] = selection.budgets;
    expect(at?.used).toBe(1);
    for (const { difference, rule, all } of at?.effects ?? []) {
      expect(rule.value).toBe(all);
      if (!Number.isNaN(all)) expect(difference.value).toBe(0);
    }
    expect(at?.explained.map(({ against, share }) => [against, share])).toEqual(
      ['everything', 'closed', 'everything', 'closed'].map((against) => [against, { value: 0, low: 0, high: 0 }]),
    );
  });

  it.each([
    ['the default rule', {}, { cut: 0.3, train: 1 }],
    ['whole branches', presetRule(PRESETS[1]), { cut: 0.3, train: 1 }],
    ['a share of training', { trainProtect: {} }, { cut: 1, train: 0.3 }],
    ['successes alone', { outcome: 'successes' }, { cut: 0.4, train: 0.5 }],
    ['a budget of each task', { scope: 'task' }, { cut: 0.3, train: 1 }],
  ] satisfies [string, Partial<PruneRule>, Budget][])(
    'has the figures of loops over the rollouts: %s',
    async (_, rule: Partial<PruneRule>, budget: Budget) => {
      const { session } = await sample;
      const answer = await asked(session, rule, { budget, resamples: 2, seeds: 2 });
      const table = session.rollouts();
      const column = (id: string): Float64Array => {
        const found = table.columns.find((one) => one.id === id);
        if (found?.type !== 'number') throw new Error(`expected a column ${id}`);
        return found.values;
      };
      const [turns, tokens, reward, sampled] = ['turns', 'tokens', 'reward', 'sampled'].map(column);
      const { kept, trained } = session.rolloutFigures(answer.orderId, budget);
      const groups: readonly [SelectionGroup, (r: number) => boolean][] = [
        ['all', () => true],
        ['solved', (r) => reward![r]! > 0],
        ['failed', (r) => reward![r]! <= 0],
      ];
      for (const [group, isIn] of groups) {
        const own = [...kept.keys()].filter((r) => isIn(r) && (rule.outcome !== 'successes' || reward![r]! > 0));
        expect(answer.selection.groups.find((one) => one.group === group)?.rollouts ?? 0).toBe(own.length);
        if (own.length === 0) continue;
        const mean = (values: Float64Array, weights: readonly number[]): number => {
          const known = own.map((r, i) => [values[r]!, weights[i]!] as const).filter(([value]) => !Number.isNaN(value));
          return known.reduce((sum, [value, w]) => sum + value * w, 0) / known.reduce((sum, [, w]) => sum + w, 0);
        };
        const weights = own.map((r) => trained[r]! / sampled![r]!);
        expect(effect(answer, group, 'turns-trained').rule.value).toBeCloseTo(mean(turns!, weights), 9);
        expect(effect(answer, group, 'tokens-trained').rule.value).toBeCloseTo(mean(tokens!, weights), 6);
        expect(effect(answer, group, 'reward-trained').rule.value).toBeCloseTo(mean(reward!, weights), 9);
        const whole = own.map((r) => (kept[r] === 1 ? 1 : 0));
        if (whole.some((is) => is === 1)) expect(effect(answer, group, 'turns-whole').rule.value).toBeCloseTo(mean(turns!, whole), 9);
        const every = own.map(() => 1);
        expect(effect(answer, group, 'turns-trained').all).toBeCloseTo(mean(turns!, every), 9);
      }
    },
  );

  it('that lets successes alone train, and cuts nothing of them, is what chance selects of them too', async () => {
    const { session } = await sample;
    const { selection } = await asked(session, { outcome: 'successes' }, { budget: ALL, seeds: 5, resamples: 2 });
    const [at] = selection.budgets;
    expect(at?.used).toBeLessThan(1);
    // The rule keeps a little that only failures pass, up to the last group that is of use.
    const { closed, whole } = at?.usedByChance ?? { closed: 0, whole: 1 };
    expect(closed).toBe(whole);
    expect(closed).toBeLessThanOrEqual(at?.used ?? 0);
    expect(closed).toBeGreaterThan((at?.used ?? 1) - 0.01);
    expect(new Set(at?.effects.flatMap(({ among }) => [among.closed.told, among.whole.told]))).toEqual(new Set(['within']));
  });

  const SHORT = (task: string, reward: number, step = 1): Made => ({ task, reward, step, turns: [2, 2, 0] });
  const LONG = (task: string, reward: number, step = 1): Made => ({ task, reward, step, turns: [1, 1, 1, 1, 1, 1, 0] });
  const TASKS = ['a', 'b', 'c', 'd'];
  const BEST: Partial<PruneRule> = { strategy: 'best-rollouts', protect: {} };
  const verdicts = (answer: EmergenceAnswer, group: SelectionGroup): readonly string[] =>
    HYPOTHESES.map((hypothesis) => verdictOf(hypothesis, effect(answer, group, hypothesis.figure), 'whole'));

  it('that must prefer short paths with parallel calls does, also among the solved; so does one that must not', async () => {
    const better = (best: typeof SHORT, other: typeof SHORT) =>
      TASKS.flatMap((task) => [0, 1, 2].flatMap(() => [best(task, 1), other(task, 0.5)]));
    const short = await openSession(fileOf(better(SHORT, LONG)));
    const shorter = await asked(short.session, BEST, { budget: { cut: 0.25, train: 1 } });
    expect(effect(shorter, 'all', 'turns-trained').difference.value).toBeLessThan(0);
    expect(effect(shorter, 'all', 'turns-trained').rule.value).toBe(3);
    expect(effect(shorter, 'all', 'parallel-trained').difference.value).toBeGreaterThan(0);
    expect(verdicts(shorter, 'all')).toEqual(['yes', 'yes']);
    expect(verdicts(shorter, 'solved')).toEqual(['yes', 'yes']);
    const long = await openSession(fileOf(better(LONG, SHORT)));
    const longer = await asked(long.session, BEST, { budget: { cut: 0.4, train: 1 } });
    expect(verdicts(longer, 'all')).toEqual(['no, the opposite', 'no, the opposite']);
  });

  it('that takes successes, which are shorter, prefers nothing among them', async () => {
    const made = TASKS.flatMap((task) => [0, 1, 2].flatMap(() => [SHORT(task, 1), LONG(task, 0)]));
    const { session } = await openSession(fileOf(made));
    const answer = await asked(session, BEST, { budget: { cut: 0.25, train: 1 } });
    expect(verdicts(answer, 'all')).toEqual(['yes', 'yes']);
    expect(verdicts(answer, 'solved')).toEqual(['not told apart from chance', 'not told apart from chance']);
    expect(verdicts(answer, 'failed')).toEqual(['not known', 'not known']);
  });

  it('explains the share of a change that both are told apart from chance of', async () => {
    // Version 1: half short, half long; version 2: short alone. The selection of version 1 keeps the short.
    const made = TASKS.flatMap((task) => [0, 1, 2, 3].flatMap(() => [SHORT(task, 1), LONG(task, 0.5), SHORT(task, 0.2, 2)]));
    const { session } = await openSession(fileOf(made));
    const answer = await asked(session, BEST, { budget: { cut: 0.2, train: 1 } });
    const [turns, beyond, parallel] = answer.selection.budgets[0]?.explained ?? [];
    expect(answer.selection.versionsBy).toBe('common tasks');
    expect(turns).toMatchObject({ figure: 'turns-trained', selection: { value: -2 }, versions: { value: -2 }, why: null });
    expect(turns?.share?.value).toBeCloseTo(1, 9);
    expect(parallel?.share?.value).toBeGreaterThan(0);
    // Of what chance leaves: a cut by chance shortens too.
    const chance = effect(answer, 'first', 'turns-trained').over.closed.value;
    expect(beyond).toMatchObject({ figure: 'turns-trained', against: 'closed', selection: { value: chance } });
    expect(beyond?.share?.value).toBeCloseTo(chance / -2, 9);
    expect(beyond?.share?.value).toBeLessThan(1);
    const same = made.map((one) => ({ ...one, step: one.step === 1 ? 1 : 2, turns: SHORT('', 0).turns }));
    const none = await openSession(fileOf(same));
    const [unexplained] = (await asked(none.session, BEST, { budget: { cut: 0.2, train: 1 } })).selection.budgets[0]?.explained ?? [];
    expect(unexplained?.share?.value ?? null).toBe(0);
  });

  it('is the same whatever the order of files and lines, to the last digit', async () => {
    const made = TASKS.flatMap((task) => [0, 1, 2].flatMap((i) => [SHORT(task, 1, i), LONG(task, i / 2, i)]));
    const lines = made.map(recordOf);
    const files = (parts: readonly (readonly string[])[]) => parts.map((part, i) => inputFile(`${'ab'.charAt(i)}.jsonl`, part.join('')));
    const csv = async (parts: ReturnType<typeof files>): Promise<string> => {
      const { session } = await openSession(parts);
      return emergenceCsv(await asked(session, {}, { budget: { cut: 0.3, train: 0.5 }, resamples: 20, seeds: 3 }));
    };
    const plain = await csv(files([lines.slice(0, 9), lines.slice(9)]));
    const turned = await csv(files([lines.slice(0, 9).toReversed(), lines.slice(9).toReversed()]).toReversed());
    expect(turned).toBe(plain);
    expect(plain.split('\n').length).toBeGreaterThan(200);
  });

  it('counts whom it leaves out', async () => {
    const { session } = await openSession(fileOf([SHORT('a', 1), LONG('a', 0), { task: 'a', turns: [0, 0] }]));
    const { selection, rollouts } = await asked(session, { outcome: 'successes' }, { where: 'turns>=2' });
    expect(rollouts).toEqual({ here: 3, of: 3 });
    expect(selection).toMatchObject({ notLearning: 2, unknownReward: 0 });
    expect(selection.groups).toEqual([
      { group: 'all', rollouts: 1 },
      { group: 'solved', rollouts: 1 },
    ]);
    expect((await asked(session)).selection).toMatchObject({ notLearning: 0, unknownReward: 1 });
  });
});

it('looks at other budgets of the target in force', () => {
  expect(budgetsAt({ cut: 0.3, train: 1 }, [0.5, 0.1, 0.3, 0.1])).toEqual([
    { cut: 0.1, train: 1 },
    { cut: 0.5, train: 1 },
  ]);
  expect(budgetsAt({ cut: 1, train: 0.5 }, [0.2])).toEqual([{ cut: 1, train: 0.2 }]);
});

it('ends when it is told to', async () => {
  const { session } = await sample;
  const answer = asked(session, {}, { resamples: 100_000 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  session.stopStudy('emergence');
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
});
