import { describe, expect, it } from 'vitest';
import type { RecordContext } from '../../../src/formats/format.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { decodeRecord, detectFormat, isOneConversation } from '../../../src/formats/detect.ts';
import { FORMATS } from '../../../src/formats/registry.ts';

const context: RecordContext = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };
const chatRecord = {
  messages: [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a' },
  ],
};
const verlRecord = { input: 'q', output: 'a', score: 1, step: 3 };
const detect = (...records: unknown[]): string | undefined => detectFormat(records.map((record) => ({ record, context })))?.id;

it('has no two formats of one id', () => {
  expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
});

describe('detectFormat', () => {
  it('chooses by structure', () => {
    expect(detect(chatRecord)).toBe('chat');
    expect(detect(verlRecord)).toBe('verl');
    expect(detect({ prompt: 'q', completion: 'a', reward: 1 })).toBe('prompt-completion');
    expect(detect({ prompt: 'q', completion: 'a', reward: 1, example_id: 2, metrics: {} })).toBe('verifiers-results');
  });

  it('tells records of Letta from messages of other logs, one a line', () => {
    const meta = { role: 'meta', source: 'codex', model: 'm' };
    const [asked, said] = ['user', 'assistant'].map((role) => ({ role, content: 'a', timestamp: '2026-11-01T08:00:00.000Z' }));
    const call = { role: 'assistant', content: null, tool_calls: [{ id: 'c', name: 'look', args: '{}' }] };
    const other = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
    };
    const plain = { role: 'tool', tool_call_id: 'c', content: 'dry' };
    const result = { ...plain, timestamp: '2026-11-01T08:00:01.000Z' };
    expect(detect(meta, asked, call, result, said)).toBe('letta-trajectory');
    expect(detect(asked, { role: 'reasoning', content: 'I look.' }, call, result, call, result)).toBe('letta-trajectory');
    expect(detect(asked, said)).toBe('message-lines');
    expect(detect(asked, other, result, said, asked, other, result, said)).toBe('message-lines');
    expect(detect(meta, asked, call, { ...result, ok: true }, { ...result, ok: false }, result, said)).toBe('letta-trajectory');
    expect(detect(asked, other, plain, plain, plain, plain, said)).toBe('message-lines');
  });

  it('takes no record for one of a proxy whose response is a text', async () => {
    const messages = [{ role: 'user', content: 'q' }];
    const reply = { object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'the answer' } }] };
    const chunk = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'the answer' } }] };
    const request = { kwargs: { messages }, prompt: 'q', reward: 1 };
    const logged = { messages, response_cost: 0.1 };
    for (const record of [request, logged]) {
      for (const response of [reply, JSON.stringify(reply), `data: ${JSON.stringify(chunk)}`, { error: { message: 'e' } }, null, {}])
        expect(detect({ ...record, response })).toBe('proxy-log');
      expect(detect({ ...record, response: 'the answer' })).not.toBe('proxy-log');
    }
    expect(detect({ ...request, response: 'the answer' })).toBe('prompt-completion');
    expect(detect({ ...logged, response: 'the answer' })).toBe('prompt-completion');
    expect(detect({ messages: [...messages, { role: 'assistant', content: 'the answer' }], response: 'the answer' })).toBe('chat');
    const { session } = await openSession([inputFile('b.jsonl', JSON.stringify({ ...logged, response: 'the answer' }))]);
    expect(session.facts()).toMatchObject({ rollouts: 1, notes: 0, tokens: { sampled: 3 } });
    const { facts } = await openSession([inputFile('a.jsonl', JSON.stringify({ ...request, response: 'the answer' }))]);
    expect(facts.inputs).toMatchObject([{ rollouts: 1, issueCount: 0 }]);
    const [entry] = decodeRecord(
      FORMATS.find(({ id }) => id === 'proxy-log')!,
      { request_body: { messages }, response_body: 'the answer' },
      context,
    );
    expect(entry).toMatchObject({ ok: false, complaint: { code: 'reply', found: expect.not.stringContaining('an error') } });
  });

  it('reads what Letta says of a session among messages alone', async () => {
    const records = [
      { role: 'meta', source: 'codex', model: 'm' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ];
    const { facts } = await openSession([inputFile('a.json', JSON.stringify(records))]);
    expect(facts.inputs).toMatchObject([{ rollouts: 1, issueCount: 0 }]);
  });

  it('is not led astray by a few bad records', () => {
    expect(detect({ oops: 1 }, verlRecord, chatRecord, verlRecord, 'text', null, verlRecord)).toBe('verl');
  });

  it('stays with the more specific format where a record lacks what tells it', () => {
    expect(detect({ input: 'q', output: 'a' }, verlRecord, verlRecord)).toBe('verl');
    expect(detect({ input: 'q', output: 'a' }, { input: 'q', output: 'a' }, verlRecord)).toBe('prompt-completion');
  });

  it('finds none where most records are strange', () => {
    expect(detect({ a: 1 }, { b: 2 }, chatRecord)).toBeUndefined();
    expect(detect()).toBeUndefined();
    expect(detect(5, 'text')).toBeUndefined();
  });
});

describe('lists of records where one should stand', () => {
  const group = [verlRecord, { ...verlRecord, output: 'b' }];
  it('are of the format of their members, which have ids of their own', () => {
    expect(detect(group, group)).toBe('verl');
    const entries = decodeRecord(
      FORMATS.find(({ id }) => id === 'verl')!,
      [...group, 7],
      { ...context, index: 90 },
    );
    expect(entries.map((entry) => (entry.ok ? entry.rollout.id : entry.complaint.code))).toEqual([
      'a.jsonl#90',
      `a.jsonl#${90 + 1 / 3}`,
      'shape',
    ]);
  });
  it('are not taken for a conversation, nor a conversation for them', () => {
    expect(detect([chatRecord.messages, chatRecord.messages])).toBeUndefined();
    expect(detect(chatRecord.messages)).toBe('chat');
    expect(
      decodeRecord(
        FORMATS.find(({ id }) => id === 'chat')!,
        chatRecord.messages,
        context,
      ),
    ).toHaveLength(1);
  });
});

describe('decodeRecord', () => {
  const verl = FORMATS.find(({ id }) => id === 'verl')!;

  it("stays with the file's format", () => {
    expect(decodeRecord(verl, { ...verlRecord, ...chatRecord }, context)).toMatchObject([{ ok: true, rollout: { policy: '3' } }]);
    expect(decodeRecord(verl, { nothing: 1 }, context)).toMatchObject([{ ok: false, complaint: { code: 'shape' } }]);
  });

  it('lends a record that it cannot use to a format that can, with a note', () => {
    expect(decodeRecord(verl, chatRecord, context)).toMatchObject([
      { ok: true, notes: [{ code: 'other-format', found: 'Chat messages' }] },
    ]);
  });
});

it('takes a list of messages as one conversation, and a list of records as records', () => {
  expect(isOneConversation(chatRecord.messages)).toBe(true);
  expect(isOneConversation([chatRecord, chatRecord])).toBe(false);
  expect(isOneConversation([])).toBe(false);
});

it('tells a document of records from one conversation, wherever the records are', async () => {
  const records = [chatRecord, chatRecord];
  for (const key of ['data', 'rollouts', 'trajectories']) {
    const { facts } = await openSession([inputFile('a.json', JSON.stringify({ about: {}, [key]: records }, null, 1))]);
    expect(facts).toMatchObject({ rollouts: 2, issues: 0 });
  }
  // The key of a single record may be one of them.
  const { facts } = await openSession([inputFile('a.json', JSON.stringify({ ...chatRecord, items: ['x'] }, null, 1))]);
  expect(facts).toMatchObject({ rollouts: 1, issues: 0 });
});
