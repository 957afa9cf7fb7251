import { describe, expect, it } from 'vitest';
import type { RolloutEvent } from '../../../src/core/model/rollout.ts';
import type { Complaint } from '../../../src/formats/format.ts';
import { readMessages, readReward, readTime } from '../../../src/formats/messages.ts';

/** One line per event: a star for sampled, then role and parts. */
function lines(events: readonly RolloutEvent[]): string[] {
  return events.map(
    (event) =>
      `${event.sampled ? '*' : ''}${event.role} ` +
      event.parts
        .map((part) => `${part.kind}${part.tool === undefined ? '' : `(${part.tool})`}${part.error ? '!' : ''}:${part.text}`)
        .join(' '),
  );
}

function read(messages: unknown): string[] {
  const found = readMessages(messages);
  return found.ok ? lines(found.events) : [`refused: ${found.complaint.expected}; found ${found.complaint.found}`];
}

describe('readMessages', () => {
  it('tells what a tool gives as an object as its JSON, in blocks as in messages of their own', () => {
    const given = { response: { output: 'dry' } };
    const told = 'result:{"response":{"output":"dry"}}';
    expect(read([{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: given }] }])).toEqual([`tool ${told}`]);
    expect(read([{ role: 'tool', tool_call_id: 'a', content: given }])).toEqual([`tool ${told}`]);
    expect(read([{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: null }] }])).toEqual(['tool result:']);
  });

  it('takes an answer apart into reasoning, text and calls', () => {
    expect(
      read([
        { role: 'assistant', content: '<think>\nhm\n</think>\n\nSo:\n<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>' },
      ]),
    ).toEqual(['*assistant thinking:hm text:So:\n call(add):{"a":1}']);
    expect(
      read([{ role: 'assistant', reasoning_content: 'hm', content: 'So.', tool_calls: [{ name: 'add', arguments: '{ "a":1 }' }] }]),
    ).toEqual(['*assistant thinking:hm text:So. call(add):{ "a":1 }']);
  });

  it('does not look for reasoning in what a user says', () => {
    expect(read([{ role: 'user', content: '<think>no</think>' }])).toEqual(['user user:<think>no</think>']);
  });

  it('links results with calls by id, and by order where there is none', () => {
    const calls = {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'x', function: { name: 'f', arguments: '1' } },
        { id: 'y', function: { name: 'g', arguments: '2' } },
      ],
    };
    expect(
      read([calls, { role: 'tool', tool_call_id: 'y', content: 'from g' }, { role: 'tool', tool_call_id: 'x', content: 'from f' }]),
    ).toEqual(['*assistant call(f):1 call(g):2', 'tool result(g):from g', 'tool result(f):from f']);
    expect(read([calls, { role: 'tool', content: 'one' }, { role: 'tool', content: 'two' }, { role: 'tool', content: 'three' }])).toEqual([
      '*assistant call(f):1 call(g):2',
      'tool result(f):one',
      'tool result(g):two',
      'tool result:three',
    ]);
  });

  it('marks errors that the log marks', () => {
    expect(
      read([
        { role: 'tool', name: 'f', content: 'x', error: 'timeout' },
        { role: 'tool', name: 'f', content: 'y', error: null },
      ]),
    ).toEqual(['tool result(f)!:x', 'tool result(f):y']);
  });

  it.each(['weight', 'loss_weight', 'train', 'loss', 'trainable', 'loss_mask'])('leaves out an answer marked by %s', (mark) => {
    expect(
      read([
        { role: 'assistant', content: 'a', [mark]: 0 },
        { role: 'assistant', content: 'b', [mark]: 1 },
      ]),
    ).toEqual(['assistant text:a', '*assistant text:b']);
  });

  it('says what it cannot read and where', () => {
    expect(read('text')).toEqual(['refused: a list of messages at messages; found the text "text"']);
    expect(read([{ role: 'user', content: 'a' }, 7])).toEqual(['refused: an object at messages[1]; found the number 7']);
    expect(read([{ content: 'a' }])).toEqual(['refused: a role at messages[0]: system, user, assistant or tool; found nothing']);
  });

  it('names content that is no text', () => {
    const notes: Complaint[] = [];
    const found = readMessages(
      [
        {
          role: 'user',
          content: [
            { type: 'audio', audio: {} },
            { type: 'text', text: 'what is it?' },
          ],
        },
      ],
      { notes },
    );
    expect(found.ok && lines(found.events)).toEqual(['user user:[audio] user:what is it?']);
    expect(notes).toEqual([
      { code: 'content-part', expected: 'text, reasoning or a tool call in messages[0]', found: 'a part of type audio' },
    ]);
  });

  it('keeps images as they are, but none that is nested beyond reason', () => {
    const deep = JSON.parse(`${'['.repeat(9000)}${']'.repeat(9000)}`) as unknown;
    const notes: Complaint[] = [];
    const image = { type: 'image_url', image_url: { url: 'data:x' } };
    const found = readMessages([{ role: 'user', content: [image, { type: 'image', source: deep }] }], { notes });
    const parts = found.ok ? found.events[0].parts : [];
    expect(parts.map(({ text, images }) => [text, images])).toEqual([
      ['[image_url]', [{ start: 0, end: 11, entry: image }]],
      ['[image]', undefined],
    ]);
    expect(notes.map((note) => note.found)).toEqual(['a part of type image']);
  });
});

describe('log-probs', () => {
  const logprobs = {
    content: [
      { token: 'nor', logprob: -0.5 },
      { token: 'th', logprob: -0.25 },
    ],
  };

  it('come from the message, or from the reply behind it', () => {
    const inside = readMessages([{ role: 'assistant', content: 'north', logprobs }]);
    const behind = readMessages([{ role: 'assistant', content: 'north', raw: { choices: [{ logprobs }] } }], {
      reply: (message) => message['raw'],
    });
    for (const read of [inside, behind]) {
      const tokens = read.ok ? read.events[0].tokens : undefined;
      expect(tokens?.texts).toEqual(['nor', 'th']);
      expect(Array.from(tokens?.logprobs ?? [])).toEqual([-0.5, -0.25]);
    }
  });

  it('are not looked for where the policy did not speak', () => {
    const read = readMessages([{ role: 'user', content: 'north', logprobs }]);
    expect(read.ok && read.events[0].tokens).toBeUndefined();
  });
});

describe('readReward', () => {
  it.each<[unknown, number | undefined]>([
    [1.5, 1.5],
    ['0.25', 0.25],
    [true, 1],
    [false, 0],
    ['C', 1],
    ['I', 0],
    [[0, 0.5, 0.25], 0.75],
    [{ a: 1, b: 2 }, 3],
    [{ a: 1, total: 9 }, 9],
    [null, undefined],
    ['great', undefined],
    [Number.NaN, Number.NaN],
    ['nan', Number.NaN],
    ['-inf', -Infinity],
    [{}, undefined],
    [[], undefined],
    ['', undefined],
  ])('%j', (value, reward) => {
    expect(readReward(value)?.reward).toBe(reward);
  });
});

describe('readTime', () => {
  it('gives seconds, and takes a time without a zone as UTC', () => {
    expect(readTime('2025-03-01T10:00:00.5')).toBe(1740823200.5);
    expect(readTime('2025-03-01 10:00:00+02:00')).toBe(1740816000);
    expect(readTime(1740823200)).toBe(1740823200);
    expect(readTime(1740823200000)).toBe(1740823200);
    expect(readTime('yesterday')).toBeUndefined();
  });
});
