/** What a brush writes into a filter. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Filter } from '../../../../src/core/filter/filter.ts';
import { parseFilter } from '../../../../src/core/filter/parse.ts';
import { printFilter } from '../../../../src/core/filter/print.ts';
import { hasRange, withRange } from '../../../../src/core/filter/range.ts';
import { filterOf, plainRollout, takes } from '../../../helpers/randomFilters.ts';

function read(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault}`);
  return parsed.filter;
}

it('takes what the rest of the filter takes and the range holds, and is taken away again', () => {
  const number = fc.constantFrom(-1, 0, 0.5, 1, 3, 1e21);
  const range = fc.record({ from: number, to: number, isOpen: fc.boolean() });
  let replaced = 0;
  fc.assert(
    fc.property(filterOf(true), range, fc.array(plainRollout, { maxLength: 8 }), (filter, drawn, rollouts) => {
      const text = printFilter(filter);
      const parts: readonly Filter[] = filter.kind === 'and' ? filter.of : [filter];
      const others = parts.filter((part) => !(part.kind === 'compare' && part.name === 'reward'));
      if (others.length < parts.length) replaced++;
      const made = withRange(text, 'reward', drawn);
      expect(hasRange(made, 'reward')).toBe(true);
      for (const rollout of rollouts) {
        const isRest = others.every((part) => takes(part, rollout));
        expect([made, takes(read(withRange(made, 'reward', null)), rollout)]).toEqual([made, isRest]);
        const bounds = read(`reward>=${drawn.from} reward${drawn.isOpen ? '<' : '<='}${drawn.to}`);
        expect([made, takes(read(made), rollout)]).toEqual([made, isRest && takes(bounds, rollout)]);
      }
    }),
    { numRuns: 3000 },
  );
  expect(replaced).toBeGreaterThan(20);
});

it('leaves what else was typed as it is', () => {
  const range = { from: 0.5, to: 1, isOpen: false };
  expect(withRange('', 'reward', range)).toBe('reward>=0.5 reward<=1');
  expect(withRange('turns>3  "a  b"', 'reward', range)).toBe('turns>3  "a  b" reward>=0.5 reward<=1');
  expect(withRange('reward>=0 and reward < 0.2 error', 'reward', { ...range, isOpen: true })).toBe('error reward>=0.5 reward<1');
  expect(withRange('error or solved', 'reward', range)).toBe('(error or solved) reward>=0.5 reward<=1');
  expect(withRange('not reward<0.5', 'reward', range)).toBe('not reward<0.5 reward>=0.5 reward<=1');
  expect(withRange('turns>=1 turns<=2', 'turns', null)).toBe('');
  expect(withRange('', 'field.a b', { ...range, isOpen: true })).toBe('field."a b">=0.5 field."a b"<1');
  expect(withRange('reward>', 'reward', range)).toBe('reward>');
});
