/** Statistics of a session: exact numbers of a log that can be counted by hand, and the same ones in whatever order files come. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StatisticsAnswer, StatisticsQuestion } from '../../../../src/engine/answers/statistics.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { plotRows, statisticsCsv } from '../../../../src/engine/plots/rows.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

interface Made {
  readonly id: string;
  readonly task: string;
  readonly reward?: number;
  readonly step?: number;
  /** Calls of each turn, as tools; `!` marks one whose result is an error. */
  readonly turns: readonly (readonly string[])[];
}

const call = (name: string, i: number) => ({ id: `c${i}`, type: 'function', function: { name, arguments: `{"i":${i}}` } });

function recordOf({ id, task, reward, step, turns }: Made): string {
  let calls = 0;
  const messages: object[] = [{ role: 'user', content: `Solve ${task}.` }];
  for (const [i, tools] of turns.entries()) {
    const made = tools.map((tool) => ({ tool: tool.replace('!', ''), isError: tool.endsWith('!'), number: ++calls }));
    messages.push({
      role: 'assistant',
      content: `Turn ${i} of ${id}.`,
      ...(made.length > 0 ? { tool_calls: made.map(({ tool, number }) => call(tool, number)) } : {}),
    });
    for (const { tool, isError, number } of made)
      messages.push({ role: 'tool', tool_call_id: `c${number}`, name: tool, content: 'out', ...(isError ? { is_error: true } : {}) });
  }
  return JSON.stringify({
    id,
    task_id: task,
    messages,
    ...(reward === undefined ? {} : { reward }),
    ...(step === undefined ? {} : { step }),
  });
}

const LOG: readonly Made[] = [
  { id: 'a', task: 'one', reward: 1, step: 9, turns: [['bash', 'read'], []] },
  { id: 'b', task: 'one', reward: 0, step: 10, turns: [['bash!'], ['bash'], ['read'], []] },
  { id: 'c', task: 'two', reward: 1, step: 9, turns: [[]] },
  { id: 'd', task: 'two', step: 10, turns: [['bash'], []] },
];

const ask = (question: Partial<StatisticsQuestion>): StatisticsQuestion => ({
  where: '',
  split: null,
  resamples: 0,
  cut: null,
  ...question,
});
const linesOf = (made: readonly Made[]): string => made.map((one) => `${recordOf(one)}\n`).join('');

async function answerOf(question: Partial<StatisticsQuestion>, files = [inputFile('a.jsonl', linesOf(LOG))]): Promise<StatisticsAnswer> {
  const { session } = await openSession(files);
  return told(session, question);
}

async function told(session: Session, question: Partial<StatisticsQuestion>): Promise<StatisticsAnswer> {
  const answer = await session.statistics(ask(question), () => undefined);
  if (!answer.ok) throw new Error(answer.fault);
  return answer;
}

function values(answer: StatisticsAnswer, id: string): readonly number[] {
  return Array.from(answer.plots.find((plot) => plot.id === id)?.value ?? []);
}

describe('one set', () => {
  it('has the numbers of the log', async () => {
    const answer = await answerOf({});
    expect(answer.sets).toEqual([{ name: 'all', term: null, rollouts: 4, tasks: 2 }]);
    expect(values(answer, 'turns')).toEqual([9 / 4]);
    expect(values(answer, 'parallel-calls')).toEqual([6 / 5]);
    expect(values(answer, 'tool-errors')).toEqual([1 / 6]);
    expect(values(answer, 'solved')).toEqual([2 / 3]);
    expect(values(answer, 'reward')).toEqual([2 / 3]);
    const mix = answer.plots.find(({ id }) => id === 'tool-mix');
    expect(mix?.cells).toEqual([
      { label: 'bash', term: 'tool:bash' },
      { label: 'read', term: 'tool:read' },
    ]);
    expect([...(mix?.value ?? [])]).toEqual([4 / 6, 2 / 6]);
    expect(values(answer, 'calls-in-turn')).toEqual([4 / 9, 4 / 9, 1 / 9]);
    expect(values(answer, 'errors-by-tool')).toEqual([1 / 4, 0]);
    const turns = answer.plots.find(({ id }) => id === 'turns')?.histogram;
    expect([...(turns?.edges ?? [])]).toEqual([1, 2, 3, 4, 5]);
    expect([...(turns?.counts ?? [])]).toEqual([1, 2, 0, 1]);
    expect(turns?.terms[1]).toBe('turns>=2 turns<3');
    expect(turns?.spread).toEqual([{ known: 4, least: 1, lower: 1.75, median: 2, upper: 2.5, largest: 4 }]);
  });

  it('shares what the forest shares', async () => {
    const { session, facts } = await openSession([inputFile('a.jsonl', linesOf(LOG))]);
    const answer = await told(session, {});
    expect(values(answer, 'sharing')).toEqual([facts.tokens.por]);
  });

  it('has an interval of sharing from whole tasks, which contains it, and none of one task', async () => {
    const tasks = await answerOf({ resamples: 200 }, [inputFile('a.jsonl', readFileSync('public/samples/orchard-chat.jsonl'))]);
    const sharing = tasks.plots.find(({ id }) => id === 'sharing');
    const [low, high] = [sharing?.interval?.low[0] ?? Number.NaN, sharing?.interval?.high[0] ?? Number.NaN];
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(sharing?.value[0] ?? 0);
    expect(high).toBeGreaterThan(sharing?.value[0] ?? 1);
    const one = await answerOf({ resamples: 200, where: 'task:pear-trees' }, [
      inputFile('a.jsonl', readFileSync('public/samples/orchard-chat.jsonl')),
    ]);
    expect(one.sets[0]).toMatchObject({ tasks: 1 });
    expect(one.plots.find(({ id }) => id === 'sharing')?.interval?.low).toEqual(Float64Array.of(Number.NaN));
  });

  it('is the same whatever the order of files and lines, to the last digit', async () => {
    const questions: Partial<StatisticsQuestion>[] = [{ resamples: 50 }, { resamples: 50, split: { by: 'policy', base: null } }];
    const files = (parts: readonly (readonly Made[])[]) => parts.map((part, i) => inputFile(`${'ab'.charAt(i)}.jsonl`, linesOf(part)));
    for (const question of questions) {
      const plain = await answerOf(question, files([LOG.slice(0, 2), LOG.slice(2)]));
      const turned = await answerOf(question, files([LOG.slice(0, 2).toReversed(), LOG.slice(2).toReversed()]).toReversed());
      expect(statisticsCsv(turned.plots, turned)).toBe(statisticsCsv(plain.plots, plain));
    }
  });
});

describe('several sets', () => {
  it('are held against the first by number, or the one that is asked for', async () => {
    const answer = await answerOf({ split: { by: 'policy', base: null }, resamples: 200 });
    expect(answer.sets.map(({ name, term, rollouts }) => [name, term, rollouts])).toEqual([
      ['9', 'policy:9', 2],
      ['10', 'policy:10', 2],
    ]);
    expect(answer.base).toBe(0);
    expect(values(answer, 'turns')).toEqual([1.5, 3]);
    const turns = answer.plots.find(({ id }) => id === 'turns');
    const rows = turns ? plotRows(turns, answer) : [];
    expect(rows.slice(0, 2).map(({ set, value, change }) => [set, value, change])).toEqual([
      ['9', 1.5, Number.NaN],
      ['10', 3, 1],
    ]);
    expect(turns?.change?.low[1]).toBeLessThanOrEqual(1);
    expect(turns?.change?.high[1]).toBeGreaterThanOrEqual(1);
    expect(answer.bootstrap).toEqual({ resamples: 200, seed: 0, unit: 'tasks' });
    expect((await answerOf({ split: { by: 'policy', base: '10' } })).base).toBe(1);
  });

  it('tell outcomes apart, and count rollouts of which none is known', async () => {
    const answer = await answerOf({ split: { by: 'outcome', base: null } });
    expect(answer.sets.map(({ name, term, rollouts }) => [name, term, rollouts])).toEqual([
      ['failed', 'reward<=0', 1],
      ['solved', 'reward>0', 2],
    ]);
    expect(answer.left).toEqual({ words: 0, rollouts: 0, unknown: 1 });
  });

  it('say how many there are beyond those that are shown', async () => {
    const many = Array.from({ length: 30 }, (_, i): Made => ({ id: `r${i}`, task: `t${i}`, step: i, turns: [[]] }));
    const answer = await answerOf({ split: { by: 'policy', base: null } }, [inputFile('a.jsonl', linesOf(many))]);
    expect(answer.sets.length).toBe(24);
    expect(answer.left).toEqual({ words: 6, rollouts: 6, unknown: 0 });
  });
});

describe('a filter', () => {
  it('leaves the rollouts that it takes, and parts them where there are two', async () => {
    const answer = await answerOf({ where: 'task:one', split: { a: 'tool:read', b: '"Turn 3 of b"' } });
    expect(answer.rollouts).toEqual({ here: 2, of: 4 });
    expect(answer.sets.map(({ name, term, rollouts }) => [name, term, rollouts])).toEqual([
      ['A: tool:read', 'tool:read', 2],
      ['B: "Turn 3 of b"', '"Turn 3 of b"', 1],
    ]);
    expect(values(answer, 'turns')).toEqual([3, 4]);
    expect((await answerOf({ where: 'turns>=2 turns<3' })).rollouts.here).toBe(2);
  });

  it('that is none is said to be none', async () => {
    const { session } = await openSession([inputFile('a.jsonl', linesOf(LOG))]);
    const answer = await session.statistics(ask({ where: 'colour:red' }), () => undefined);
    expect(answer).toEqual({ ok: false, fault: expect.stringContaining('colour:red: there is no column colour') });
  });

  it('takes the rollouts of a bin and no others, for every bin of every histogram', async () => {
    const { session } = await openSession([inputFile('a.jsonl', linesOf(LOG))]);
    for (const { histogram, cells, count } of (await told(session, {})).plots) {
      for (const [bin, term] of (histogram?.terms ?? []).entries())
        expect((await told(session, { where: term })).rollouts.here).toBe(histogram?.counts[bin]);
      for (const { term } of cells)
        if (term?.startsWith('tool:') === true)
          expect((await told(session, { where: term })).rollouts.here).toBe(2 + Number(term === 'tool:bash'));
      expect(count.length).toBe(cells.length);
    }
  });
});

it('tells how far the policy moved on while rollouts were sampled, where the log does', async () => {
  const stale = ['7–9', '9', '', '8-8', 'step_3'].map(
    (step, i) => `${recordOf({ id: `r${i}`, task: 't', turns: [[]] }).slice(0, -1)},"policy_version":"${step}"}`,
  );
  const answer = await answerOf({}, [inputFile('a.jsonl', stale.map((line) => `${line}\n`).join(''))]);
  expect(values(answer, 'staleness')).toEqual([2 / 4]);
  expect(values(await answerOf({}), 'staleness')).toEqual([]);
});

describe('a question', () => {
  it('ends the one before it', async () => {
    const many = Array.from({ length: 400 }, (_, i): Made => ({ id: `r${i}`, task: `t${i % 9}`, turns: [[], ['bash'], []] }));
    const { session } = await openSession([inputFile('a.jsonl', linesOf(many))]);
    const long = session.statistics(ask({ resamples: 5_000 }), () => undefined);
    const ended = expect(long).rejects.toMatchObject({ name: 'AbortError' });
    await session.statistics(ask({ resamples: 1 }), () => undefined);
    await ended;
  });
});
