/** Lists of numbers read from bytes: the very doubles of JSON.parse, and nothing that is not strict JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEnds, numberListsOf } from '../../../../src/core/source/number-lists.ts';

const encoder = new TextEncoder();

function read(list: string): ArrayLike<number> | null {
  const found = numberListsOf(encoder.encode(list))!.read(1);
  if (found !== null) expect(found.end).toBe(list.indexOf(']') + 1);
  return found?.values ?? null;
}

function parsed(list: string): number[] | null {
  try {
    return (JSON.parse(list) as (number | boolean)[]).map(Number);
  } catch {
    return null;
  }
}

const digits = (most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), minLength: 1, maxLength: most });
const exponent = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'E-'), fc.nat(340)).map(([e, n]) => `${e}${n}`),
);
/** Numbers as writers print them, and as they could. */
const number = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, min: -20, max: 0 }).map(String),
    fc.double({ noNaN: true, min: -1, max: 1 }).map((value) => value.toFixed(20)),
    fc.integer().map(String),
    fc
      .tuple(fc.constantFrom('', '-'), fc.nat(999).map(String), digits(26), exponent)
      .map(([sign, whole, fraction, e]) => `${sign}${whole}.${fraction}${e}`),
    fc.constantFrom(
      '0',
      '-0',
      '-0.0',
      '0.0',
      '1e5',
      '1e-7',
      '1e400',
      '-1e400',
      '5e-324',
      '123456789',
      '999999999',
      '1234567890',
      '123456789012345',
    ),
  )
  .filter((text) => !/^-?\d{16}/.test(text));
const blank = fc.constantFrom('', '', '', ' ', '\n', '\t\r', '  ');

/** The decimals of the middle between two doubles, and what is next to it: where rounding is hardest. */
const middle = fc
  .tuple(fc.integer({ min: 1 << 22, max: (1 << 23) - 1 }), fc.integer({ min: 0, max: 2 ** 30 - 1 }), fc.integer({ min: 15, max: 20 }))
  .map(([upper, lower, length]) => {
    const mantissa = BigInt(upper) * 2n ** 30n + BigInt(lower);
    return `0.${((2n * mantissa + 1n) * 5n ** 54n).toString().padStart(54, '0').slice(0, length)}`;
  });

describe('lists of numbers', () => {
  it('are the doubles of JSON.parse, whatever the numbers look like', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(blank, fc.oneof(number, middle), blank), { minLength: 1, maxLength: 40 }), (entries) => {
        const list = `[${entries.map((entry) => entry.join('')).join(',')}]`;
        expect(Array.from(read(list)!)).toEqual(parsed(list));
      }),
      { numRuns: 3000 },
    );
  });

  it('are the doubles of JSON.parse for log-probs printed from float32', () => {
    let at = 1;
    const values = Float32Array.from({ length: 60_000 }, () => {
      at = (Math.imul(at, 1_664_525) + 1_013_904_223) | 0;
      const uniform = (at >>> 8) / 2 ** 24;
      return at & 1 ? Math.log(uniform + 2 ** -25) : -Math.exp(-20 * uniform);
    });
    const list = JSON.stringify(Array.from(values));
    expect(read(list)).toEqual(Float64Array.from(values));
  });

  it('are exact in their type', () => {
    expect(read('[1, -100 ,0]x')).toEqual(Int32Array.of(1, -100, 0));
    expect(read('[999999999,-999999999]')).toEqual(Int32Array.of(999_999_999, -999_999_999));
    expect(read('[1000000000]')).toEqual(Float64Array.of(1_000_000_000));
    expect(read('[-0]')).toEqual(Float64Array.of(-0));
    expect(read('[1.0]')).toEqual(Float64Array.of(1));
    expect(read('[true, false,true]')).toEqual(Uint8Array.of(1, 0, 1));
  });

  it('repeat a value for every entry that is spelled as the one before', () => {
    const short = ['0', '-7', '1.0', '0.5e1', '12345678', '0.12345678'];
    const long = ['-0.1234567890123456', '0.123456789012345678901', '0.1234567890123456789012345'];
    const spelled = [...short, ...long].flatMap((text) => [text, text, ` ${text}`, `${text.slice(0, -1)}9`]);
    const list = `[${spelled.join(',')}]`;
    expect(Array.from(read(list)!)).toEqual(parsed(list));
  });

  it('repeat runs of one entry, whatever stands between and behind them', () => {
    const text = fc.constantFrom(
      '0',
      '1',
      '-0',
      '0.0',
      '1.5e3',
      '-0.6384792327880859',
      '123456789',
      '0.1234567890123456789',
      '0.12345678901234567890123456789',
      '7x',
    );
    const run = fc.tuple(text, fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(
        fc.array(run, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ', ', ' ,', ',\n    '),
        fc.constantFrom('', ' ', ',', ', '),
        (runs, between, end) => {
          const entries = runs.flatMap(([entry, count]) => Array<string>(count).fill(entry));
          const list = `[${entries.join(between)}${end}]`;
          const values = read(`${list}${entries.join(between)}]`.slice(0, list.length + 40));
          expect(values && Array.from(values)).toEqual(parsed(list));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    '[]',
    '[ ]',
    '[,]',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1 2]',
    '[01]',
    '[-01]',
    '[00.5]',
    '[-]',
    '[+1]',
    '[.5]',
    '[1.]',
    '[1.5.5]',
    '[1e]',
    '[1e+]',
    '[0x5]',
    '[1/2]',
    '[1:2]',
    '[NaN]',
    '[Infinity]',
    '[-Infinity]',
    '[null]',
    '[1,null]',
    '["1"]',
    '[[1]]',
    '[{}]',
    '[1,[2]]',
    '[tru]',
    '[truefalse]',
    '[true false]',
    '[True]',
    '[true,1]',
    '[1,true]',
    '[false,]',
    '[1\f]',
    '[1\u00a0]',
    '[1',
    '[1,',
    '[',
    '[true',
    '[1,2}',
    '[1\u0000]',
    '[0.12345678901234567x]',
    '[0.1234567/]',
    '[0.12345678901:]',
    '[1234567890123456]',
    '[-1234567890123456]',
    '[1234567890123456.5]',
    '[1e1234567890123456]',
  ])('are not made of %s', (list) => {
    expect(numberListsOf(encoder.encode(list))!.read(1)).toBeNull();
    expect(numberListsOf(encoder.encode(list))!.endOf(1)).toBe(-1);
  });

  it('are skipped where they would be read, and nowhere else', () => {
    const piece = fc.constantFrom(
      '1',
      '0',
      '-',
      '.',
      'e',
      ',',
      ' ',
      'true',
      'false',
      '23',
      '0.5',
      ']',
      '[',
      '"',
      '12345678',
      '.12345678901234567',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = encoder.encode(`[${pieces.join('')}]`);
        const lists = numberListsOf(bytes)!;
        const found = lists.read(1);
        expect(lists.endOf(1)).toBe(found?.end ?? -1);
        const text = new TextDecoder().decode(bytes.subarray(0, found?.end));
        if (found) expect(Array.from(found.values)).toEqual(parsed(text));
        else {
          const first = text.slice(0, text.indexOf(']') + 1);
          const json = parsed(first);
          // What JSON can read and this cannot: nothing at all, long integers, numbers beside booleans, lists in lists.
          if (json !== null && json.length > 0 && !first.includes('"') && !/\d{16}/.test(first) && !/\[.*\[/.test(first))
            expect(first).toMatch(/true|false/);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('of one record do not reach into the bytes of the one before', () => {
    read(`[${'7,'.repeat(500)}7]`);
    expect(numberListsOf(encoder.encode('[1'))!.read(1)).toBeNull();
    expect(read('[12]')).toEqual(Int32Array.of(12));
  });
});

it('finds every line feed, wherever it stands', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat(120)), (noise, places) => {
      const bytes = noise.map((byte) => (byte === 10 ? 11 : byte));
      const ends = [...new Set(places)].filter((place) => place < bytes.length).sort((a, b) => a - b);
      for (const end of ends) bytes[end] = 10;
      expect(lineEnds(bytes)).toEqual(ends);
    }),
  );
  // What was in the module's memory before is no part of the next bytes.
  expect(lineEnds(Uint8Array.of(10, 10, 10))).toEqual([0, 1, 2]);
  expect(lineEnds(Uint8Array.of(0))).toEqual([]);
});
