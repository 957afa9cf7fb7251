/** Files that hold several sessions come to a rollout each; pieces of a message and lines that are told again are told apart. */
import { describe, expect, it } from 'vitest';
import { amp } from '../../../src/formats/amp.ts';
import { codexExec } from '../../../src/formats/codex-exec.ts';
import { continueDev } from '../../../src/formats/continue-dev.ts';
import { copilotChat } from '../../../src/formats/copilot-chat.ts';
import { cursorStream } from '../../../src/formats/cursor-stream.ts';
import type { DecodedLines, Format } from '../../../src/formats/format.ts';
import { geminiStream } from '../../../src/formats/gemini-stream.ts';
import { goose } from '../../../src/formats/goose.ts';
import { lettaMessages } from '../../../src/formats/letta-messages.ts';
import { messageLines } from '../../../src/formats/message-lines.ts';
import { opencodeRun } from '../../../src/formats/opencode-run.ts';
import { asLines } from '../../../src/formats/together.ts';

const CONTEXT = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };

function read(format: Format, values: readonly unknown[]): DecodedLines {
  return format.together?.(asLines(values), CONTEXT) ?? { rollouts: [], faults: [] };
}

/** Of each rollout its id and what is said in it, with a star before what was sampled and a tool before its call. */
function told({ rollouts, faults }: DecodedLines): readonly (readonly string[])[] {
  expect(faults).toEqual([]);
  return rollouts.map((entry) => {
    if (!entry.ok) return [entry.complaint.code];
    const events = entry.rollout.branches.flatMap((branch) => branch.events);
    const turns = events.map(({ sampled, parts }) => {
      const texts = parts.map(({ kind, tool, text }) => (kind === 'call' ? `${tool}${text}` : text));
      return `${sampled ? '* ' : ''}${texts.join(' | ')}`;
    });
    return [entry.rollout.id, ...turns];
  });
}

function countsOf({ rollouts }: DecodedLines): readonly unknown[] {
  return rollouts.map((entry) => {
    const fields: Record<string, unknown> = entry.ok && typeof entry.fields === 'object' ? { ...entry.fields } : {};
    return [fields['lines'], fields['asideLines']];
  });
}

const say = (role: string, content: unknown) => ({ role, content });
const text = (words: string) => [{ type: 'text', text: words }];

describe('a file of several sessions comes to a rollout each', () => {
  const expected = [
    ['s1', 'q1', '* a1'],
    ['s2', 'q2', '* a2'],
  ];
  const sessions = (make: (n: number) => readonly unknown[]): readonly unknown[] => [1, 2].flatMap(make);
  const letta = (n: number) => ({
    messages: [
      { id: `m${n}`, message_type: 'user_message', content: `q${n}` },
      { id: `n${n}`, message_type: 'assistant_message', content: `a${n}` },
    ],
    stop_reason: { message_type: 'stop_reason', stop_reason: 'end_turn' },
    usage: { message_type: 'usage_statistics', total_tokens: n },
  });
  const cursor = (n: number) => [
    { type: 'user', message: say('user', text(`q${n}`)), session_id: `s${n}` },
    { type: 'assistant', message: say('assistant', text(`a${n}`)), session_id: `s${n}` },
  ];
  const logs: readonly (readonly [Format, readonly unknown[]])[] = [
    [
      amp,
      sessions((n) => [
        {
          id: `s${n}`,
          messages: [
            { messageId: 0, ...say('user', text(`q${n}`)) },
            { messageId: 1, ...say('assistant', text(`a${n}`)) },
          ],
        },
      ]),
    ],
    [
      continueDev,
      sessions((n) => [
        {
          sessionId: `s${n}`,
          history: [
            { message: say('user', `q${n}`), contextItems: [] },
            { message: say('assistant', `a${n}`), contextItems: [] },
          ],
        },
      ]),
    ],
    [
      goose,
      sessions((n) => [
        {
          id: `s${n}`,
          working_dir: '/',
          conversation: [
            { created: 1, ...say('user', text(`q${n}`)) },
            { created: 2, ...say('assistant', text(`a${n}`)) },
          ],
        },
      ]),
    ],
    [copilotChat, sessions((n) => [{ sessionId: `s${n}`, requests: [{ message: { text: `q${n}` }, response: [{ value: `a${n}` }] }] }])],
    [
      copilotChat,
      sessions((n) => [
        { kind: 0, v: { sessionId: `s${n}`, requests: [] } },
        { kind: 2, k: ['requests'], v: [{ message: { text: `q${n}` }, response: [{ value: `a${n}` }] }] },
      ]),
    ],
    [cursorStream, sessions(cursor)],
    [cursorStream, [0, 1].flatMap((i) => [cursor(1)[i], cursor(2)[i]])],
    [
      geminiStream,
      sessions((n) => [
        { type: 'init', session_id: `s${n}`, model: 'm' },
        { type: 'message', timestamp: 't', ...say('user', `q${n}`) },
        { type: 'message', timestamp: 't', ...say('assistant', `a${n}`) },
      ]),
    ],
    ...['conversation_id', 'session_id', 'thread_id'].map((key): readonly [Format, readonly unknown[]] => [
      messageLines,
      sessions((n) => [
        { ...say('user', `q${n}`), [key]: `s${n}` },
        { ...say('assistant', `a${n}`), [key]: `s${n}` },
      ]),
    ]),
  ];

  it.each(logs.map(([format, values]) => ({ id: format.id, format, values })))('$id', ({ format, values }) => {
    for (const value of values) expect(format.detects(value, CONTEXT)).toBe(true);
    expect(told(read(format, values))).toEqual(expected);
  });

  it('also where they have no id, and counts the lines of each', () => {
    const both = read(lettaMessages, [letta(1), letta(2)]);
    expect(told(both)).toEqual([
      ['a.jsonl#0', 'q1', '* a1'],
      ['a.jsonl#1', 'q2', '* a2'],
    ]);
    expect(countsOf(both)).toEqual([
      [4, 2],
      [4, 2],
    ]);
  });

  it('with threads of Codex and runs of opencode', () => {
    const thread = (n: number) => [
      { type: 'thread.started', thread_id: `s${n}` },
      { type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text: `a${n}` } },
    ];
    const run = (n: number) => [{ type: 'text', sessionID: `s${n}`, part: { id: `p${n}`, messageID: 'm', type: 'text', text: `a${n}` } }];
    const said = [
      ['s1', '* a1'],
      ['s2', '* a2'],
    ];
    expect(told(read(codexExec, sessions(thread)))).toEqual(said);
    expect(told(read(opencodeRun, sessions(run)))).toEqual(said);
  });

  it('and a line that is none is an issue beside them', () => {
    const { rollouts, faults } = read(messageLines, [
      'junk',
      { ...say('user', 'q1'), session_id: 's1' },
      7,
      { ...say('assistant', 'a2'), session_id: 's2' },
    ]);
    expect(rollouts.map(({ ok }) => ok)).toEqual([true, true]);
    expect(faults.map(({ line }) => line.value)).toEqual(['junk', 7]);
  });
});

describe('pieces that are equal are no lines that are told again', () => {
  it('of streams of Letta', () => {
    const chunk = (content: string) => ({ id: 'm', otid: 'o', message_type: 'assistant_message', content });
    const found = read(lettaMessages, [chunk('ha'), chunk('ha'), chunk('!')]);
    expect(told(found)).toEqual([['a.jsonl#0', '* haha!']]);
    expect(countsOf(found)).toEqual([[3, 2]]);
    // What a person says comes whole.
    const asked = { id: 'u', otid: 'p', message_type: 'user_message', content: 'q' };
    expect(told(read(lettaMessages, [asked, asked, chunk('ha')]))).toEqual([['a.jsonl#0', 'q', '* ha']]);
  });

  it('of streams of Gemini', () => {
    const timestamp = '2026-03-04T09:00:00.123Z';
    const delta = (content: string) => ({ type: 'message', role: 'assistant', content, timestamp, delta: true });
    const call = { type: 'tool_use', tool_id: 'c', tool_name: 'ls', parameters: {}, timestamp };
    expect(told(read(geminiStream, [delta('ha'), delta('ha'), call, delta('ha'), delta('ha')]))).toEqual([
      ['a.jsonl#0', '* haha | ls{} | haha'],
    ]);
    // What is no piece is told once.
    expect(told(read(geminiStream, [delta('ha'), call, call]))).toEqual([['a.jsonl#0', '* ha | ls{}']]);
  });

  it('nor are messages whose id names the conversation', () => {
    const message = (role: string, content: string, id: string) => ({ id, ...say(role, content) });
    const talk = [message('user', 'go', 'c'), message('assistant', 'ok', 'c'), message('user', 'go', 'c'), message('assistant', 'ok', 'c')];
    expect(told(read(messageLines, talk))).toEqual([['a.jsonl#0', 'go', '* ok', 'go', '* ok']]);
    const own = [message('user', 'go', '1'), message('assistant', 'ok', '2'), message('assistant', 'ok', '2'), message('user', 'go', '3')];
    expect(told(read(messageLines, own))).toEqual([['a.jsonl#0', 'go', '* ok', 'go']]);
  });
});

it('chunks of several calls under one otid of Letta stay apart, also in lists', () => {
  const chunk = (more: object) => ({ id: 'm', otid: 'o', message_type: 'tool_call_message', ...more });
  const call = (id: string | null, name: string | null, args: string) => ({ tool_call_id: id, name, arguments: args });
  const calls = ['* water{"bed":1} | weed{"bed":2}'];
  const single = [call('1', 'water', '{"bed"'), call('1', null, ':1}'), call('2', 'weed', '{"bed"'), call(null, null, ':2}')];
  expect(
    told(
      read(
        lettaMessages,
        single.map((each) => chunk({ tool_call: each })),
      ),
    ),
  ).toEqual([['a.jsonl#0', ...calls]]);
  const turns = [
    [call('1', 'water', '{"bed"'), call('2', 'weed', '{"bed"')],
    [call('1', null, ':1}'), call('2', null, ':2}')],
  ];
  expect(
    told(
      read(
        lettaMessages,
        turns.map((each) => chunk({ tool_calls: each })),
      ),
    ),
  ).toEqual([['a.jsonl#0', ...calls]]);
});
