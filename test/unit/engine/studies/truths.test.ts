/** Ground truths of an open log: where they come from, how far rollouts are from them, where they deviate, and what that does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { argumentsOf, asTruth, type MadeCall } from '../../../../src/core/truths/calls.ts';
import { DEFAULT_TRUTHS, type TruthSettings } from '../../../../src/core/truths/settings.ts';
import { TRUTH_GAPS } from '../../../../src/engine/answers/truths.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { acceptedFile, callLog, type SaidCall, type SaidRollout } from '../../../helpers/callLogs.ts';
import { naiveTruths } from '../../../helpers/naiveTruths.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';

const call = (tool: string, args: SaidCall['args'] = {}): SaidCall => ({ tool, args });
const made = ({ tool, args }: SaidCall): MadeCall => ({ tool, args: argumentsOf(JSON.stringify(args)) });
const settings = (change: Partial<TruthSettings> = {}): TruthSettings => ({ ...DEFAULT_TRUTHS, ...change });

const RIGHT = [call('book', { from: 'A', to: 'B' }), call('pay', { amount: 3 })];
/** A look is in no truth; the second books wrongly and asks too much; the third only looks. */
const ROLLOUTS: readonly SaidRollout[] = [
  { id: 'right', task: 't', reward: 1, calls: [call('look', { at: 'A' }), ...RIGHT] },
  {
    id: 'wrong',
    task: 't',
    reward: 0,
    calls: [call('book', { from: 'A', to: 'C' }), call('pay', { amount: 9 }), call('pay', { amount: 3 })],
  },
  { id: 'idle', task: 't', reward: 0, calls: [call('look', { at: 'A' })] },
  { id: 'other', task: 'u', reward: 1, calls: [call('book', {})], answer: 'It is 42.' },
];
const open = async (rollouts: readonly SaidRollout[] = ROLLOUTS, truths: Readonly<Record<string, readonly SaidCall[]>> = { t: RIGHT }) => {
  const side = Object.keys(truths).length === 0 ? [] : [inputFile('answers.json', acceptedFile(truths))];
  return (await openSession([inputFile('log.jsonl', callLog(rollouts)), ...side])).session;
};
const byId = async (session: Session, change: Partial<TruthSettings> = {}) => {
  const answer = await session.truths(settings(change));
  return Object.fromEntries(answer.rollouts.ids.map((id, r) => [id, answer.rollouts.discrepancy[r]]));
};

describe('ground truths', () => {
  it('are references where there are any, and name the tools that count', async () => {
    const session = await open();
    const answer = await session.truths(settings());
    expect(answer.from).toBe('references');
    expect(answer.truths).toEqual([{ task: 0, calls: 2, hasAnswer: false, hasPatch: false, rollouts: [] }]);
    const gaps = answer.rollouts.ids.map((id, r) => [id, TRUTH_GAPS[answer.rollouts.gap[r] ?? NONE]]);
    expect(Object.fromEntries(gaps)).toEqual({ right: undefined, wrong: undefined, idle: undefined, other: 'no-truth' });
    // book: 2·1/3; one pay alone; pay equal.
    expect(await byId(session)).toEqual({ right: 0, wrong: expect.closeTo((2 / 3 + 1) / 5, 12), idle: 1, other: NaN });
    expect(await byId(session, { tools: 'all' })).toMatchObject({ right: 1 / 5, idle: 1 });
  });

  it('are solved, best or chosen rollouts where a person says so, or where there are no references', async () => {
    const graded = ROLLOUTS.map((rollout) => (rollout.id === 'wrong' ? { ...rollout, reward: 0.5 } : rollout));
    const session = await open(graded, {});
    const auto = await session.truths(settings());
    expect(auto.from).toBe('solved');
    expect(auto.truths.map(({ rollouts }) => rollouts.length)).toEqual([1, 1, 1]);
    const best = await session.truths(settings({ from: 'best' }));
    expect(best.truths).toHaveLength(2);
    expect(Array.from(best.rollouts.isTruth)).toEqual(best.rollouts.ids.map((id) => (id === 'right' || id === 'other' ? 1 : 0)));
    const key = auto.rollouts.keys[auto.rollouts.ids.indexOf('idle')] ?? '';
    const chosen = await session.truths(settings({ from: 'chosen', chosen: [key, '0123456789abcdef'] }));
    expect(chosen).toMatchObject({ from: 'chosen', elsewhere: 1, truths: [{ calls: 1, rollouts: [key] }] });
    expect(await byId(session, { from: 'chosen', chosen: [key] })).toMatchObject({ idle: 0, right: 0, wrong: 1, other: NaN });
  });

  it('count for others only, where that is chosen, and for themselves where there are no others', async () => {
    const twice = [...ROLLOUTS, { ...(ROLLOUTS[0] ?? ROLLOUTS[1]!), id: 'again', calls: [...RIGHT, call('pay', { amount: 4 })] }];
    const session = await open(twice, {});
    expect(await byId(session, { from: 'solved' })).toMatchObject({ right: 0, again: 0, other: 0 });
    const left = await byId(session, { from: 'solved', itself: 'left-out' });
    // A look and a pay are alone: look(1) + pay(1) of 3 + 3 calls.
    expect(left).toMatchObject({ right: 2 / 6, again: 2 / 6, other: 0 });
  });

  it('say that nothing is compared where no truth of the task names a tool, and count all doings where tools are the log’s', async () => {
    const session = await open(ROLLOUTS, { t: RIGHT, u: [] });
    const answer = await session.truths(settings());
    expect(TRUTH_GAPS[answer.rollouts.gap[answer.rollouts.ids.indexOf('other')] ?? NONE]).toBe('nothing-compared');
    expect(await byId(session, { tools: 'log' })).toMatchObject({ other: 1, right: 0 });
  });

  it('compare the answer where there are no calls, or always', async () => {
    const said = (id: string, answer: string): SaidRollout => ({ id, task: 'q', reward: id === 'a' ? 1 : 0, calls: [], answer });
    const session = await open([said('a', 'It is 42.'), said('b', 'it IS 42'), said('c', 'It is 41, I think')], {});
    // it is 42 | it is 41 i think: 2 of 3 + 5 words pair.
    expect(await byId(session)).toEqual({ a: 0, b: 0, c: expect.closeTo((8 - 4) / 8, 5) });
    expect(await byId(session, { answer: 'never' })).toEqual({ a: NaN, b: NaN, c: NaN });
    const both = await open(
      ROLLOUTS.map((rollout) => ({ ...rollout, answer: rollout.id === 'right' ? 'yes' : 'no' })),
      {},
    );
    const always = await byId(both, { from: 'best', answer: 'always' });
    expect(always['idle']).toBeCloseTo((0 + 2 + 2) / (1 + 3 + 2), 12);
  });

  it('give each rollout its calls beside those of the truth', async () => {
    const session = await open();
    const { rollouts } = await session.truths(settings());
    const pairs = await session.truthPairs(settings(), rollouts.keys[rollouts.ids.indexOf('wrong')] ?? '');
    expect(pairs).toMatchObject({
      rows: [
        { made: 'book(from="A", to="C")', truth: 'book(from in ["A"], to in ["B"])', differs: ['to: "C", not ["B"]'], cost: 2 / 3 },
        { made: 'pay(amount=9)', truth: null, differs: [], cost: 1 },
        { made: 'pay(amount=3)', truth: 'pay(amount in [3])', cost: 0 },
      ],
      more: 0,
      answer: null,
    });
    expect(pairs?.cost).toBeCloseTo(5 / 3, 12);
    expect(await session.truthPairs(settings(), rollouts.keys[rollouts.ids.indexOf('other')] ?? '')).toBeNull();
    expect(await session.truthPairs(settings(), 'ffffffffffffffff')).toBeNull();
  });

  it('are found again by place in the tree, and what lies beyond a deviation can be dropped', async () => {
    const session = await open();
    const { rollouts } = await session.truths(settings());
    const at = (id: string): number => rollouts.ids.indexOf(id);
    const stops = await session.truthStops(settings(), 0);
    expect([stops.call[at('right')], stops.call[at('wrong')], stops.call[at('idle')]]).toEqual([NONE, 0, NONE]);
    expect(stops.tool[at('wrong')]).toBe('book');
    const key = stops.node[at('wrong')] ?? '';
    const node = session.node(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, key);
    expect(node).toMatchObject({ kind: 'call', throughTotal: 1 });
    const beyond = await session.truthsBeyond(settings(), 0);
    expect(beyond).toMatchObject({ of: 1, rollouts: 1, sampled: stops.saved[at('wrong')] });
    const acts = [{ verb: 'drop' as const, nodes: beyond.nodes, isOn: true }];
    const { acts: said, orderId } = session.order({ ...DEFAULT_RULE, acts });
    expect(said.lines[0]).toMatchObject({ nodes: 1, elsewhere: 0 });
    const kept = session.keep(orderId, { cut: 1, train: 1 });
    // The call itself goes too: a path cannot end before its result.
    const before = session.keep(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }).sampled.before;
    expect(kept.sampled.before).toBeLessThan(before - beyond.sampled);
    expect(kept.sampled.before).toBeGreaterThanOrEqual(before - (rollouts.sampled[at('wrong')] ?? 0));
    expect(kept.rollouts.whole).toBe(3);
    expect((await session.truthsBeyond(settings(), 5)).of).toBe(0);
  });

  it('reject with AbortError once they are no longer wanted', async () => {
    const session = await open();
    const asked = session.truths(settings());
    session.stopStudy('truths');
    await expect(asked).rejects.toThrow(/abort/i);
    expect((await session.truths(settings())).from).toBe('references');
  });
});

const someCall = fc.record({
  tool: fc.constantFrom('book', 'pay', 'look'),
  args: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom<unknown>(1, 'x', null)).map((args) => ({ ...args })),
});
const calls = fc.array(someCall, { maxLength: 6 });
const log = fc.record({
  rollouts: fc.array(fc.record({ task: fc.constantFrom('t', 'u'), reward: fc.constantFrom(0, 1, null), calls }), {
    minLength: 1,
    maxLength: 7,
  }),
  tools: fc.constantFrom('task', 'log', 'all'),
  from: fc.constantFrom('solved', 'best'),
});

describe('any log', () => {
  it('has the discrepancies, stops and curve of the oracle, and never stops a rollout that is a truth', async () => {
    await fc.assert(
      fc.asyncProperty(log, async ({ rollouts: rows, tools, from }) => {
        const said = rows.map((row, i): SaidRollout => ({ ...row, id: `r${i}` }));
        const session = await open(said, {});
        const asked = settings({ from, tools, answer: 'never' });
        const answer = await session.truths(asked);
        const truthsOf = (task: string) => said.filter((row) => row.task === task && row.reward === 1).map((row) => row.calls);
        const named = (task: string): Set<string> =>
          new Set(
            truthsOf(task)
              .flat()
              .map(({ tool }) => tool),
          );
        const isCompared = (task: string, tool: string): boolean =>
          tools === 'all' || named(task).has(tool) || (tools === 'log' && ['t', 'u'].some((other) => named(other).has(tool)));
        const naive = said.map(({ task, calls: own }) => {
          const only = (list: readonly SaidCall[]) => list.filter(({ tool }) => isCompared(task, tool)).map(made);
          const truths = truthsOf(task).map((list) => only(list).map(asTruth));
          const isNothing = tools === 'task' && named(task).size === 0;
          return { ...naiveTruths(only(own), isNothing ? [] : truths), own: only(own) };
        });
        for (const [r, id] of answer.rollouts.ids.entries()) {
          const { discrepancy } = naive[Number(id.slice(1))]!;
          if (discrepancy === null) expect(answer.rollouts.discrepancy[r]).toBeNaN();
          else expect(answer.rollouts.discrepancy[r]).toBeCloseTo(discrepancy, 12);
          if (answer.rollouts.isTruth[r] === 1 && discrepancy !== null) expect(answer.rollouts.discrepancy[r]).toBe(0);
        }
        for (const [at, threshold] of answer.curve.thresholds.entries()) {
          const stops = await session.truthStops(asked, threshold);
          const counts = { stopped: 0, falseStops: 0, missed: 0 };
          for (const [r, id] of answer.rollouts.ids.entries()) {
            const { discrepancy, beginnings } = naive[Number(id.slice(1))]!;
            const stop = discrepancy === null ? NONE : beginnings.findIndex((cost) => cost > threshold + 1e-9);
            expect(stops.call[r]).toBe(stop);
            if (answer.rollouts.isTruth[r] === 1) expect(stop).toBe(NONE);
            const reward = said[Number(id.slice(1))]!.reward;
            if (stop !== NONE) counts.stopped++;
            if (stop !== NONE && reward === 1) counts.falseStops++;
            if (stop === NONE && discrepancy !== null && reward === 0) counts.missed++;
          }
          const saved = stops.saved.reduce((sum, tokens) => sum + tokens, 0);
          expect(stops.all).toMatchObject({ ...counts, saved });
          expect([answer.curve.stopped[at], answer.curve.saved[at]]).toEqual([counts.stopped, saved]);
          for (const name of ['stopped', 'falseStops', 'missed', 'saved'] as const)
            expect(stops.byTask.reduce((sum, row) => sum + row[name], 0)).toBe(stops.all[name]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('saves the sampled tokens that a log cut after the stopping call lacks', async () => {
    await fc.assert(
      fc.asyncProperty(calls, calls, async (right, own) => {
        const rows = (upTo?: number): SaidRollout[] => [
          { id: 'r', task: 't', reward: 0, calls: own, answer: 'All of it is done now.', ...(upTo === undefined ? {} : { upTo }) },
        ];
        const session = await open(rows(), { t: right.length > 0 ? right : [call('book')] });
        const asked = settings({ tools: 'all' });
        const { rollouts } = await session.truths(asked);
        const stops = await session.truthStops(asked, 0);
        const call0 = stops.call[0] ?? NONE;
        if (call0 === NONE) return;
        const cut = await (await open(rows(call0), {})).truths(settings({ from: 'chosen', chosen: ['0123456789abcdef'] }));
        expect(stops.saved[0]).toBe((rollouts.sampled[0] ?? 0) - (cut.rollouts.sampled[0] ?? 0));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a rule that goes by relative rewards', () => {
  const rule = { ...DEFAULT_RULE, mode: 'rl' as const, advantage: 'dr-grpo' as const, reward: 'relative' as const };

  it('takes its advantages from them, once they are measured', async () => {
    const session = await open();
    expect(() => session.order(rule)).toThrow('have not been compared');
    const order = await session.makeOrder(rule);
    expect(order.relative).toEqual({ from: 'references', known: 3, of: 4 });
    const mean = (1 + (1 - (2 / 3 + 1) / 5) + 0) / 3;
    const advantages = new Map<string, number>();
    for (const task of [0, 1]) {
      const key = session.shape(order.orderId, task, 'tokens').keys;
      const root = [key[0], key[1]].map((word) => (word ?? 0).toString(16).padStart(8, '0')).join('');
      for (const { rollout, advantage } of session.node(order.orderId, { cut: 1, train: 1 }, root)?.through ?? [])
        advantages.set(rollout, advantage);
    }
    const of = (id: string): number | undefined => advantages.get(id);
    expect(of('right')).toBeCloseTo(1 - mean, 12);
    expect(of('idle')).toBeCloseTo(0 - mean, 12);
    expect(of('other')).toBeNaN();
    // Successes are still those of the log.
    const successes = await session.makeOrder({ ...rule, outcome: 'successes' });
    expect(session.keep(successes.orderId, { cut: 1, train: 1 }).sampled.before).toBeLessThan(
      session.keep(order.orderId, { cut: 1, train: 1 }).sampled.before,
    );
  });

  it('names them in the manifest, with the settings that they are measured by', async () => {
    const session = await open();
    const truths = settings({ tools: 'all', formula: 'group' });
    const { orderId } = await session.makeOrder({ ...rule, truths });
    const sink = memorySink();
    await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
    const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as Record<string, unknown>;
    expect(manifest).toMatchObject({
      settings: { rule: { reward: 'relative', truths } },
      relative_reward: { from: 'references', known: 3, of: 4 },
    });
  });

  it('is another order than that of the log’s rewards, and keeps what acts drop in its groups', async () => {
    const session = await open();
    const relative = await session.makeOrder({ ...rule, acts: [{ verb: 'drop', where: 'reward<0.5', isOn: true }] });
    const logged = await session.makeOrder({ ...rule, reward: 'logged' });
    expect(relative.totalSignal).not.toBe(logged.totalSignal);
    expect(relative.relative?.known).toBe(3);
    expect(relative.acts.rollouts.dropped).toBe(2);
  });
});

describe('final patches', () => {
  const diff = (path: string, ...lines: readonly string[]): string =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,${lines.filter((line) => !line.startsWith('+')).length} +1,${
      lines.filter((line) => !line.startsWith('-')).length
    } @@\n${lines.join('\n')}\n`;
  const run = call('bash', { command: 'ls' });
  const patched: readonly SaidRollout[] = [
    { id: 'right', task: 't', reward: 1, calls: [run], patch: diff('a.py', ' x = 1', '-y = 2', '+y = 3') + diff('b.py', '+z = 4') },
    // The same lines, otherwise spaced, with other context and other files first; and by other calls.
    { id: 'same', task: 't', reward: 0, calls: [], patch: diff('b.py', '+z  =  4', '+') + diff('a.py', '-y = 2', '+y=3', ' w') },
    { id: 'half', task: 't', reward: 0, calls: [run], patch: diff('a.py', '-y = 2', '+y = 5') },
    { id: 'none', task: 't', reward: 0, calls: [run] },
  ];
  const share = { right: 0, same: 0, half: 3 / 5, none: 1 };

  it('are compared by their changed lines, alone or as one call more', async () => {
    const session = await open(patched, {});
    const close = (all: Readonly<Record<string, number | undefined>>): unknown =>
      Object.fromEntries(Object.entries(all).map(([id, d]) => [id, expect.closeTo(d ?? NaN, 6) as number]));
    expect(await byId(session, { from: 'solved', patch: 'alone' })).toEqual(close(share));
    // One call and the patch on each side; `same` makes no call.
    expect(await byId(session, { from: 'solved' })).toEqual(close({ right: 0, same: 1 / 3, half: (2 * share.half) / 4, none: 2 / 4 }));
    expect(await byId(session, { from: 'solved', patch: 'never' })).toEqual(close({ right: 0, same: 1, half: 0, none: 0 }));
  });

  it('stand beside each other, and alone stop nobody', async () => {
    const session = await open(patched, {});
    const { rollouts, truths, patchesCut } = await session.truths(settings({ from: 'solved', patch: 'alone' }));
    expect(truths).toMatchObject([{ hasPatch: true }]);
    expect(patchesCut).toBe(0);
    const half = rollouts.keys[rollouts.ids.indexOf('half')] ?? '';
    const pairs = await session.truthPairs(settings({ from: 'solved', patch: 'alone' }), half);
    expect(pairs).toMatchObject({ rows: [], cost: 0, patch: { made: 2, truth: 3, distance: expect.closeTo(3 / 5, 6) as number } });
    const stops = await session.truthStops(settings({ from: 'solved', patch: 'alone' }), 0);
    expect(stops.all.stopped).toBe(0);
  });
});
