import { describe, expect, it } from 'vitest';
import { CHANNELS, type TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { FLAG, KINDS } from '../../../../src/core/model/kinds.ts';
import type { Branch, Part, Rollout, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { makeBatchWriter } from '../../../../src/core/tokens/batch-writer.ts';
import { makeMemoryRule } from '../../../../src/core/tokens/memory-rules.ts';
import { pendingCalls } from '../../../../src/core/tokens/pending.ts';
import { tokeniseRollout } from '../../../../src/core/tokens/tokenise.ts';
import { makeTokeniseCounts, type Tokenisation } from '../../../../src/core/tokens/tokenisation.ts';
import type { Tokenizer } from '../../../../src/core/tokens/tokenizer.ts';

/** One token per character: its code. */
const characters: Tokenizer = {
  name: 'characters',
  encode: (text) => Array.from(text, (character) => character.charCodeAt(0)),
  bytes: (id) => (id < 128 ? Uint8Array.of(id) : new Uint8Array(0)),
};
const tokenisation = (settings: Partial<Tokenisation> = {}): Tokenisation => ({
  tokenizer: characters,
  encode: characters.encode,
  template: null,
  isMemory: makeMemoryRule(['memory', 'note']),
  maxNodeTokens: null,
  counts: makeTokeniseCounts(),
  tried: { found: 0, missed: 0 },
  ...settings,
});
const event = (role: RolloutEvent['role'], sampled: boolean, ...parts: Part[]): RolloutEvent => ({ role, sampled, parts });
const user = event('user', false, { kind: 'user', text: 'hi' });
const call = (id: string, tool = 'search'): Part => ({ kind: 'call', text: '{"q":1}', tool, callId: id });
const result = (id: string): RolloutEvent => event('tool', false, { kind: 'result', text: 'r', callId: id });

function spell(events: readonly RolloutEvent[], settings: Partial<Tokenisation> = {}): TrajectoryBatch {
  const rollout: Rollout = { id: 'r', task: 't', reward: 1, branches: [{ events }] };
  const writer = makeBatchWriter();
  const row = writer.addRollout({
    id: 'r',
    task: 't',
    taskLabel: 't',
    source: 0,
    line: 1,
    address: { unit: 'bytes', start: 0, size: 0, member: 0 },
    reward: 1,
    advantage: null,
    status: '',
    policy: '',
    startedAt: null,
  });
  tokeniseRollout(writer, rollout, row, tokenisation(settings));
  return writer.finish();
}
const draw = (batch: TrajectoryBatch): string[] =>
  Array.from(batch.segmentKind, (kind, s) => {
    const end = batch.segmentStart[s + 1] ?? batch.tokens.length;
    const flags = Object.entries(FLAG)
      .filter(([, bit]) => batch.segmentFlags[s] & bit)
      .map(([name]) => name);
    return [KINDS[kind], end - batch.segmentStart[s], ...flags].join(' ');
  });

describe('spelling messages', () => {
  it('gives one segment per context message and one per part of a sampled turn', () => {
    const batch = spell([user, event('assistant', true, { kind: 'thinking', text: 'a' }, { kind: 'text', text: 'bc' })]);
    expect(draw(batch)).toEqual([
      `user ${3 + 4 + 2 - 0}`,
      'scaffold 11',
      `thinking ${'<think>\na\n</think>\n'.length} sampled open final`,
      'text 3 sampled final',
    ]);
  });
  it('lets no path end behind a header that no prompt precedes', () => {
    const turn = event('assistant', true, { kind: 'text', text: 'x' });
    expect(draw(spell([turn]))[0]).toBe('scaffold 11 open');
    expect(draw(spell([user, turn]))[1]).toBe('scaffold 11');
  });
  it('keeps a path open from a call to the last result that answers its turn', () => {
    const batch = spell([
      user,
      event('assistant', true, call('1'), call('2')),
      result('2'),
      result('1'),
      event('assistant', true, { kind: 'text', text: 'x' }),
    ]);
    const open = Array.from(batch.segmentFlags, (flags) => (flags & FLAG.open ? 1 : 0));
    expect(Array.from(batch.segmentKind, (kind) => KINDS[kind])).toEqual([
      'user',
      'scaffold',
      'call',
      'call',
      'result',
      'result',
      'scaffold',
      'text',
    ]);
    expect(open).toEqual([0, 0, 1, 1, 1, 0, 0, 0]);
  });
  it('leaves a call without a logged result closed', () => {
    expect(draw(spell([user, event('assistant', true, call('1'))])).at(-1)).toMatch(/^call \d+ sampled final$/);
  });
  it('marks calls of memory tools, and only those', () => {
    const kinds = (tool: string) =>
      Array.from(spell([user, event('assistant', true, call('1', tool))]).segmentKind, (kind) => KINDS[kind]).at(-1);
    expect(['memory_write', 'takeNotes', 'search', 'airplane_search'].map(kinds)).toEqual(['memory', 'memory', 'call', 'call']);
  });
  it('does not mark assistant turns that the policy did not sample', () => {
    expect(draw(spell([user, event('assistant', false, { kind: 'text', text: 'demo' })])).at(-1)).toBe('text 5');
  });
  it('cuts long segments into blocks, and calls stay open inside', () => {
    // A message's header goes with its first block, its end mark with the last.
    expect(draw(spell([event('user', false, { kind: 'user', text: 'abcdefghi' })], { maxNodeTokens: 4 }))).toEqual([
      'user 10',
      'user 4',
      'user 2',
    ]);
    const batch = spell([user, event('assistant', true, call('1')), result('1')], { maxNodeTokens: 50 });
    const calls = draw(batch).filter((line) => line.startsWith('call'));
    expect(calls).toEqual(['call 50 sampled open final', 'call 17 sampled open final']);
  });
});

describe('spelling logged ids', () => {
  const ids = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
  it("cuts where the mask changes and where a readable run's parts begin", () => {
    const text = '<think>\nwhy\n</think>\n<tool_call>{"name": "search"}</tool_call>';
    const turn: RolloutEvent = {
      role: 'assistant',
      sampled: true,
      parts: [{ kind: 'thinking', text: 'why' }, call('1')],
      tokens: {
        ids: ids(`A>${text}`),
        mask: ids(`A>${text}`).map((_, index) => (index < 2 ? 0 : 1)),
        logprobs: ids(`A>${text}`).map((_, index) => (index < 2 ? NaN : -index)),
      },
    };
    const batch = spell([turn, { ...result('1'), tokens: { ids: ids('rr') } }]);
    expect(draw(batch)).toEqual([
      'scaffold 2',
      `thinking ${text.indexOf('<tool_call>')} sampled open final`,
      `call ${text.length - text.indexOf('<tool_call>')} sampled open final`,
      'result 2',
    ]);
    const surprisal = batch.channels[CHANNELS.indexOf('surprisal')]!;
    expect([surprisal[0], surprisal[2], surprisal[3]]).toEqual([NaN, 2, 3]);
  });
  it('gives an unreadable run the most specific kind of its parts', () => {
    const turn: RolloutEvent = {
      role: 'assistant',
      sampled: true,
      parts: [{ kind: 'text', text: 'zz' }, call('1')],
      tokens: { ids: [1, 2, 3] },
    };
    expect(draw(spell([turn]))).toEqual(['call 3 sampled final']);
  });
  it('takes an unreadable prompt of several messages for no call and no result', () => {
    const prompt: RolloutEvent = {
      role: 'tool',
      sampled: false,
      parts: [{ kind: 'user', text: 'zz' }, call('1'), ...result('1').parts],
      tokens: { ids: [1, 2, 3] },
    };
    expect(draw(spell([prompt]))).toEqual(['user 3']);
    expect(draw(spell([{ ...result('1'), tokens: { ids: [1, 2] } }]))).toEqual(['result 2']);
  });
  it('places log-probs of token texts by their bytes, sums preserved', () => {
    const turn: RolloutEvent = {
      role: 'assistant',
      sampled: true,
      parts: [{ kind: 'text', text: 'abcd' }],
      tokens: { texts: ['ab', 'cd'], logprobs: [-2, -4] },
    };
    const surprisal = spell([user, turn]).channels[CHANNELS.indexOf('surprisal')]!;
    expect(Array.from(surprisal).filter((value) => !Number.isNaN(value))).toEqual([1, 1, 2, 2]);
  });
});

describe('pendingCalls', () => {
  const branch = (...events: RolloutEvent[]): Branch => ({ events });
  it('pairs by id, newest first, and by order where ids are missing', () => {
    const anonymous = event('assistant', true, { kind: 'call', text: '{}', tool: 'a' });
    const answer = event('tool', false, { kind: 'result', text: '' });
    expect([...pendingCalls(branch(anonymous, answer, anonymous))]).toEqual([1, 0, 0]);
    expect([...pendingCalls(branch(event('assistant', true, call('1')), event('assistant', true, call('1')), result('1'), user))]).toEqual([
      0, 1, 0, 0,
    ]);
  });
});
