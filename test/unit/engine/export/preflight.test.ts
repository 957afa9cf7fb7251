/** The look at an export before it is written, against the files that are then written. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../../src/core/model/rule.ts';
import type { ExportSpec } from '../../../../src/engine/answers/exporting.ts';
import type { Preflight } from '../../../../src/engine/answers/preflight.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { preflightFindings, preflightVerdict } from '../../../../src/engine/words/preflight.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const budget = { cut: 0.4, train: 1 };

async function look(session: Session, spec: ExportSpec, rule: PruneRule = DEFAULT_RULE, cut = budget): Promise<Preflight> {
  return session.preflight(session.order(rule).orderId, cut, spec, () => undefined);
}

const said = (role: string, content: string): object => ({ role, content });
const chat = (id: string, reward: number | null, ...messages: readonly object[]): string => `${JSON.stringify({ id, reward, messages })}\n`;
/** A rollout of a task by its number. */
const solved = (task: number, question: string, answer: string): string =>
  `${JSON.stringify({
    responses_create_params: { input: question },
    response: { output: [{ type: 'message', role: 'assistant', content: answer }] },
    reward: 1,
    _ng_task_index: task,
  })}\n`;
const opened = async (...lines: readonly string[]): Promise<Session> => (await openSession([inputFile('a.jsonl', lines.join(''))])).session;
const words = (from: number, count: number): string => Array.from({ length: count }, (_, i) => `w${from + i}`).join(' ');

it('counts what is then written', async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
  const spec = { ...exportSpec('tokens', 'messages', 'trl-tokens', 'verl-rl'), records: { validation: 0.25, seed: 3 } };
  const told: (readonly [number, number])[] = [];
  const { orderId } = session.order(DEFAULT_RULE);
  const seen = await session.preflight(orderId, budget, spec, (done, total) => told.push([done, total]));
  const sink = memorySink();
  const files = await session.export(orderId, budget, spec, sink, () => undefined);
  expect(seen.files).toEqual(files.filter(({ name }) => name !== 'manifest.json'));
  const validation = linesOf(sink.files.get('tokens-validation.jsonl'));
  const rows = [...linesOf(sink.files.get('tokens.jsonl')), ...validation] as { input_ids: number[]; loss_mask: number[]; task: string }[];
  const messages = ['messages.jsonl', 'messages-validation.jsonl'].flatMap((name) => linesOf(sink.files.get(name)));
  expect(told.at(-1)).toEqual([rows.length, rows.length]);
  const trained = rows.map(({ loss_mask: mask }) => mask.reduce((sum, one) => sum + one, 0));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  expect(seen).toMatchObject({
    records: rows.length,
    validation: validation.length,
    tokens: sum(rows.map(({ input_ids: ids }) => ids.length)),
    trained: sum(trained),
    undescribed: 0,
  });
  const byTask = new Map<string, { records: number; tokens: number }>();
  rows.forEach(({ task }, i) => {
    const own = byTask.get(task) ?? { records: 0, tokens: 0 };
    byTask.set(task, { records: own.records + 1, tokens: own.tokens + trained[i] });
  });
  const largest = [...byTask].map(([name, own]) => ({ name, ...own })).sort((a, b) => b.tokens - a.tokens);
  expect(seen.tasks).toEqual({ total: 8, withRecords: byTask.size, largest: largest.slice(0, 5) });
  const lengths = rows.map(({ input_ids: ids }) => ids.length).sort((a, b) => a - b);
  expect(seen.lengths.quantiles.map(({ tokens }) => tokens)).toEqual(
    [0.5, 0.9, 0.99, 1].map((share) => lengths[Math.ceil(share * lengths.length) - 1]),
  );
  expect(seen.lengths.longest.map(({ tokens }) => tokens)).toEqual(lengths.slice(-5).toReversed());
  expect(seen.lengths.limits.at(-1)?.longer).toBe(0);
  const positive = messages.filter(({ reward }) => (reward as number) > 0).length;
  const complete = messages.filter((message) => message['complete'] === true).length;
  // One record trains nothing but a turn that the log cuts off, and is no record of messages.
  expect([seen.rewards.above.records - positive, seen.endings.complete.records - complete]).toEqual([0, 0]);
  for (const group of [Object.values(seen.rewards), Object.values(seen.endings)]) {
    expect(sum(group.map(({ records }) => records))).toBe(rows.length);
    expect(sum(group.map(({ tokens }) => tokens))).toBe(sum(trained));
  }
  expect(sum(seen.kinds.map(({ tokens }) => tokens))).toBe(sum(trained));
  const calls = seen.kinds.filter(({ name }) => name === 'call' || name === 'memory').map(({ tokens }) => tokens);
  expect(sum(seen.tools.map(({ tokens }) => tokens))).toBe(sum(calls));
  expect(seen.template.turnsTrained).toBe(seen.template.turns);
  expect(seen.template.turns).toBeGreaterThan(rows.length);
});

it('finds copies under another task, near ones, and those on both sides of a split', async () => {
  const question = 'Name them.';
  const answers = [words(0, 120), words(0, 120), words(0, 119), words(900, 120)];
  const session = await opened(...answers.map((answer, task) => solved(task, question, answer)));
  const seen = await look(session, { ...exportSpec('tokens'), records: { validation: 0.5, seed: 1 } }, DEFAULT_RULE, { cut: 1, train: 1 });
  expect(seen.exact).toMatchObject({ records: 1, groups: 1, acrossTasks: 1 });
  expect(new Set(seen.exact.example?.map(({ rollout }) => rollout)).size).toBe(2);
  expect(seen.near).toMatchObject({ records: 2, groups: 1, acrossTasks: 2, compared: 4, estimated: 0 });
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  const spec = { ...exportSpec('tokens'), records: { validation: 0.5, seed: 1 } };
  await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const validation = linesOf(sink.files.get('tokens-validation.jsonl')).map(({ task }) => task);
  // The first of the group is that of the first task.
  const { tasks } = { tasks: session.tasks().key.slice(0, 3) };
  const sides = tasks.map((task) => validation.includes(task));
  expect(seen.near.acrossSplits).toBe(sides.slice(1).filter((side) => side !== sides[0]).length);
});

it('counts rewards, kinds and secrets, with their places and no value', async () => {
  const key = ['AKIA', 'ABCDEFGH234567QR'].join('');
  const session = await opened(
    chat('a', 0, said('user', `Use ${key}, or ask ada@analytical.org.`), said('assistant', `I used ${key}.`)),
    chat('b', null, said('user', 'Hello'), said('assistant', 'Hi.')),
    chat('c', -1, said('user', 'Hello'), said('assistant', 'Go away.')),
  );
  const seen = await look(session, exportSpec('messages'), DEFAULT_RULE, { cut: 1, train: 1 });
  expect(seen.rewards).toMatchObject({ above: { records: 0 }, zero: { records: 1 }, below: { records: 1 }, unknown: { records: 1 } });
  expect(seen.onlyKind).toEqual([{ name: 'text', records: 3, tokens: seen.trained }]);
  expect(seen.secrets).toMatchObject([
    {
      kind: 'aws',
      isPersonal: false,
      times: 2,
      different: 1,
      records: 1,
      places: [{ rollout: 'a', message: 1, role: 'user', masked: 'AKIA… (20 characters)' }],
    },
    { kind: 'email', isPersonal: true, times: 1, different: 1, records: 1 },
  ]);
  expect(JSON.stringify(seen)).not.toContain(key);
  expect(JSON.stringify(seen)).not.toContain('ada@');
  const findings = preflightFindings(seen);
  expect(findings.filter(({ level }) => level === 'problem').map(({ text }) => text)).toEqual([
    '2 of 3 records (66.7 %, ' +
      `${((100 * (seen.rewards.zero.tokens + seen.rewards.below.tokens)) / seen.trained).toFixed(1)} % of the loss) ` +
      'come from rollouts of reward 0 or less: SFT imitates them.',
    expect.stringMatching(
      /^2 places have an AWS access key \(1 different, in 1 record\); first in prompt:\S+ \/ a, message 1 \(AKIA… \(20 characters\)\)\.$/,
    ),
  ]);
  expect(preflightVerdict(findings)).toMatch(/^2 problems to look at before training, and \d+ notes$/);
});

it('knows ids that the tokenizer does not have, and a log without messages', async () => {
  const session = await opened(
    chat('a', 1, said('user', 'Hello'), said('assistant', 'Hi there.')),
    chat('b', 0, said('user', 'Hello'), said('assistant', 'No.')),
  );
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  const forest = sink.files.get('forest.jsonl') ?? '';
  const lookAt = async (text: string): Promise<Preflight> => {
    const { session: again } = await openSession([inputFile('forest.jsonl', text)]);
    return look(again, exportSpec('tokens'), DEFAULT_RULE, { cut: 1, train: 1 });
  };
  const seen = await lookAt(forest);
  expect(seen.secrets).toBeNull();
  expect(seen.secretsWhyNot).toContain('holds token ids and no messages');
  expect(seen.vocabulary).toMatchObject({ name: 'o200k_base', outside: null, made: 0, unchecked: 0 });
  // A version without checksums, so that its ids can be changed.
  const { sha256: _, ...record } = JSON.parse(forest) as { token_ids: number[][]; sha256: string };
  record.token_ids.at(-1)?.fill(250_000);
  const { vocabulary } = await lookAt(`${JSON.stringify({ ...record, espalier_forest: 3 })}\n`);
  expect(vocabulary.outside).toMatchObject({ ids: 1, largest: 250_000, records: 1, tokens: record.token_ids.at(-1)?.length });
});

it('says that nothing is written where nothing trains', async () => {
  const session = await opened(chat('a', 1, said('user', 'Hello'), said('assistant', 'Hi there.')));
  const seen = await look(session, exportSpec('tokens'), DEFAULT_RULE, { cut: 1, train: 0 });
  expect(seen).toMatchObject({ records: 0, tokens: 0, exact: { records: 0 }, near: { records: 0, compared: 0 } });
  const train = { ...DEFAULT_RULE, trainProtect: {} };
  const none = await look(session, exportSpec('tokens'), train, { cut: 1, train: 0 });
  expect(preflightFindings(none)[0]).toEqual({ level: 'problem', count: 0, text: 'There is no record: no token of the cut carries loss.' });
});

it('stops when it is told to', async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
  const { orderId } = session.order(DEFAULT_RULE);
  let isTold = false;
  const running = session.preflight(orderId, { cut: 1, train: 1 }, exportSpec(), () => {
    if (!isTold) session.cancel('preflight');
    isTold = true;
  });
  await expect(running).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
