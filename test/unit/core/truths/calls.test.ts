/** What two calls differ in: arguments by value, accepted values, places, and names that are compared. */
import { describe, expect, it } from 'vitest';
import { canonicalValue, LONGEST_VALUE } from '../../../../src/core/truths/canonical.ts';
import { argumentsOf, asTruth, CALL, NEVER, pairCost, type TrueCall } from '../../../../src/core/truths/calls.ts';

const made = (tool: string, text: string) => ({ tool, args: argumentsOf(text) });
const truth = (tool: string, text: string): TrueCall => asTruth(made(tool, text));
const accepting = (args: Record<string, unknown[]>): TrueCall => ({
  tool: 'play',
  args: Object.entries(args).map(([name, accepted]) => ({
    name,
    value: canonicalValue(accepted),
    accepted,
    mayMiss: accepted.includes(''),
  })),
  compares: null,
});

describe('pairs of calls', () => {
  it('are equal whatever the order of members, at any depth', () => {
    expect(
      pairCost(made('f', '{"a":{"x":1,"y":[2,{"q":3,"p":4}]},"b":2}'), truth('f', '{"b":2.0,"a":{"y":[2,{"p":4,"q":3}],"x":1}}')),
    ).toBe(0);
    expect(pairCost(made('f', '{"a":[1,2]}'), truth('f', '{"a":[2,1]}'))).toBe(CALL);
  });

  it('cost what differs, of the arguments of both and the name', () => {
    expect(pairCost(made('f', '{"a":1,"b":2,"c":3}'), truth('f', '{"a":1,"b":9,"d":4}'))).toBe((2 * CALL * 3) / 5);
    expect(pairCost(made('f', '{}'), truth('f', '{}'))).toBe(0);
    expect(pairCost(made('f', '{}'), truth('g', '{}'))).toBe(NEVER);
  });

  it('tell a text from a number, and texts to the letter', () => {
    expect(pairCost(made('f', '{"a":"1"}'), truth('f', '{"a":1}'))).toBe(CALL);
    expect(pairCost(made('f', '{"a":"X"}'), truth('f', '{"a":"x"}'))).toBe(CALL);
  });

  it('tell long values apart, and know equal ones', () => {
    const long = (end: string) => JSON.stringify({ a: 'x'.repeat(LONGEST_VALUE) + end });
    expect(pairCost(made('f', long('1')), truth('f', long('1')))).toBe(0);
    expect(pairCost(made('f', long('1')), truth('f', long('2')))).toBe(CALL);
  });

  it('take arguments that are no object as one, and no text as none', () => {
    expect(made('sh', ' ls -l ').args).toEqual([['', '"ls -l"']]);
    expect(made('sh', '["ls"]').args).toEqual([['', '["ls"]']]);
    expect(made('sh', '').args).toEqual([]);
    expect(pairCost(made('sh', 'ls'), truth('sh', 'ls'))).toBe(0);
    expect(() => made('f', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).not.toThrow();
  });

  it('are compared by some names only, where the truth says so', () => {
    const only: TrueCall = { ...truth('f', '{"a":1,"b":2}'), compares: ['a'] };
    expect(pairCost(made('f', '{"a":1,"b":9,"c":3}'), only)).toBe(0);
    expect(pairCost(made('f', '{"a":2}'), only)).toBe(CALL);
    expect(pairCost(made('f', '{"z":1}'), { ...only, compares: [] })).toBe(0);
  });

  it('accept one of several values, and a value that may be left out', () => {
    const play = accepting({ artist: ['Taylor Swift', 'Maroon 5'], duration: [20], rate: [1, ''] });
    expect(pairCost(made('play', '{"artist":"taylor-swift","duration":20}'), play)).toBe(0);
    expect(pairCost(made('play', '{"artist":"Maroon 5","duration":20,"rate":1}'), play)).toBe(0);
    expect(pairCost(made('play', '{"artist":"Maroon 5","duration":20,"rate":2}'), play)).toBe((2 * CALL) / 4);
    expect(pairCost(made('play', '{"artist":"Maroon 5"}'), play)).toBe((2 * CALL) / 4);
  });

  it('accept members of objects by their lists', () => {
    const play = accepting({ song: [{ name: ['A', 'B'], year: [1999, ''] }] });
    expect(pairCost(made('play', '{"song":{"name":"b"}}'), play)).toBe(0);
    expect(pairCost(made('play', '{"song":{"name":"B","year":1999}}'), play)).toBe(0);
    expect(pairCost(made('play', '{"song":{"name":"C"}}'), play)).toBe(CALL);
    expect(pairCost(made('play', '{"song":{"name":"A","more":1}}'), play)).toBe(CALL);
  });

  it('take an argument without a name by its place', () => {
    const sort: TrueCall = { tool: 'sort', args: [{ name: null, value: '"f.pdf"' }], compares: null };
    expect(pairCost(made('sort', '{"file_name":"f.pdf"}'), sort)).toBe(0);
    expect(pairCost(made('sort', '{}'), sort)).toBe(CALL);
  });

  it('hold values that nest deeper than is compared for different, and for no fault', () => {
    const deep = `${'['.repeat(70)}${']'.repeat(70)}`;
    expect(pairCost(made('play', `{"artist":${deep}}`), accepting({ artist: [['A']] }))).toBe(CALL);
  });
});
