/** Calls without a result: left open at the end of a record, or closed by a setting. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ExportedFile } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

interface Message {
  readonly role: string;
  readonly content: string;
  readonly train?: boolean;
  readonly weight?: number;
  readonly tool_calls?: { id: string }[];
  readonly tool_call_id?: string;
  readonly name?: string;
  readonly closing?: true;
}

const call = (...ids: string[]): object => ({
  role: 'assistant',
  content: '',
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: `do_${id}`, arguments: '{}' } })),
});
const result = (id: string): object => ({ role: 'tool', tool_call_id: id, content: `did ${id}` });
const user = { role: 'user', content: 'Go.' };
/** The same id twice; two calls of which one is answered; and a last call whose result nothing would use. */
const LOG = [user, call('x'), result('x'), call('x', 'y'), result('y'), { role: 'assistant', content: 'Hm.' }, call('z'), result('z')];

async function written(closeCalls: boolean) {
  const { session } = await openSession([inputFile('log.jsonl', `${JSON.stringify({ id: 'a', messages: LOG })}\n`)]);
  const sink = memorySink();
  const spec = { ...exportSpec('messages', 'trl-messages', 'tokens'), records: { closeCalls } };
  const files = await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const messagesOf = (name: string): Message[] => (linesOf(sink.files.get(name))[0] as unknown as { messages: Message[] }).messages;
  return {
    files,
    messages: messagesOf('messages.jsonl'),
    trl: messagesOf('trl-messages/train.jsonl'),
    tokens: sink.files.get('tokens.jsonl'),
  };
}

const CLOSED = 'calls without a result, closed with one that says so';
const counted = (files: readonly ExportedFile[]): (number | undefined)[] =>
  files.slice(0, 3).map(({ shortfalls = [] }) => shortfalls.find(({ what }) => what === CLOSED)?.count);

it('are as the log has them, and a record ends with the last call', async () => {
  const { messages, files } = await written(false);
  expect(messages.map(({ role, tool_call_id: id }) => id ?? role)).toEqual([
    'user',
    'assistant',
    'x',
    'assistant',
    'y',
    'assistant',
    'assistant',
  ]);
  expect(counted(files)).toEqual([undefined, undefined, undefined]);
});

it('get a result without loss, behind those that the other calls have', async () => {
  const [open, { messages, trl, tokens, files }] = [await written(false), await written(true)];
  const order = ['user', 'assistant', 'x', 'assistant', 'y', 'x', 'assistant', 'assistant', 'z'];
  expect(messages.map(({ role, tool_call_id: id }) => id ?? role)).toEqual(order);
  expect(trl.map(({ role }) => role)).toEqual(messages.map(({ role }) => role));
  const closing = messages.filter((message) => message.closing === true);
  expect(closing.map(({ content, name, train, weight }) => [content, name, train, weight])).toEqual([
    ['(no result)', 'do_x', false, 0],
    ['(no result)', 'do_z', false, 0],
  ]);
  expect(messages.filter((message) => message.closing !== true)).toEqual(open.messages);
  expect(counted(files)).toEqual([2, undefined, 2]);
  expect(tokens).toBe(open.tokens);
});
