/** Which format a file is read by, where its first records do not agree. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

const messages = [
  { role: 'user', content: 'one and one' },
  { role: 'assistant', content: 'two' },
];
const chat = JSON.stringify({ messages });
const verl = JSON.stringify({ input: 'q', output: 'a', score: 1, step: 3 });
const sharegpt = JSON.stringify({
  conversations: [
    { from: 'human', value: 'q' },
    { from: 'gpt', value: 'a' },
  ],
});
const deep = JSON.stringify({ result: { turns: messages } });
const mapping = { version: 1, messages: 'result.turns' };
const times = (count: number, line: string): string[] => Array.from({ length: count }, () => line);
const lines = (...parts: readonly string[]): string => parts.join('\n');

describe('a few good records among many that are none', () => {
  it('are read, and each of the others is an issue of its own', async () => {
    const { session, facts } = await openSession([inputFile('a.jsonl', lines(chat, chat, ...times(3000, '{"oops": 1}')))]);
    expect(facts.inputs[0]).toMatchObject({ format: 'chat', records: 3002, rollouts: 2, issueCount: 3000 });
    expect(session.issues(0, 1).issues[0]).toMatchObject({ line: 3, code: 'shape' });
    expect(facts.unmapped).toEqual([]);
  });
  it('leave it to a person to say which field is what in the others', async () => {
    const { facts } = await openSession([inputFile('a.jsonl', lines(chat, ...times(8, deep)))]);
    expect(facts).toMatchObject({ rollouts: 1, issues: 8, unmapped: [{ suggestion: { messages: 'result.turns' } }] });
    expect(facts.unmapped[0]?.examples).toEqual(times(5, deep));
    const { facts: mapped } = await openSession([inputFile('a.jsonl', lines(chat, ...times(8, deep)))], { mapping });
    expect(mapped).toMatchObject({ rollouts: 9, issues: 0, notes: 1, unmapped: [] });
  });
  it('come before what a document holds as a whole, which is no record', async () => {
    const { facts } = await openSession([
      inputFile('a.json', `{"about": 1,\n"data": [${lines(chat, ...times(4, '{"oops": 1}')).replaceAll('\n', ',\n')}]}`),
    ]);
    expect(facts).toMatchObject({ rollouts: 1, issues: 4 });
  });
  it('may be of several formats, none of which most are of', async () => {
    const { facts } = await openSession([inputFile('a.jsonl', lines(chat, verl, sharegpt))]);
    expect(facts).toMatchObject({ rollouts: 3, issues: 0, notes: 2 });
  });
});

describe('a mapping', () => {
  it('reads a file whose first record it does not fit', async () => {
    const { facts } = await openSession([inputFile('a.jsonl', lines('{"header": 1}', deep, deep))], { mapping });
    expect(facts.inputs[0]).toMatchObject({ format: 'mapping', records: 3, rollouts: 2, issueCount: 1 });
  });
  it('gives way to a known format that reads more', async () => {
    const { facts } = await openSession([inputFile('a.jsonl', lines(chat, chat, deep, ...times(9, '{"oops": 1}')))], { mapping });
    expect(facts.inputs[0]).toMatchObject({ format: 'chat', rollouts: 2 });
  });
});

it('names line 1 for the one record of a file of one line', async () => {
  const record = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}';
  for (const text of [record, `${record}\n`]) {
    const { session, facts } = await openSession([inputFile('one.jsonl', text)]);
    expect(facts.rollouts).toBe(1);
    const sink = memorySink();
    const { orderId } = session.order(DEFAULT_RULE);
    await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
    expect(sink.files.get('forest.jsonl')).toContain('"source":{"name":"one.jsonl","line":1}');
  }
});

it('says where half of a surrogate pair stands in a text, which no bytes can hold', async () => {
  const line = (content: string): string => `{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"${content}"}]}`;
  const { session, facts } = await openSession([inputFile('a.jsonl', lines(line('\\ud83d'), line('\\ud83d\\udc4d'), line('\ufffd')))]);
  expect(facts.inputs[0]).toMatchObject({ records: 3, rollouts: 3, noteCount: 1 });
  expect(session.issues(0, 1).issues[0]).toMatchObject({
    line: 1,
    code: 'lone-surrogate',
    found: 'half of a surrogate pair, read as U+FFFD',
  });
});
