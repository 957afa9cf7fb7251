/** The filter language against what docs/filter.md says: any text, any filter, any log. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkFilter } from '../../../../src/core/filter/check.ts';
import { matchFilter } from '../../../../src/core/filter/match.ts';
import { parseFilter } from '../../../../src/core/filter/parse.ts';
import { printFilter } from '../../../../src/core/filter/print.ts';
import { finderOf, textTermsOf } from '../../../../src/core/filter/text-terms.ts';
import { columnsOf, filterOf, placeless, plainRollout, takes } from '../../../helpers/randomFilters.ts';

const pieceOfText = fc.constantFrom(
  'reward',
  'tool',
  '<',
  '<=',
  '=',
  '!=',
  ':',
  '-',
  '(',
  ')',
  '"',
  '/',
  '\\',
  '*',
  ' ',
  'or ',
  'not ',
  'and',
  '0.5',
  '..',
  'é',
  '\n',
  'field."',
);
const anyText = fc.oneof(
  fc.string(),
  fc.array(pieceOfText, { maxLength: 20 }).map((pieces) => pieces.join('')),
);

it('makes a filter or a fault of any text, with its place inside the text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseFilter(text);
      if (!parsed.ok) {
        expect(parsed.fault.length).toBeGreaterThan(0);
        expect(0 <= parsed.from && parsed.from <= parsed.to && parsed.to <= text.length).toBe(true);
        return;
      }
      const again = parseFilter(printFilter(parsed.filter));
      if (!again.ok) throw new Error(`${text} -> ${printFilter(parsed.filter)}: ${again.fault}`);
      expect(placeless(again.filter)).toEqual(placeless(parsed.filter));
    }),
    { numRuns: 3000 },
  );
});

it('reads what it prints', () => {
  fc.assert(
    fc.property(filterOf(false), (filter) => {
      const parsed = parseFilter(printFilter(filter));
      if (!parsed.ok) throw new Error(`${printFilter(filter)}: ${parsed.fault}`);
      expect(placeless(parsed.filter)).toEqual(placeless(filter));
    }),
    { numRuns: 2000 },
  );
});

it('takes the rollouts that it says', () => {
  fc.assert(
    fc.property(filterOf(true), fc.array(plainRollout, { maxLength: 8 }), (filter, rollouts) => {
      const columns = columnsOf(rollouts);
      expect(checkFilter(filter, columns.columns)).toBeNull();
      const texts = new Map(
        textTermsOf(filter).map((term) => {
          const finder = finderOf(term);
          return [term.key, Uint8Array.from(rollouts, ({ text }) => (finder.next(text, 0) === null ? 0 : 1))];
        }),
      );
      expect([...matchFilter(filter, columns, texts)].map(Boolean)).toEqual(rollouts.map((rollout) => takes(filter, rollout)));
    }),
    { numRuns: 2000 },
  );
});

it('finds places that do not overlap, from left to right', () => {
  const expression = fc
    .constantFrom('a*', 'a+', '(?:ab)*', '^b|a$', '', 'aa|a')
    .map((text) => ({ kind: 'expression' as const, text, flags: '' }));
  const words = fc.constantFrom('a', 'ab', 'aa', 'A', 'ba').map((text) => ({ kind: 'words' as const, text, flags: '' }));
  fc.assert(
    fc.property(fc.oneof(expression, words), fc.string({ unit: fc.constantFrom('a', 'b', 'A', '😀') }), (term, text) => {
      const isExact = term.kind === 'expression' || term.text === 'A';
      const source = new RegExp(term.text, isExact ? 'g' : 'gi');
      const expected = [...text.matchAll(source)]
        .filter(([match]) => match !== '')
        .map(({ index, 0: match }) => [index, index + match.length]);
      const finder = finderOf(term);
      const found: number[][] = [];
      for (let place = finder.next(text, 0); place !== null; place = finder.next(text, place.end)) found.push([place.start, place.end]);
      expect(found).toEqual(expected);
    }),
  );
});
