/** What logs hold in places that are easy to overlook: it becomes a part of a rollout, a note, a count or an issue. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adk } from '../../../src/formats/adk.ts';
import { agentLightning } from '../../../src/formats/agent-lightning.ts';
import type { Complaint, Decoded, DecodedLines, Format, RecordContext } from '../../../src/formats/format.ts';
import { claudeCode } from '../../../src/formats/claude-code.ts';
import { codex } from '../../../src/formats/codex.ts';
import { callFiles } from '../../../src/formats/call-files.ts';
import { langsmith } from '../../../src/formats/langsmith.ts';
import { managedAgents } from '../../../src/formats/managed-agents.ts';
import { marti } from '../../../src/formats/marti.ts';
import { opencode } from '../../../src/formats/opencode.ts';
import { openhandsConversation } from '../../../src/formats/openhands-conversation.ts';
import { openpipeArt } from '../../../src/formats/openpipe-art.ts';
import { paddedBatch } from '../../../src/formats/padded-batch.ts';
import { qwenCode } from '../../../src/formats/qwen-code.ts';
import { rllm } from '../../../src/formats/rllm.ts';
import { runState } from '../../../src/formats/run-state.ts';
import { sessionEvent } from '../../../src/formats/session.ts';
import { slime } from '../../../src/formats/slime.ts';
import { smolagents } from '../../../src/formats/smolagents.ts';
import { asLines } from '../../../src/formats/together.ts';

const context: RecordContext = { name: 'a.json', path: 'a.json', index: 0, line: 1 };

/** Of each branch its cause and what is said in it, with a star before what was sampled. */
const branchesOf = (entry: Decoded | undefined): readonly [cause: string | undefined, ...said: string[]][] => {
  if (entry?.ok !== true) throw new Error(JSON.stringify(entry));
  return entry.rollout.branches.map(({ cause, events }) => [
    cause,
    ...events.map(({ sampled, parts }) => `${sampled ? '* ' : ''}${parts.map(({ text }) => text).join(' ')}`),
  ]);
};
const notesOf = (entry: Decoded | undefined): readonly Complaint[] => {
  if (entry?.ok !== true) throw new Error(JSON.stringify(entry));
  return entry.notes ?? [];
};
const only = (format: Format, record: unknown): Decoded | undefined => {
  expect(format.detects(record, context)).toBe(true);
  const entries = format.decode(record, context);
  expect(entries).toHaveLength(1);
  return entries[0];
};
const together = (format: Format, values: readonly unknown[]): DecodedLines => {
  const read = format.together?.(asLines(values), context);
  if (read === undefined) throw new Error(`${format.id} reads lines one by one`);
  return read;
};
const say = (role: string, content: string) => ({ role, content });

describe('calls with messages', () => {
  const calls = [
    { prompt: [say('system', 'a'), say('user', 'q1')], reply: say('assistant', 'one') },
    { prompt: [say('system', 'b'), say('user', 'q2'), say('assistant', 'x'), say('user', 'y')], reply: say('assistant', 'two') },
  ];
  const branches = [
    [undefined, 'a', 'q1', '* one'],
    ['rewrite', 'b', 'q2', 'x', 'y', '* two'],
  ];

  it('of Agent Lightning are joined by what is said, not by how much', () => {
    const events = calls.map(({ prompt, reply }) => ({
      event_type: 'model_request',
      attempt_id: 'a',
      data: { request: { messages: prompt }, response: { choices: [{ message: reply }] } },
    }));
    const unanswered = { event_type: 'model_request', attempt_id: 'a', data: { request: { messages: [say('user', 'z')] } } };
    const entry = only(agentLightning, { rollout: { rollout_id: 'r' }, events: [...events, unanswered] });
    expect(branchesOf(entry)).toEqual(branches);
    expect(notesOf(entry)).toMatchObject([{ code: 'no-reply', found: 'none in 1 of 3, which are left out' }]);
  });

  it('of rLLM are joined by what is said, and end with what follows the last answer', () => {
    const steps = calls.map(({ prompt, reply }) => ({ chat_completions: [...prompt, reply, say('tool', 'wet')] }));
    const entry = only(rllm, { id: 'e', trajectories: [{ name: 'solver', steps }] });
    expect(branchesOf(entry)).toEqual(branches.map((branch) => [...branch, 'wet']));
  });
});

describe('a mask that does not fit', () => {
  const found = (entry: Decoded | undefined): string =>
    entry?.ok === false ? `${entry.complaint.code}: ${entry.complaint.found}` : 'used';

  it.each([
    [[1, 1], 'used'],
    [null, 'used'],
    [undefined, 'used'],
    [[1], 'loss-mask: 1 numbers'],
    [[], 'loss-mask: 0 numbers'],
    [[1, 'x'], 'loss-mask: the text "x" at entry 1 of 2'],
    [7, 'loss-mask: the number 7'],
  ])('is none of slime: %j', (mask, told) => {
    const sample = { index: 0, prompt: 'a', tokens: [1, 2, 3], response: 'b', response_length: 2, loss_mask: mask };
    expect(found(only(slime, { rollout_id: 1, samples: [sample] }))).toBe(told);
  });

  it.each([
    [[[0, 1]], 'used'],
    [[[1, 0, 1]], 'used'],
    [undefined, 'used'],
    [[[1]], 'loss-mask: 1 numbers'],
    [[['x', 1]], 'loss-mask: the text "x" at entry 0 of 2'],
    [['x'], 'loss-mask: the text "x"'],
    [7, 'loss-mask: the number 7'],
  ])('is none of a padded batch: %j', (mask, told) => {
    const batch = { sequences: [[1, 2, 3]], attention_mask: [[1, 1, 1]], action_log_probs: [[-1, -2]], action_mask: mask };
    expect(found(only(paddedBatch, batch))).toBe(told);
  });
});

describe('items of a run state', () => {
  const call = (id: string, args: string) => ({ type: 'function_call', id: '__fake_id__', call_id: id, name: 'water', arguments: args });
  const answer = (text: string) => ({ type: 'message', id: '__fake_id__', role: 'assistant', content: [{ type: 'output_text', text }] });

  it('are told apart by the ids of calls, and not by an id that stands for none', () => {
    const items = [answer('first'), call('c1', '1'), call('c2', '2'), call('c2', '2'), answer('last')];
    const generated = items.map((item) => ({ type: 'x_item', raw_item: item }));
    const entry = only(runState, { $schemaVersion: '1.13', original_input: 'Water.', generated_items: generated });
    expect(branchesOf(entry)).toEqual([[undefined, 'Water.', '* first 1 2', '* last']]);
    expect(notesOf(entry)).toMatchObject([{ code: 'repeated', found: '1 of 5 again, by type and id; left out' }]);
  });
});

it('additional histories of ART are branches', () => {
  const choice = (content: string) => ({ finish_reason: 'stop', message: say('assistant', content) });
  const further = [
    { messages_and_choices: [say('user', 'b'), choice('two')] },
    { messages_and_choices: [say('user', 'c'), say('assistant', 'three')], tools: null },
  ];
  const entry = only(openpipeArt, { messages_and_choices: [say('user', 'a'), choice('one')], additional_histories: further, reward: 1 });
  expect(branchesOf(entry)).toEqual([
    [undefined, 'a', '* one'],
    ['sub-agent', 'b', '* two'],
    ['sub-agent', 'c', '* three'],
  ]);
  const odd = openpipeArt.decode({ messages_and_choices: [say('user', 'a')], additional_histories: [{}] }, context);
  expect(odd).toMatchObject([{ ok: false, complaint: { code: 'messages' } }]);
});

it('a compressed history of Qwen Code keeps the results of its calls, and notes parts of other kinds', () => {
  const line = { sessionId: 's', timestamp: '2026-03-04T09:00:01.000Z' };
  const call = { functionCall: { id: 'c', name: 'look', args: {} } };
  const response = { functionResponse: { id: 'c', name: 'look', response: { output: 'dry' } } };
  const history = [
    { role: 'user', parts: [{ text: 'sum' }] },
    { role: 'model', parts: [call] },
    { role: 'user', parts: [response, { text: 'and?' }] },
  ];
  const lines = [
    { ...line, uuid: 's1', parentUuid: null, type: 'system', subtype: 'chat_compression', systemPayload: { compressedHistory: history } },
    { ...line, uuid: 'u1', parentUuid: 's1', type: 'user', message: { parts: [response, { text: 'go on' }, { executableCode: {} }] } },
    { ...line, uuid: 'a1', parentUuid: 'u1', type: 'assistant', message: { parts: [{ text: 'done' }] } },
  ];
  const [entry] = together(qwenCode, lines).rollouts;
  expect(branchesOf(entry)).toEqual([[undefined, 'sum', '{}', 'dry', 'and?', 'dry', 'go on [executableCode]', '* done']]);
  expect(notesOf(entry)).toMatchObject([{ code: 'content-part', found: 'a part of type executableCode' }]);
});

it('contents of Gemini keep the order of what is said and given, images, and all of a response', () => {
  const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
  const given = (response: unknown, more: object = {}) => ({ function_response: { id: 'c', name: 'look', response, ...more } });
  const event = (author: string, role: string, ...parts: unknown[]) => ({ author, content: { role, parts }, timestamp: 1700000000 });
  const entry = only(adk, {
    id: 's',
    events: [
      event('user', 'user', { text: 'look' }, image),
      event('gardener', 'model', { function_call: { id: 'c', name: 'look', args: { at: 1 } } }),
      event('gardener', 'user', given({ output: 'dry' }), given({ output: 'dry', more: 1 }), { text: 'and' }, given({ error: 'none' })),
      event('gardener', 'user', given('wet', { parts: [image] })),
      event('gardener', 'model', { text: 'so', thought: true }, { text: 'dry' }),
    ],
  });
  expect(branchesOf(entry)).toEqual([
    [undefined, 'look [image]', '* {"at":1}', 'dry', '{"output":"dry","more":1}', 'and', 'none', 'wet[image]', '* so dry'],
  ]);
  expect(notesOf(entry)).toEqual([]);
  if (entry?.ok !== true) throw new Error('refused');
  const parts = entry.rollout.branches[0]?.events.flatMap((one) => one.parts) ?? [];
  expect(parts.flatMap(({ images }) => images ?? [])).toMatchObject([{ entry: image.inlineData }, { entry: image.inlineData }]);
  expect(parts.filter(({ error }) => error === true).map(({ text }) => text)).toEqual(['none']);
});

/** What is wrong with single lines, and which. */
const faultsOf = ({ faults }: DecodedLines): readonly [unknown, string][] =>
  faults.map(({ line, complaint }) => [line.value, complaint.found]);

describe('lines and files beside those of a rollout', () => {
  it('of managed agents are counted by kind, or faults', () => {
    const stream = (payload: unknown): unknown => ['client.beta.sessions.events.stream', payload];
    const odd = [stream({ type: 'agent.dreams' }), stream('x'), { a: 1 }];
    const read = together(managedAgents, [
      ['client.beta.sessions.create', { id: 's' }],
      ['client.beta.sessions.events.send', ['s', {}]],
      stream({ type: 'user.message', content: 'q' }),
      stream({ type: 'span.model_request_start' }),
      ...odd,
      stream({ type: 'agent.message', content: 'a' }),
      stream({ type: 'session.status_idle', stop_reason: { type: 'end_turn' } }),
    ]);
    expect(faultsOf(read)).toEqual([
      [odd[0], 'an event of type agent.dreams'],
      [odd[1], 'a list of 2'],
      [odd[2], 'an object with a'],
    ]);
    expect(read.rollouts).toMatchObject([
      {
        ok: true,
        rollout: { status: 'end_turn' },
        fields: {
          lines: 9,
          asideLines: 4,
          aside: 'session.status_idle 1, sessions.create 1, sessions.events.send 1, span.model_request_start 1',
        },
      },
    ]);
    const none = together(managedAgents, [['client.beta.sessions.create', { id: 's' }], stream('x')]);
    expect([none.rollouts.length, none.faults.length]).toEqual([1, 1]);
  });

  it('of LangSmith are faults, as are batches with entries that are no runs', () => {
    const run = (id: string) => ({ id, trace_id: id, run_type: 'llm', inputs: { messages: [say('user', 'q')] }, outputs: { output: 'a' } });
    const mixed = { post: [run('c'), 7], patch: [{ id: 'c', end_time: '2026-03-04T09:00:00Z' }] };
    const read = together(langsmith, [run('b'), { a: 1 }, mixed, 'x']);
    expect(read.rollouts).toHaveLength(2);
    expect(faultsOf(read)).toEqual([
      [{ a: 1 }, 'an object with a'],
      [mixed, '1 in a batch that are no objects'],
      ['x', 'the text "x"'],
    ]);
  });

  it('of opencode are faults, be they rows of none or parts of no message', () => {
    const message = (id: string, role: string) => ({ id, role, sessionID: 's', time: { created: id === 'u' ? 1 : 2 } });
    const part = (id: string, text: string) => ({ id, type: 'text', text });
    const exported = {
      info: { id: 's', projectID: 'p', directory: '/srv' },
      messages: [
        { info: message('u', 'user'), parts: [part('p1', 'q'), 'odd'] },
        { info: message('a', 'assistant'), parts: [part('p2', 'so')] },
        'odd',
      ],
    };
    const orphan = { ...part('p3', 'lost'), messageID: 'gone' };
    const read = together(opencode, [exported, orphan]);
    expect(read.rollouts.flatMap(branchesOf)).toEqual([[undefined, 'q', '* so']]);
    expect(faultsOf(read)).toMatchObject([
      ['odd', 'the text "odd"'],
      ['odd', 'the text "odd"'],
      [orphan, 'a part of another'],
    ]);
  });

  it('of OpenHands are noted', () => {
    const event = (kind: string, more: object) => ({ kind, timestamp: '2026-03-04T09:00:00', source: 'user', ...more });
    const events = { 'event-0.json': event('MessageEvent', { llm_message: say('user', 'q') }), 'event-1.json': { a: 1 } };
    const entry = only(openhandsConversation, { member: 'a', events });
    expect(branchesOf(entry)).toEqual([[undefined, 'q']]);
    expect(notesOf(entry)).toMatchObject([{ code: 'no-answer' }, { code: 'unknown-line', found: 'none in 1 of 2' }]);
  });

  it('of calls are noted', () => {
    const call = { messages: [say('user', 'q')], response: { choices: [{ message: say('assistant', 'a') }] } };
    const calls = { 'a.json': call, 'b.json': { a: 1 }, 'c.json': { messages: [], response: {} } };
    const entry = only(callFiles, { member: 'a', calls });
    expect(branchesOf(entry)).toEqual([[undefined, 'q', '* a']]);
    expect(notesOf(entry)).toMatchObject([{ code: 'call', found: 'none in 2 of 3' }]);
  });
});

it('agents and turns of MARTI that are none are noted', () => {
  const entry = only(marti, { history: [[{ agent_id: 'g', user: 'q', assistant: 'a' }, { user: { b: 1 } }], 'odd'] });
  expect(branchesOf(entry)).toEqual([[undefined, 'q', '* a', '{"b":1}']]);
  expect(notesOf(entry)).toMatchObject([
    { code: 'turn', expected: 'text at history[0][1].user' },
    { code: 'turn', expected: 'text at history[0][1].assistant' },
    { code: 'agent', expected: 'a list of turns at history[1]', found: 'the text "odd"; left out' },
  ]);
});

it('steps of smolagents keep what was observed and what failed, and are noted where they are none', () => {
  const steps = [
    { task: 'q' },
    { model_output: 'look', tool_calls: [{ name: 'look', arguments: {} }], observations: { bed: 1 } },
    { model_output: 'try', error: { type: 'AgentError', message: 'no tool' } },
    { model_output: 'again', observations: 'dry', error: 'late' },
    7,
    { plan: 'x' },
  ];
  const record = { question: 'q', answer: 'so', intermediate_steps: steps };
  const entry = only(smolagents, record);
  expect(branchesOf(entry)).toEqual([[undefined, 'q', '* look {}', '{"bed":1}', '* try', 'no tool', '* again', 'dry\nlate', '* so']]);
  expect(notesOf(entry)).toMatchObject([
    { code: 'steps', found: 'the number 7; left out' },
    { code: 'steps', found: 'an object with plan; left out' },
  ]);
  if (entry?.ok !== true) throw new Error('refused');
  const failed = entry.rollout.branches[0]?.events.map(({ parts }) => parts.some(({ error }) => error === true));
  expect(failed).toEqual([false, false, false, false, true, false, true, false]);
  const none = only(smolagents, { ...record, intermediate_steps: 7 });
  expect(notesOf(none)).toMatchObject([{ code: 'steps', found: 'the number 7; left out' }]);
});

it('a message of a session that is none is noted', () => {
  const notes: Complaint[] = [];
  expect(sessionEvent({ role: 'ghost', content: 'a' }, notes)).toBeNull();
  expect(notes).toMatchObject([{ code: 'role' }]);
});

describe('lines of a session that are told again count once', () => {
  const at = (second: number): string => `2026-03-04T09:00:0${second}.000Z`;
  const usage = { input_tokens: 3, promptTokenCount: 3 };
  const claude = (uuid: string, parentUuid: string | null, role: string, text: string) => ({
    uuid,
    parentUuid,
    sessionId: 's',
    type: role,
    timestamp: at(1),
    message: { role, content: [{ type: 'text', text }], ...(role === 'assistant' ? { id: `m ${uuid}`, model: 'm', usage } : {}) },
  });
  const qwen = (uuid: string, parentUuid: string | null, type: string, text: string) => ({
    uuid,
    parentUuid,
    sessionId: 's',
    type,
    timestamp: at(1),
    usageMetadata: usage,
    message: { parts: [{ text }] },
  });
  const item = (second: number, role: string, text: string) => ({
    timestamp: at(second),
    type: 'response_item',
    payload: { type: 'message', role, content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }] },
  });
  const message = (id: string, role: string, created: number) => ({ id, role, sessionID: 's', time: { created }, tokens: usage });
  const part = (id: string, messageID: string, text: string) => ({ id, messageID, type: 'text', text });
  const logs: readonly (readonly [Format, readonly unknown[]])[] = [
    [
      claudeCode,
      [
        claude('u', null, 'user', 'q'),
        claude('a', 'u', 'assistant', 'so'),
        claude('v', 'a', 'user', 'go'),
        claude('b', 'v', 'assistant', 'on'),
      ],
    ],
    [
      qwenCode,
      [qwen('u', null, 'user', 'q'), qwen('a', 'u', 'assistant', 'so'), qwen('v', 'a', 'user', 'go'), qwen('b', 'v', 'assistant', 'on')],
    ],
    [codex, [item(1, 'user', 'q'), item(2, 'assistant', 'so'), item(3, 'user', 'go'), item(4, 'assistant', 'on')]],
    [
      opencode,
      [
        message('u', 'user', 1),
        message('a', 'assistant', 2),
        message('v', 'user', 3),
        message('b', 'assistant', 4),
        part('1', 'u', 'q'),
        part('2', 'a', 'so'),
        part('3', 'v', 'go'),
        part('4', 'b', 'on'),
      ],
    ],
  ];

  it.each(logs)('$id', (format, lines) => {
    const read = (values: readonly unknown[]): DecodedLines => together(format, values);
    const whole = read(lines);
    expect(whole.rollouts.flatMap(branchesOf)).toEqual([[undefined, 'q', '* so', 'go', '* on']]);
    const fieldsOf = ({ rollouts }: DecodedLines): Record<string, unknown> => {
      const [entry] = rollouts;
      return entry?.ok && typeof entry.fields === 'object' ? { ...entry.fields } : {};
    };
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length - 1), { minLength: 1, maxLength: 6 }), (again) => {
        const copies = again.toSorted((a, b) => b - a);
        const values: unknown[] = [...lines];
        for (const i of copies) values.splice(i + 1, 0, structuredClone(lines[i]));
        const found = read(values);
        expect(found.rollouts.flatMap(branchesOf)).toEqual(whole.rollouts.flatMap(branchesOf));
        const { lines: count, asideLines, aside, ...rest } = fieldsOf(found);
        const { lines: _, asideLines: __, aside: ___, ...before } = fieldsOf(whole);
        expect([count, asideLines, aside, rest]).toEqual([values.length, copies.length, `repeated ${copies.length}`, before]);
      }),
    );
  });
});
