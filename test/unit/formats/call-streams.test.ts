/** Streams of coding agents that tell of pieces, of calls that start and end, and of several turns. */
import { describe, expect, it } from 'vitest';
import { codexExec } from '../../../src/formats/codex-exec.ts';
import { cursorStream } from '../../../src/formats/cursor-stream.ts';
import type { Decoded, Format } from '../../../src/formats/format.ts';
import { asLines } from '../../../src/formats/together.ts';

const CONTEXT = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };

function only(format: Format, values: readonly unknown[]): Extract<Decoded, { ok: true }> {
  const { rollouts = [], faults = [] } = format.together?.(asLines(values), CONTEXT) ?? {};
  expect(faults).toEqual([]);
  expect(rollouts).toHaveLength(1);
  const [entry] = rollouts;
  if (!entry?.ok) throw new Error(JSON.stringify(entry));
  return entry;
}

/** Each turn of the first branch, with a star before what was sampled and the name of the tool before a call. */
function turnsOf({ rollout }: Extract<Decoded, { ok: true }>): readonly string[] {
  return (rollout.branches[0]?.events ?? []).map(
    ({ sampled, parts }) =>
      `${sampled ? '* ' : ''}${parts.map(({ kind, tool, text }) => (kind === 'call' ? `${tool}${text}` : text)).join(' | ')}`,
  );
}

describe('cursor-stream', () => {
  const session = { session_id: 's' };
  const user = (text: string) => ({ type: 'user', message: { role: 'user', content: [{ type: 'text', text }] }, ...session });
  const says = (text: string, more: object = {}) => ({
    type: 'assistant',
    message: { role: 'assistant', content: [{ type: 'text', text }] },
    ...session,
    ...more,
  });
  const delta = (text: string) => says(text, { timestamp_ms: 1 });
  const thought = (text: string) => ({ type: 'thinking', subtype: 'delta', text, ...session });
  const started = (id: string) => ({
    type: 'tool_call',
    subtype: 'started',
    call_id: id,
    tool_call: { lsToolCall: { args: { path: id } } },
    ...session,
  });
  const completed = (id: string) => ({
    type: 'tool_call',
    subtype: 'completed',
    call_id: id,
    tool_call: { lsToolCall: { args: { path: id }, result: { success: { output: `of ${id}` } } } },
    ...session,
  });

  it('leaves out a segment that is told again as a whole, before a call and at the end', () => {
    const entry = only(cursorStream, [
      user('q'),
      delta('Hello '),
      delta('world'),
      says('Hello world', { timestamp_ms: 2, model_call_id: 'm' }),
      started('a'),
      completed('a'),
      delta('It is '),
      thought('hm'),
      delta('done.'),
      says('It is done.'),
    ]);
    expect(turnsOf(entry)).toEqual(['q', '* Hello world | ls{"path":"a"}', 'of a', '* It is  | hm | done.']);
    // Two wholes, and one delta that is in the text of the one before it.
    expect(entry.fields).toMatchObject({ lines: 10, asideLines: 3, aside: 'superseded 3' });
  });

  it('keeps words that are said again, and wholes that are not what the deltas came to', () => {
    expect(turnsOf(only(cursorStream, [user('q'), says('ha'), says('ha')]))).toEqual(['q', '* ha | ha']);
    expect(turnsOf(only(cursorStream, [user('q'), delta('ha'), delta('ha'), says('haha'), says('haha')]))).toEqual(['q', '* haha | haha']);
    expect(turnsOf(only(cursorStream, [user('q'), delta('ha'), says('he')]))).toEqual(['q', '* ha | he']);
    expect(turnsOf(only(cursorStream, [user('q'), delta('ha'), started('a'), completed('a'), says('ha')]))).toEqual([
      'q',
      '* ha | ls{"path":"a"}',
      'of a',
      '* ha',
    ]);
  });

  it('ends a turn where a person speaks', () => {
    expect(turnsOf(only(cursorStream, [user('q1'), says('a1'), user('q2'), says('a2')]))).toEqual(['q1', '* a1', 'q2', '* a2']);
  });

  it('joins calls that run side by side', () => {
    const calls = [user('q'), started('a'), started('b'), completed('a'), completed('b'), says('so')];
    expect(turnsOf(only(cursorStream, calls))).toEqual(['q', '* ls{"path":"a"} | ls{"path":"b"}', 'of a', 'of b', '* so']);
    const other = [user('q'), started('a'), started('b'), completed('b'), completed('a'), says('so')];
    expect(turnsOf(only(cursorStream, other))).toEqual(['q', '* ls{"path":"a"} | ls{"path":"b"}', 'of b', 'of a', '* so']);
    const cutOff = [user('q'), started('a'), started('b'), completed('a')];
    expect(turnsOf(only(cursorStream, cutOff))).toEqual(['q', '* ls{"path":"a"} | ls{"path":"b"}', 'of a']);
  });
});

describe('codex-exec', () => {
  const item = (event: string, id: string, type: string, more: object) => ({ type: `item.${event}`, item: { id, type, ...more } });
  const said = (id: string, text: string) => item('completed', id, 'agent_message', { text });
  const started = (id: string) => item('started', id, 'command_execution', { command: id, aggregated_output: '', status: 'in_progress' });
  const completed = (id: string) =>
    item('completed', id, 'command_execution', { command: id, aggregated_output: `of ${id}`, exit_code: 0, status: 'completed' });
  const plan = (event: string, done: boolean) => item(event, 'p', 'todo_list', { items: [{ text: 'dig', completed: done }] });

  it('ends a turn of the model where a turn or a thread ends', () => {
    const turns = [{ type: 'turn.started' }, said('1', 'a1'), { type: 'turn.completed' }, { type: 'turn.started' }, said('2', 'a2')];
    expect(turnsOf(only(codexExec, turns))).toEqual(['* a1', '* a2']);
    const thread = { type: 'thread.started', thread_id: 't' };
    expect(turnsOf(only(codexExec, [thread, started('1'), completed('1'), said('2', 'a1'), thread, started('1'), completed('1')]))).toEqual(
      ['* shell{"command":"1"}', 'of 1', '* a1', '* shell{"command":"1"}', 'of 1'],
    );
  });

  it('joins calls that run side by side', () => {
    const calls = [started('a'), started('b'), completed('a'), completed('b'), said('c', 'so')];
    expect(turnsOf(only(codexExec, calls))).toEqual(['* shell{"command":"a"} | shell{"command":"b"}', 'of a', 'of b', '* so']);
    expect(turnsOf(only(codexExec, [started('a'), started('b'), completed('b')]))).toEqual([
      '* shell{"command":"a"} | shell{"command":"b"}',
      'of b',
    ]);
  });

  it('tells each change of a plan once', () => {
    const changes = [
      plan('started', false),
      started('a'),
      completed('a'),
      plan('updated', false),
      plan('updated', true),
      plan('completed', true),
    ];
    const entry = only(codexExec, [...changes, said('b', 'so')]);
    expect(turnsOf(entry)).toEqual([
      '* update_plan{"items":[{"text":"dig","completed":false}]} | shell{"command":"a"}',
      'of a',
      '* update_plan{"items":[{"text":"dig","completed":true}]} | so',
    ]);
    expect(entry.fields).toMatchObject({ lines: 7, asideLines: 2, aside: 'superseded 2' });
  });

  it('notes that a change of files is not the patch that the model wrote', () => {
    const changes = [{ path: 'a', kind: 'add' }];
    const start = item('started', 'f', 'file_change', { changes, status: 'in_progress' });
    const entry = only(codexExec, [start, item('completed', 'f', 'file_change', { changes, status: 'completed' })]);
    expect(turnsOf(entry)).toEqual(['* apply_patch{"changes":[{"path":"a","kind":"add"}]}', 'completed']);
    expect(entry.notes).toEqual([{ code: 'shown-call', expected: 'what the model wrote for a call', found: 'what was shown of it' }]);
  });
});
