/** Which turns a log says, or shows, were cut off. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/model/rollout.ts';
import { isCutOff, saysCutOff } from '../../../src/formats/cut-off.ts';
import { FORMATS } from '../../../src/formats/registry.ts';

const user = { role: 'user', content: 'Count.' };
const answer = (content: string, more: object = {}): object => ({ role: 'assistant', content, ...more });

/** event -> whether it is marked */
function marked(record: object, format = 'chat'): boolean[] {
  const reader = FORMATS.find(({ id }) => id === format);
  const [decoded] = reader?.decode(record, { name: 'a', path: 'a', index: 0, line: 1 }) ?? [];
  if (!decoded?.ok) throw new Error('the record is refused');
  return (decoded.rollout satisfies Rollout).branches.flatMap(({ events }) => events.map(({ truncated }) => truncated === true));
}

describe('a turn is cut off', () => {
  it('by a reason of one level, however deep a log nests it', () => {
    let deep: unknown = 'length';
    for (let i = 0; i < 50_000; i++) deep = { type: deep };
    expect(isCutOff(deep)).toBe(false);
    expect(isCutOff({ type: 'length' })).toBe(true);
  });
  it.each([
    ['its message says so', { messages: [user, answer('1, 2', { finish_reason: 'length' })] }],
    ['its message says so as Anthropic does', { messages: [user, answer('1, 2', { stop_reason: 'max_tokens' })] }],
    ['the record says so', { messages: [user, answer('1, 2')], finish_reason: 'length' }],
    ['the record has a mark', { messages: [user, answer('1, 2')], is_truncated: true, status: 'completed' }],
    ['it opens a thought and does not close it', { messages: [user, answer('<think>\nOne, then')] }],
    ['it holds thoughts alone', { messages: [user, answer('', { reasoning_content: 'One, then' })] }],
  ])('where %s', (_, record) => {
    expect(marked(record)).toEqual([false, true]);
  });
  it('where the text of a rollout ends in mid-thought', () => {
    const record = { input: 'user\nCount.\nassistant\n', output: '<think>\nOne, then', score: 0, step: 1 };
    expect(marked(record, 'verl').at(-1)).toBe(true);
  });
});

describe('a turn is whole', () => {
  it.each([
    ['it ends by itself', { messages: [user, answer('1, 2', { finish_reason: 'stop' })] }],
    ['its thoughts are closed', { messages: [user, answer('<think>\nOne.\n</think>\n\n1')] }],
    ['it holds thoughts alone and ended by itself', { messages: [user, answer('', { reasoning_content: 'One.', finish_reason: 'stop' })] }],
    ['a limit of turns ended the rollout', { messages: [user, answer('1, 2')], status: 'max_turns' }],
    ['it is empty', { messages: [user, answer('')] }],
  ])('where %s', (_, record) => {
    expect(marked(record)).toEqual([false, false]);
  });
  it('before the turn that was cut off, and where a result comes last', () => {
    const call = answer('', { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] });
    const result = { role: 'tool', tool_call_id: 'a', content: 'x' };
    expect(marked({ messages: [user, call, result, answer('1,')], status: 'truncated' })).toEqual([false, false, false, true]);
    expect(marked({ messages: [user, call, result], status: 'truncated' })).toEqual([false, false, false]);
  });
});

it('takes any value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      expect([true, false, undefined]).toContain(saysCutOff(value));
      expect(isCutOff(value)).toBe(typeof value === 'string' ? isCutOff(value.toUpperCase()) : isCutOff(value));
    }),
  );
  expect(saysCutOff({ meta_info: { finish_reason: { type: 'length', length: 5 } } })).toBe(true);
  expect(saysCutOff({ choices: [{ finish_reason: 'tool_calls' }] })).toBe(false);
});
