/** That action keys are the hashes of canonical texts, as the plain way to make those texts gives them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash128 } from '../../../../src/base/hash.ts';
import { actionKey } from '../../../../src/core/tokens/actions.ts';

const VOLATILE_NAME = /^(id|uuid|.*_id$|call_?id|timestamp|time|date|created(_at)?|nonce|seed|request_?id)$/i;
const VOLATILE_VALUE =
  /^(\d{4}(-\d{2}){2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

/** The oracle: strings all the way. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return VOLATILE_VALUE.test(value) ? '""' : JSON.stringify(value.replace(/\s+/g, ' ').trim());
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .filter(([name]) => !VOLATILE_NAME.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
const callKey = (text: string): string | null => actionKey({ kind: 'call', tool: 'f', text }, 'assistant');
const talkKey = (text: string): string | null => actionKey({ kind: 'text', text }, 'user');

const bits = fc.constantFrom(
  ' ',
  '\n',
  '\t',
  '\v',
  '\f',
  '\r',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u202f',
  '\u205f',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\u0085',
  '\u001f',
  '\u0000',
  '\b',
  '\u007f',
  '"',
  '\\',
  'a',
  'Z',
  '0',
  '-',
  'é',
  'É',
  'Σ',
  'İ',
  '字',
  '😀',
  '\ud800',
  '\udc00',
  '@',
  '[',
  '`',
  '{',
);
const text = fc.oneof(
  fc.array(bits, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '2026-01-31',
    '2026-01-31T10:00:00.123Z',
    '2026-01-31x',
    '01234567-89ab-cdef-0123-456789ABCDEF',
    '01234567-89ab-cdef-0123-456789abcdeg',
  ),
);
const name = fc.oneof(text, fc.constantFrom('id', 'user_id', 'path', 'Time', '__proto__', 'b', 'a', '10', '9'));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('action keys', () => {
  it('are hashes of arguments with sorted names, without volatile fields, blanks collapsed', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (argument, indent) => {
        expect(callKey(JSON.stringify(argument, null, indent))).toBe(
          hash128(`call\nf\n${canonical(JSON.parse(JSON.stringify(argument)))}`),
        );
      }),
      { numRuns: 3000 },
    );
  });
  it('take arguments that are no JSON as text', () => {
    fc.assert(
      fc.property(text, (rest) => {
        expect(callKey(`{${rest} nothing`)).toBe(hash128(`call\nf\n${`{${rest} nothing`.replace(/\s+/g, ' ').trim()}`));
      }),
    );
  });
  it('hash the words of what is said', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 12 })), (said) => {
        const words = said
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, ' ')
          .trim();
        expect(talkKey(said)).toBe(words === '' ? null : hash128(`user\n${words}`));
      }),
      { numRuns: 3000 },
    );
  });
  it('take long texts and deep ones, and short ones after them', () => {
    const long = `${'word, '.repeat(400_000)}\u0000`;
    expect(callKey(JSON.stringify({ long }))).toBe(hash128(`call\nf\n${canonical({ long })}`));
    expect(talkKey(long)).toBe(hash128(`user\n${'word '.repeat(400_000).trim()}`));
    const escaped = '"\\ \u0001'.repeat(100_000);
    expect(callKey(JSON.stringify({ escaped }))).toBe(hash128(`call\nf\n${canonical({ escaped })}`));
    const deep = `${'['.repeat(40)}" x  y "${']'.repeat(40)}`;
    expect(callKey(deep)).toBe(hash128(`call\nf\n${'['.repeat(40)}" x  y "${']'.repeat(40)}`));
    expect(callKey('{"a":1}')).toBe(hash128('call\nf\n{"a":1}'));
  });
  it('are none for what follows from other actions', () => {
    expect(actionKey({ kind: 'result', text: 'x', tool: 'f' }, 'tool')).toBeNull();
    expect(actionKey({ kind: 'result', text: 'x', tool: 'f', error: true }, 'tool')).toBe(hash128('error\nf'));
    expect(actionKey({ kind: 'thinking', text: 'x' }, 'assistant')).toBeNull();
  });
});
