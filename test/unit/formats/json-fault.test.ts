/** Faults of JSON in words that no engine decides. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFault } from '../../../src/formats/json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it('finds a fault in exactly the texts that are no JSON', () => {
  const mutated = fc
    .tuple(
      fc.json(),
      fc.array(
        fc.record({
          at: fc.nat(),
          gone: fc.nat(2),
          put: fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', 'e', '.', '\n', 'u00', 'true'),
        }),
        { maxLength: 3 },
      ),
    )
    .map(([text, changes]) =>
      changes.reduce((all, { at, gone, put }) => {
        const place = at % (all.length + 1);
        return all.slice(0, place) + put + all.slice(place + gone);
      }, text),
    )
    .filter((text) => !/True|False|None|undefined|NaN|nan|Infinity|inf/.test(text));
  fc.assert(
    fc.property(mutated, (text) => {
      const fault = jsonFault(text);
      expect(fault === null, text).toBe(isJson(text));
      if (fault) expect(fault.at).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});

it.each([
  ['not json at all', 0, '"not" where a value should come'],
  ['{"a": 1', 7, 'the end of the text where "," or "}" should come'],
  ['{"a" 1}', 5, '"1" where ":" behind a key should come'],
  ['[1, ]', 4, '"]" where a value should come'],
  ['{"a": "un', 9, 'the end of the text inside a string'],
  ['{"a": NaN, "b": 01}', 17, '"1" where "," or "}" should come'],
  ['["a\\x"]', 3, 'an escape in a string that JSON does not have'],
  ['', 0, 'the end of the text where a value should come'],
  ['{} {}', 3, '"{" where nothing more should come'],
])('says of %j where it stops and why', (text, at, message) => {
  expect(jsonFault(text)).toEqual({ at, message });
});

it('goes through a text that is nested a million deep', () => {
  expect(jsonFault('['.repeat(1e6))).toEqual({ at: 1e6, message: 'the end of the text where a value or "]" should come' });
});
