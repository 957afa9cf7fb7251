import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash128 } from '../../../../src/base/hash.ts';
import { hashArguments } from '../../../../src/core/tokens/action-text.ts';
import { hashWritten } from '../../../../src/core/tokens/canonical-arguments.ts';
import { canonicalArguments, canonicalJson } from '../../../helpers/canonicalArguments.ts';
import '../../../helpers/drawSeed.ts';

const WRITTEN = String.raw`" \ \" \n \t \r \f \b \/ \u0041 \u2028 \ud83d \ud83d\ude00 - : , { } [ ]`.split(' ');
const VALUES = ['2024-01-02', '2024-01-02T10:20:30.5Z', '0123abcd-0123-abcd-0123-0123456789ab', 'face-off', 'a-b: +1'];
const CHARACTERS = [...Array.from('\n\t\v\u00a0\u2003\u2028\ufeff\u0085\u007f\u0000é漢😀'), ' ', '  ', '\ud83d', '\ude00'];
const SPECIAL = [...WRITTEN, ...VALUES, ...CHARACTERS];
const pieces = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...SPECIAL) }, fc.string({ maxLength: 5 })), { maxLength: 8 });
const name = fc.oneof(
  fc.constantFrom('id', 'uuid', 'call_id', 'callId', 'my_id', 'Date', 'time', 'a', 'b', 'path', '__proto__', '1', '0', '10', 'a b', ''),
  fc.string({ maxLength: 4 }),
  pieces.map((parts) => parts.join('')),
);
const number = fc.oneof(
  fc.constantFrom('0', '-0', '00', '1.0', '0.5', '-0.5', '-0.0', '1.50', '1e5', '1E-7', '0.000001', '0.0000001', '.5', '5.', '-', '+1'),
  fc.constantFrom('9007199254740993', '123456789012345', '1234567890123456', '0.30000000000000004', '1234567.12345', 'NaN', 'tru'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.integer().map(String),
  fc.constantFrom('true', 'false', 'null'),
);
const blank = fc.constantFrom('', '', '', ' ', '\n', ' \t\r\n', '\u00a0');

/** Text that is JSON, or nearly. */
const written = fc.letrec<{ value: string }>((tie) => {
  const string = fc.oneof(
    pieces.map((parts) => JSON.stringify(parts.join(''))),
    pieces.map((parts) => `"${parts.join('')}"`),
  );
  const list = (entries: fc.Arbitrary<string>, open: string, close: string): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.array(entries, { maxLength: 4 }),
        fc.constantFrom(',', ',', ',', ',', ',,', ''),
        fc.constantFrom(close, close, close, `,${close}`),
      )
      .map(([all, comma, end]) => `${open}${all.join(comma)}${end}`);
  const member = fc
    .tuple(name, fc.boolean(), fc.constantFrom(':', ':', ':', ':', ' :', ''), tie('value'))
    .map(([key, isRaw, colon, value]) => `${isRaw ? `"${key}"` : JSON.stringify(key)}${colon}${value}`);
  return {
    value: fc
      .tuple(
        blank,
        fc.oneof({ depthSize: 'small' }, string, number, list(tie('value'), '[', ']'), list(member, '{', '}'), list(member, '{', '}')),
        blank,
      )
      .map((parts) => parts.join('')),
  };
}).value;

const hashSlowly = (head: string, text: string): string => hash128(head + canonicalArguments(text));

describe('hashWritten', () => {
  it('hashes the canonical text of what is written, or leaves it to others', () => {
    let taken = 0;
    fc.assert(
      fc.property(written, fc.constantFrom('', 'call\nread\n', 'é\ud83d\n'), (text, head) => {
        const hash = hashWritten(head, text);
        if (hash !== null) taken++;
        expect([hash ?? hashSlowly(head, text), hashArguments(head, text)]).toEqual(Array(2).fill(hashSlowly(head, text)));
      }),
      { numRuns: 6000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  it('takes what JSON.stringify writes, in any order of names', () => {
    const plain = fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replace(/\p{Cc}/gu, '\n'));
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        plain,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[A-Ca-z_ ]{0,4}$/), tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(hashWritten('', text)).toBe(hash128(canonicalJson(json)));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves what is too deep, too long or has too many members to others, and takes what is shorter after it', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}" a "${']'.repeat(depth)}`;
    const wide = (members: number): string => JSON.stringify(Object.fromEntries(Array.from({ length: members }, (_, i) => [`n${i}`, i])));
    const long = (units: number): string => JSON.stringify({ text: 'ab  漢'.repeat(units / 5) });
    const cases: [string, boolean][] = [
      ...[23, 24, 25, 5000].map((depth): [string, boolean] => [nested(depth), depth <= 24]),
      ...[512, 513].map((members): [string, boolean] => [wide(members), members <= 512]),
      ...[300_000, 1_500_000, 1000].map((units): [string, boolean] => [long(units), units < 1_000_000]),
    ];
    for (const [text, isTaken] of cases) {
      expect(hashArguments('', text)).toBe(hashSlowly('', text));
      expect(hashWritten('', text) !== null).toBe(isTaken);
    }
  });
});
