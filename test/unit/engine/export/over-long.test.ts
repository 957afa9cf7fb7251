/** Records held to a number of tokens, as tokens and as conversations alike. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const LIMIT = 450;
const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);

interface Message {
  readonly role: string;
  readonly content: string;
  readonly train: boolean;
  readonly weight: number;
  readonly tool_calls?: { id: string }[];
  readonly tool_call_id?: string;
}

interface Trace {
  readonly nodes: readonly {
    parent?: number;
    message: Message;
    token_ids: number[];
    loss_weights?: Record<string, number[]>;
  }[];
}

async function written(records: Partial<RecordSettings>) {
  const sink = memorySink();
  const spec = { ...exportSpec('messages', 'tokens', 'trl-tokens', 'verifiers', 'trl-dpo'), records };
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as {
    totals: { over_long?: { records: number; parts: number; tokens: number }; training_tokens: { after: number } };
  };
  return {
    tokens: linesOf(sink.files.get('tokens.jsonl')) as { input_ids: number[]; weight: number[]; position_ids: number[]; rollout: string }[],
    messages: linesOf(sink.files.get('messages.jsonl')) as { messages: Message[]; rollout: string; complete: boolean }[],
    traces: linesOf(sink.files.get('verifiers/train.jsonl')) as unknown as Trace[],
    pairs: linesOf(sink.files.get('trl-dpo/train.jsonl')) as unknown as { chosen: Message[]; rejected: Message[] }[],
    rows: linesOf(sink.files.get('trl-tokens/train.jsonl')) as { input_ids: number[]; labels: number[] }[],
    totals: manifest.totals,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const total = ({ tokens }: Awaited<ReturnType<typeof written>>): number => sum(tokens.map(({ weight }) => sum(weight)));

const whole = await written({});
const long = whole.tokens.filter(({ input_ids: ids }) => ids.length > LIMIT).length;

it('are as long as they are without a limit', () => {
  expect(long).toBeGreaterThan(20);
  expect(whole.totals.over_long).toBeUndefined();
});

it('are left out where they are longer', async () => {
  const found = await written({ maxTokens: LIMIT, overLong: 'drop' });
  expect(found.tokens).toHaveLength(whole.tokens.length - long);
  expect(found.totals.over_long).toMatchObject({ records: long, parts: 0 });
  expect(found.totals.training_tokens.after + (found.totals.over_long?.tokens ?? 0)).toBe(whole.totals.training_tokens.after);
});

it('are cut behind the last turn that fits, its end mark included', async () => {
  const found = await written({ maxTokens: LIMIT, overLong: 'cut' });
  for (const { input_ids: ids, weight } of found.tokens) {
    expect(ids.length).toBeLessThanOrEqual(LIMIT);
    expect(weight.at(-1)).toBeGreaterThan(0);
  }
  for (const { messages } of found.messages) expect(messages.at(-1)).toMatchObject({ role: 'assistant', train: true });
});

it('are written in windows that train together what they train, each a conversation of its own', async () => {
  const found = await written({ maxTokens: LIMIT, overLong: 'windows' });
  expect(found.totals.over_long?.tokens).toBe(0);
  expect(total(found)).toBeCloseTo(total(whole), 9);
  expect(found.totals.training_tokens).toEqual(whole.totals.training_tokens);
  expect(found.tokens.length).toBeGreaterThan(whole.tokens.length);
  // The sample has a turn that the log cuts off: it trains as tokens only.
  expect(found.messages.length).toBeGreaterThan(0.9 * found.tokens.length);
  for (const { input_ids: ids, position_ids: positions } of found.tokens) {
    expect(ids.length).toBeLessThanOrEqual(LIMIT);
    expect(positions).toEqual([...ids.keys()]);
  }
  // The tokens of a message are those of its place in the window.
  const ofTraces = ({ traces }: typeof found): number =>
    sum(traces.flatMap(({ nodes }) => nodes.map(({ loss_weights: own }) => sum(own?.['ce'] ?? []))));
  expect(ofTraces(found)).toBeCloseTo(ofTraces(whole), 9);
  for (const { nodes } of found.traces)
    for (const { message, loss_weights: own } of nodes) if (sum(own?.['ce'] ?? []) > 0) expect(message.role).toBe('assistant');
  // Pairs part where rollouts do, not where windows begin.
  for (const pair of found.pairs) expect([pair.chosen[0].role, pair.rejected[0].role]).toEqual(['assistant', 'assistant']);
  expect(found.pairs.length).toBeLessThanOrEqual(whole.pairs.length);
  for (const { input_ids: ids } of found.rows) expect(ids.length).toBeLessThanOrEqual(LIMIT);
  const labelled = (rows: typeof found.rows): number => sum(rows.map(({ labels }) => labels.filter((label) => label >= 0).length));
  expect(labelled(found.rows)).toBe(labelled(whole.rows));
  let overlaps = 0;
  for (const { messages, complete } of found.messages) {
    expect(messages.slice(0, 2).map(({ role }) => role)).toEqual(['system', 'user']);
    expect(messages.at(-1)?.train).toBe(true);
    const open = new Set<string>();
    for (const { role, tool_calls: calls = [], tool_call_id: id } of messages) {
      if (role === 'tool') expect(open.delete(id ?? '')).toBe(true);
      else {
        expect([...open]).toEqual([]);
        for (const call of calls) open.add(call.id);
      }
    }
    const answers = messages.filter(({ role }) => role === 'assistant');
    if (!complete && !answers[0].train) overlaps++;
  }
  expect(overlaps).toBeGreaterThan(20);
});
