/** Records that are made to cost more than their length: what is read of them grows with it, and what they come to has a bound. */
import { describe, expect, it, vi } from 'vitest';
import { readSteps } from '../../../src/formats/atif-steps.ts';
import { branchesOfChatCalls, type ChatCall } from '../../../src/formats/chat-calls.ts';
import { inspect } from '../../../src/formats/inspect.ts';
import { inspectCalls } from '../../../src/formats/inspect-calls.ts';
import type { JsonObject } from '../../../src/formats/json.ts';
import { readEvents } from '../../../src/formats/openhands-said.ts';
import { paddedBatch } from '../../../src/formats/padded-batch.ts';

const CONTEXT = { name: 'a.json', path: 'a.json', index: 0, line: 1 };
const list = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** A member that counts how often it is read. */
function counted<T extends object>(tally: { reads: number }, object: T, key: string, value: unknown): T & JsonObject {
  const get = (): unknown => {
    tally.reads++;
    return value;
  };
  return Object.defineProperty(object, key, { get, enumerable: true }) as T & JsonObject;
}

describe('events of OpenHands', () => {
  const user = (id: number, content: unknown = 'x'): JsonObject => ({ id, action: 'message', source: 'user', args: { content } });
  const said = (id: number): JsonObject => ({ id, action: 'message', source: 'agent', args: { content: 'y' } });
  const condensed = (id: number, from = -2, to = -1): JsonObject => ({
    id,
    action: 'condensation',
    args: { forgotten_events_start_id: from, forgotten_events_end_id: to, summary: '' },
  });

  it('are looked at once for ranges that are forgotten', () => {
    const tally = { reads: 0 };
    const events = [...list(300, user), ...list(300, (i) => condensed(300 + i, 0, 298))].map(({ id, ...event }) =>
      counted(tally, event, 'id', id),
    );
    const read = readEvents(events, []);
    expect(read).toMatchObject({ ok: true, branches: [{ events: { length: 1 } }] });
    expect(tally.reads).toBeLessThan(4 * events.length);
  });

  it('forget what is in the range alone, and what is named', () => {
    const named = { id: 9, action: 'condensation', args: { forgotten_event_ids: [4, 'b'], summary: '' } };
    const others = { id: 10, action: 'condensation', args: { forgotten_events_start_id: 0, forgotten_events_end_id: 1, summary: 's' } };
    const events = [user(0, 'a'), user(1, 'b'), user(2, 'c'), { ...user(0, 'd'), id: '0.0' }, user(4, 'e'), named, others, said(11)];
    const read = readEvents(events, []);
    expect(read.ok && read.branches.map(({ events: own }) => own.map(({ parts }) => parts[0]?.text))).toEqual([['s', 'c', 'd', 'y']]);
  });

  it('are refused where condensations show them more often than a rollout may hold messages', () => {
    const many = list(3000, (i) => user(i));
    const views = (count: number, between: boolean): JsonObject[] =>
      list(count, (i) => [...(between ? [said(i)] : []), condensed(i)]).flat();
    for (const between of [true, false]) {
      expect(readEvents([...many, ...views(10, between)], [])).toMatchObject({ ok: true });
      expect(readEvents([...many, ...views(1000, between)], [])).toMatchObject({ ok: false, complaint: { code: 'expansion' } });
    }
  });

  it('are read once, in however many branches they stand', () => {
    const tally = { reads: 0 };
    const part = counted(tally, { type: 'text' }, 'text', 'x');
    const first = { id: 'a', kind: 'MessageEvent', source: 'user', llm_message: { role: 'user', content: [part] } };
    const readsOf = (branches: number): number => {
      tally.reads = 0;
      const read = readEvents([first, ...list(branches, (i) => [said(i), condensed(i)]).flat()], []);
      expect(read.ok && read.branches).toHaveLength(branches);
      return tally.reads;
    };
    expect(readsOf(100)).toBe(readsOf(10));
  });

  it('of one reply are joined to all its calls, and no log is changed', () => {
    const call = (i: number): JsonObject => ({
      id: `e${i}`,
      kind: 'ActionEvent',
      source: 'agent',
      llm_response_id: 'r',
      tool_call: { id: `c${i}`, name: `f${i}`, arguments: '{}' },
    });
    const own = [{ id: 'c', function: { name: 'first', arguments: '{}' } }];
    const message = { role: 'assistant', content: '', tool_calls: own };
    const first = { id: 'm', kind: 'MessageEvent', source: 'agent', llm_response_id: 'r', llm_message: message };
    const read = readEvents([first, ...list(500, call)], []);
    const tools = read.ok ? read.branches.flatMap(({ events }) => events.flatMap(({ parts }) => parts.map(({ tool }) => tool))) : [];
    expect(tools).toEqual(['first', ...list(500, (i) => `f${i}`)]);
    expect(own).toHaveLength(1);
  });
});

it('reads who wrote a step of ATIF a few times only', () => {
  const tally = { reads: 0 };
  const steps = list(400, () => counted(tally, { message: 'x' }, 'source', 'user'));
  const system = { source: 'system', message: 'n' };
  const read = readSteps({ steps: [...steps, system, { source: 'agent', message: 'y' }, system] }, []);
  expect(read.ok && read.branches[0]?.events.slice(400).map(({ parts }) => parts[0]?.kind)).toEqual(['system', 'text', 'summary']);
  expect(tally.reads).toBeLessThan(6 * steps.length);
});

it('reads the rows of a padded batch a few times only', () => {
  let reads = 0;
  const rows = new Proxy(
    list(300, (i) => [1, 2, 3 + i]),
    {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d/.test(key)) reads++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    },
  );
  const batch = {
    sequences: rows,
    attention_mask: rows.map(() => [1, 1, 1]),
    action_log_probs: rows.map(() => [-1]),
    reward: rows.map((_, i) => i),
  };
  reads = 0;
  const decoded = paddedBatch.decode(batch, CONTEXT);
  expect(decoded.map((each) => each.ok && each.rollout.reward)).toEqual(list(300, (i) => i));
  expect(reads).toBeLessThan(8 * rows.length);
});

describe('samples of Inspect', () => {
  it('are refused where their calls refer to more messages than they may', () => {
    const sample = (calls: number): JsonObject => ({
      id: 's',
      epoch: 1,
      input: 'x',
      messages: [{ role: 'user', content: 'x' }],
      events_data: { messages: list(4096, () => null) },
      events: list(calls, () => ({ event: 'model', input_refs: [[0, 4096]] })),
    });
    expect(inspect.decode(sample(4), CONTEXT)).toMatchObject([{ ok: true, notes: [{ code: 'missing-part' }, { code: 'no-answer' }] }]);
    expect(inspect.decode(sample(4100), CONTEXT)).toMatchObject([{ ok: false, complaint: { code: 'expansion' } }]);
  });

  it('are looked through once, however deep a call stands in spans', () => {
    const reply = { choices: [{ message: { role: 'assistant', content: 'y' } }] };
    const looks = (count: number): number => {
      const spans = list(count, (i) => ({ event: 'span_begin', id: `${i}`, parent_id: `${i - 1}`, type: i === 0 ? 'agent' : 'x' }));
      const calls = list(count, () => ({ event: 'model', span_id: `${count - 1}`, output: reply }));
      const spy = vi.spyOn(Map.prototype, 'get');
      const read = inspectCalls({
        sample: {},
        messages: [],
        events: [...spans, ...calls],
        inputOf: () => [],
        tooMany: null,
        resolved: (value) => value,
      });
      const { length } = spy.mock.calls;
      spy.mockRestore();
      expect(read).toHaveLength(count);
      return length;
    };
    expect(looks(100)).toBeLessThan(3 * looks(50));
  });
});

describe('calls that hold their whole prompts', () => {
  it('are refused where they come to more messages than a rollout may have', () => {
    const prompt = list(3000, () => ({ role: 'user', content: 'x' }));
    const calls = (count: number): ChatCall[] => list(count, () => ({ prompt, reply: { role: 'assistant', content: 'y' } }));
    expect(branchesOfChatCalls(calls(3), [], {})).toMatchObject({ ok: true, branches: [{}, {}, {}] });
    expect(branchesOfChatCalls(calls(1000), [], {})).toMatchObject({ ok: false, complaint: { code: 'expansion' } });
  });

  it('have a message that several branches share read once', () => {
    const tally = { reads: 0 };
    const readsOf = (count: number): number => {
      const prompt = [{ role: 'user', content: [counted(tally, { type: 'text' }, 'text', 'x')] }];
      tally.reads = 0;
      const read = branchesOfChatCalls(
        list(count, () => ({ prompt, reply: { role: 'assistant', content: 'y' } })),
        [],
        {},
      );
      expect(read.ok && read.branches).toHaveLength(count);
      return tally.reads;
    };
    expect(readsOf(100)).toBe(readsOf(10));
  });
});
