/** Conversations for OpenAI's fine-tuning, held to its rules. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_NESTING } from '../../../../src/base/bounds.ts';
import { answer, call, exportLogs, result, system, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';

interface Row {
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly type: string; readonly function: { readonly name: string } }[];
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content'],
  user: ['role', 'content'],
  assistant: ['role', 'content', 'tool_calls', 'weight'],
  tool: ['role', 'content', 'tool_call_id'],
};

/** What the API refuses: https://platform.openai.com/docs/api-reference/fine-tuning/chat-input */
function faults(row: Row): string[] {
  const { messages, tools } = row;
  const found = Object.keys(row).filter((key) => key !== 'messages' && key !== 'tools');
  if (messages.at(-1)?.role !== 'assistant') found.push('does not end with an answer');
  if (!messages.some(({ weight }) => weight === 1)) found.push('trains nothing');
  if (tools?.some(({ type, function: { name } }) => type !== 'function' || !/^[\w-]{1,64}$/.test(name)) === true) found.push('tools');
  let waiting: string[] = [];
  for (const message of messages) {
    for (const key of Object.keys(message)) if (!(KEYS[message.role] ?? []).includes(key)) found.push(`${message.role}.${key}`);
    if (message.role === 'assistant' && message.weight !== 0 && message.weight !== 1) found.push('weight');
    if (typeof message.content !== 'string' && message.role !== 'user') found.push('content');
    if (message.role === 'tool') {
      if (!waiting.includes(String(message.tool_call_id))) found.push('orphan');
      waiting = waiting.filter((id) => id !== message.tool_call_id);
    } else {
      if (waiting.length > 0) found.push('unanswered');
      const calls = (message.tool_calls ?? []) as { id: string; type: string; function: { name: string; arguments: string } }[];
      waiting = calls.map(({ id }) => id);
      for (const { type, function: called } of calls)
        if (type !== 'function' || typeof called.arguments !== 'string' || !/^[\w-]{1,64}$/.test(called.name)) found.push('call');
    }
  }
  return found;
}

it('are valid for a whole sample, each answer with a weight', async () => {
  const { rows, file } = await exportLogs('openai', readFileSync('public/samples/orchard-chat.jsonl', 'utf8'));
  expect(rows.length).toBeGreaterThan(20);
  expect(file.records).toBe(rows.length);
  expect(rows.flatMap((row) => faults(row as unknown as Row))).toEqual([]);
});

it('hold images of users, and no thoughts unless asked', async () => {
  const image = { type: 'image_url', image_url: { url: 'data:,' } };
  const log: Log = {
    id: 'a',
    tools: [tool('look', 'at')],
    messages: [
      system('Look.'),
      user([{ type: 'text', text: 'See' }, image]),
      answer('', { reasoning_content: 'Hm.', tool_calls: [call('1', 'look', 'beds')] }),
      { ...result('1', 'dry'), name: 'look' },
      answer('Replayed.', { weight: 0 }),
      user('So?'),
      answer('Done.'),
    ],
  };
  const { rows, counts } = await exportLogs('openai', [log]);
  const { messages } = rows[0] as unknown as Row;
  expect(faults(rows[0] as unknown as Row)).toEqual([]);
  expect(messages[1]?.content).toEqual([{ type: 'text', text: 'See' }, image]);
  expect(messages[2]).toEqual({
    role: 'assistant',
    content: '',
    tool_calls: [{ id: '1', type: 'function', function: { name: 'look', arguments: '{"input":"beds"}' } }],
    weight: 1,
  });
  expect(messages.map(({ weight }) => weight)).toEqual([undefined, undefined, 1, undefined, 0, undefined, 1]);
  expect(counts).toMatchObject({ 'answers whose thoughts are left out': 1 });
  const thinking = await exportLogs('openai', [log], { options: { reasoning: 'content' } });
  expect((thinking.rows[0] as unknown as Row).messages[2]?.content).toBe('<think>\nHm.\n</think>\n\n');
});

it('are not records that the API refuses, which are counted', async () => {
  const logs: Log[] = [
    { id: 'a', messages: [user('1'), answer('', { tool_calls: [call('1', 'look at', '{}')] }), result('1', 'x'), answer('y')] },
    {
      id: 'b',
      messages: [user('2'), answer('', { tool_calls: [call('1', 'look', '{}'), call('2', 'look', '{}')] }), result('1', 'x'), answer('y')],
    },
    { id: 'c', messages: [user('3'), answer('y')] },
  ];
  const { rows, counts } = await exportLogs('openai', logs);
  expect(rows).toHaveLength(1);
  expect(counts).toEqual({
    'records that call a function by a name that OpenAI does not take, left out': 1,
    'records with a call that has no result, left out': 1,
  });
});

it('take no depth of an image for granted, nor do pairs', async () => {
  // As deep as a record may be.
  const deep = `${'['.repeat(MAX_NESTING - 8)}${']'.repeat(MAX_NESTING - 8)}`;
  const line = (id: string, reward: number, said: string): string =>
    `{"id":"${id}","task":"t","reward":${reward},"messages":[{"role":"user","content":[{"type":"text","text":"See"},` +
    `{"type":"image_url","image_url":{"url":"data:,","more":${deep}}}]},{"role":"assistant","content":"${said}"}]}\n`;
  const log = line('a', 1, 'A pear.') + line('b', 0, 'A plum.');
  for (const [profile, rows] of [
    ['openai', 2],
    ['trl-dpo', 1],
  ] as const)
    expect((await exportLogs(profile, log, { isAlone: true })).rows).toHaveLength(rows);
});
