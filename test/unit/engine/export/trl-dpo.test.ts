/** Pairs of continuations with different rewards, for DPO. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageOut } from '../../../../src/core/export/message-record.ts';
import { rewardPairs, type Rewarded } from '../../../../src/engine/export/pairs.ts';
import { makeTally } from '../../../../src/engine/export/tally.ts';
import { answer, call, exportLogs, result, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';

interface Row {
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  readonly tools?: string;
}

const words = (messages: readonly Message[]): string => messages.map(({ content }) => String(content)).join('|');

it('stand where branches of a task part at an answer, the higher reward chosen', async () => {
  const start = [user('Water the beds.'), answer('', { tool_calls: [call('x', 'look', '{"at":"beds"}')] }), result('x', 'dry')];
  const again = (id: string): Message[] => [
    user('Water the beds.'),
    answer('', { tool_calls: [call(id, 'look', '{"at":"beds"}')] }),
    result(id, 'dry'),
  ];
  const logs: Log[] = [
    { id: 'a', task: 't', reward: 1, tools: [tool('look', 'at')], messages: [...start, answer('I water.'), user('And?'), answer('Done.')] },
    {
      id: 'b',
      task: 't',
      reward: 0,
      tools: [tool('look', 'at')],
      messages: [...again('y'), answer('I rest.'), user('No!'), answer('Sorry.'), user('Bye.')],
    },
    { id: 'c', task: 't', reward: 0.5, tools: [tool('look', 'at')], messages: [...again('z'), answer('I wait.')] },
    { id: 'd', task: 'u', messages: [user('Else.'), answer('No reward.')] },
  ];
  const { rows, counts, file } = await exportLogs('trl-dpo', logs);
  const [row] = rows as unknown as Row[];
  expect(rows).toHaveLength(1);
  expect(file.records).toBe(1);
  expect(row?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  expect([row?.chosen, row?.rejected].map((side) => words(side ?? []))).toEqual(['I water.|And?|Done.', 'I rest.|No!|Sorry.']);
  expect(JSON.parse(row?.tools ?? '')).toEqual([tool('look', 'at')]);
  expect(counts).toEqual({ 'records without a reward, left out': 1, 'messages of others in chosen and rejected, which DPO trains too': 2 });
  const turns = await exportLogs('trl-dpo', logs, { options: { sides: 'turn', pairs: 5 } });
  expect((turns.rows as unknown as Row[]).map(({ chosen, rejected }) => `${words(chosen)} > ${words(rejected)}`)).toEqual([
    'I water. > I rest.',
  ]);
  const strict = await exportLogs('trl-dpo', logs, { options: { gap: 2 } });
  expect(strict.rows).toEqual([]);
  expect(strict.counts).toMatchObject({ 'forks whose sides differ too little in reward, left out': 1 });
});

it('of the sample prefer what was rewarded, after one prompt, the same each time', async () => {
  const sample = readFileSync('public/samples/orchard-chat.jsonl', 'utf8');
  const first = await exportLogs('trl-dpo', sample, { options: { pairs: 3 } });
  expect(first.rows.length).toBeGreaterThan(3);
  for (const { prompt, chosen, rejected } of first.rows as unknown as Row[]) {
    expect(prompt.length).toBeGreaterThan(0);
    expect([chosen[0]?.role, rejected[0]?.role, chosen.at(-1)?.role, rejected.at(-1)?.role]).toEqual(Array(4).fill('assistant'));
    expect(chosen[0]).not.toEqual(rejected[0]);
  }
  const reversed = `${sample.trimEnd().split('\n').reverse().join('\n')}\n`;
  const second = await exportLogs('trl-dpo', reversed, { options: { pairs: 3 } });
  expect(second.rows).toEqual(first.rows);
});

it('are as many as asked, of every fork, each record once at a fork', () => {
  const message = fc.record({ role: fc.constantFrom('assistant', 'user'), content: fc.constantFrom('a', 'b', 'c') });
  const record = fc.record({ messages: fc.array(message, { minLength: 1, maxLength: 4 }), reward: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), (given, most, gap) => {
      const tokens = { start: 0, end: 1, sampled: 1, trained: 1, before: 0 };
      const records = given.map(({ messages, reward }, at): Rewarded => ({
        messages: messages.map((each): MessageOut => ({ ...each, train: true, weight: 1, tokens })),
        reward,
        unit: at as never,
      }));
      const text = ({ messages }: Rewarded, to: number): string =>
        JSON.stringify(messages.slice(0, to).map(({ role, content }) => [role, content]));
      const pairs = rewardPairs(records, most, gap, makeTally());
      const forks = new Map<string, Rewarded[]>();
      for (const { shared, chosen, rejected } of pairs) {
        expect(chosen.reward - rejected.reward).toBeGreaterThanOrEqual(Math.max(gap, 1));
        expect(text(chosen, shared)).toBe(text(rejected, shared));
        expect(text(chosen, shared + 1)).not.toBe(text(rejected, shared + 1));
        expect([chosen, rejected].map(({ messages }) => messages[shared]?.role)).toEqual(['assistant', 'assistant']);
        const key = text(chosen, shared);
        forks.set(key, [...(forks.get(key) ?? []), chosen, rejected]);
      }
      // By brute force: a fork has a pair if and only if two records part there at an answer with such a gap.
      const expected = new Set<string>();
      for (const a of records)
        for (const b of records)
          for (let at = 0; at < Math.min(a.messages.length, b.messages.length); at++)
            if (
              text(a, at) === text(b, at) &&
              text(a, at + 1) !== text(b, at + 1) &&
              a.messages[at]?.role === 'assistant' &&
              b.messages[at]?.role === 'assistant' &&
              a.reward - b.reward >= Math.max(gap, 1)
            )
              expected.add(text(a, at));
      expect(new Set(forks.keys())).toEqual(expected);
      for (const used of forks.values()) {
        expect(used.length).toBeLessThanOrEqual(2 * most);
        expect(new Set(used.map(({ unit }) => unit)).size).toBe(used.length);
      }
    }),
  );
});
