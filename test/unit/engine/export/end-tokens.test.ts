/** Tokens that end turns: with loss or without, and a warning where none has any. */
import { expect, it } from 'vitest';
import { IM_END } from '../../../../src/core/tokens/template.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const user = (content: string): object => ({ role: 'user', content });
const answer = (content: string): object => ({ role: 'assistant', content });
const chat = JSON.stringify({ id: 'a', messages: [user('Hi.'), answer('Hello.'), user('On.'), answer('Bye.')] });
const cutOff = JSON.stringify({ id: 'a', messages: [user('Hi.'), answer('Hello, and')], finish_reason: 'length' });

async function written(log: string, records: Partial<RecordSettings>) {
  const { session } = await openSession([inputFile('log.jsonl', `${log}\n`)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const spec = { ...exportSpec('tokens', 'messages', 'trl-tokens'), records };
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const warnings = (await session.previewExport(orderId, { cut: 1, train: 1 }, spec)).map((preview) => preview.warnings.join(' '));
  const { totals } = JSON.parse(sink.files.get('manifest.json') ?? '') as { totals: { training_tokens: { after: number } } };
  return {
    lines: linesOf(sink.files.get('tokens.jsonl')) as { input_ids: number[]; weight: number[] }[],
    rows: linesOf(sink.files.get('trl-tokens/train.jsonl')) as { input_ids: number[]; labels: number[] }[],
    messages: sink.files.get('messages.jsonl'),
    warnings,
    trained: totals.training_tokens.after,
  };
}

it('carry loss where they are not switched off, and nothing else changes', async () => {
  const [on, off] = [await written(chat, {}), await written(chat, { eos: 'off' })];
  const [ids] = on.lines.map((line) => line.input_ids);
  const weights = (found: typeof on): number[] => found.lines[0].weight;
  const changed = weights(on).flatMap((weight, i) => (weight === weights(off)[i] ? [] : [i]));
  expect(changed.map((i) => [ids[i], weights(on)[i], weights(off)[i]])).toEqual([
    [IM_END, 1, 0],
    [IM_END, 1, 0],
  ]);
  expect(off.rows[0].labels).toEqual(on.rows[0].labels.map((label) => (label === IM_END ? -100 : label)));
  expect(off.messages).toBe(on.messages);
  expect(on.trained - off.trained).toBe(2);
  expect(on.warnings.join()).not.toContain('end-of-turn');
  expect(off.warnings.map((text) => text.includes('No end-of-turn token carries loss, as was asked'))).toEqual([false, true, true]);
  expect(off.warnings[0]).toContain('Messages cannot say that end-of-turn tokens carry no loss');
});

it('are missed where the log has none', async () => {
  const { warnings } = await written(cutOff, {});
  expect(warnings.map((text) => text.includes('No end-of-turn token carries loss: the log has none'))).toEqual([false, true, true]);
});
