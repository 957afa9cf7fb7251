/** Runs of messages and kinds tile the ids they were cut from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCompletion, cutMessages, replyParts } from '../../../src/formats/chatml-ids.ts';

const [S, E, N, N2, CALL, END_CALL, RESULT, END_RESULT, THINK, END_THINK] = [
  151644, 151645, 198, 271, 151657, 151658, 151665, 151666, 151667, 151668,
] as const;
const [SYSTEM, USER, ASSISTANT] = [8948, 872, 77091] as const;
const kinds = (ids: readonly number[]) => cutCompletion(ids).map(({ kind, start, end }) => `${kind} ${start}-${end}`);

describe('cutMessages', () => {
  it('finds messages, results and the opening of a reply', () => {
    const ids = [S, SYSTEM, N, 1, E, N, S, USER, N, RESULT, 2, END_RESULT, N, RESULT, 3, END_RESULT, E, N, S, ASSISTANT, N];
    expect(cutMessages(ids)!.map(({ role, start, end, open }) => `${role} ${start}-${end}${open ? ' open' : ''}`)).toEqual([
      'system 0-6',
      'user 6-18',
      'assistant 18-21 open',
    ]);
    expect(cutMessages(ids)![1].results).toEqual([
      { kind: 'result', start: 6, end: 13 },
      { kind: 'result', start: 13, end: 18 },
    ]);
  });
  it('gives what closes the message before to the first one', () => {
    expect(cutMessages([9, 9, N, S, USER, N, 1, E, N], 2)).toEqual([{ role: 'user', start: 2, end: 9, open: false, results: [] }]);
  });
  it('reads Llama 3, and refuses ids in which the same numbers mean something else', () => {
    expect(
      cutMessages([128000, 128006, 9125, 128007, 271, 5, 128009, 128006, 78191, 128007, 271])!.map(({ role, open }) => [role, open]),
    ).toEqual([
      ['system', false],
      ['assistant', true],
    ]);
    expect(cutMessages([S, 12, N, 4])).toBeNull();
    expect(cutMessages([S, USER, 4])).toBeNull();
    expect(cutMessages([1, 2, 3])).toBeNull();
  });
});

describe('cutCompletion', () => {
  it('cuts thinking, text and calls; line breaks alone are no text', () => {
    expect(kinds([THINK, 1, END_THINK, N2, 2, 3, N, CALL, 4, END_CALL, N, CALL, 5, END_CALL, E])).toEqual([
      'thinking 0-3',
      'text 3-7',
      'call 7-11',
      'call 11-15',
    ]);
    expect(kinds([THINK, 1, END_THINK, N2, CALL, 4, END_CALL, E])).toEqual(['thinking 0-4', 'call 4-8']);
  });
  it('takes all before a closing mark as thinking where the template has opened it', () => {
    expect(kinds([1, 2, END_THINK, N2, 3, E])).toEqual(['thinking 0-3', 'text 3-6']);
  });
  it('tiles any ids', () => {
    const id = fc.constantFrom(THINK, END_THINK, CALL, END_CALL, N, N2, E, 1, 2);
    fc.assert(
      fc.property(fc.array(id, { maxLength: 20 }), fc.nat(3), (ids, from) => {
        const runs = cutCompletion(ids, Math.min(from, ids.length));
        let at = Math.min(from, ids.length);
        for (const { start, end } of runs) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(ids.length);
      }),
    );
  });
});

describe('replyParts', () => {
  const runs = [
    { kind: 'thinking', start: 2, end: 5 },
    { kind: 'text', start: 5, end: 6 },
  ] as const;
  it('counts ids where every logged part has its run', () => {
    expect(replyParts(runs, [{ kind: 'thinking', text: 'Hm.' }], 2)).toEqual([
      { kind: 'scaffold', text: '', tokenCount: 2 },
      { kind: 'thinking', text: 'Hm.', tokenCount: 3 },
      { kind: 'text', text: '', tokenCount: 1 },
    ]);
  });
  it('does not count where the ids do not mark a part', () => {
    const parts = [
      { kind: 'text', text: 'Look:' },
      { kind: 'call', tool: 'look', text: '{}' },
    ] as const;
    expect(replyParts(runs, parts, 0)).toEqual(parts);
  });
});
