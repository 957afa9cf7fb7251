/** The setting of what relative rewards are measured by: written and read back, and nothing else is one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RULE_FIELDS } from '../../../../src/core/rule/fields.ts';
import { DEFAULT_TRUTHS, TRUTH_CHOICES, type TruthSettings } from '../../../../src/core/truths/settings.ts';

const field = RULE_FIELDS.truths;
const ids = <T extends string>(values: readonly { readonly id: T }[]): fc.Arbitrary<T> => fc.constantFrom(...values.map(({ id }) => id));
const settings: fc.Arbitrary<TruthSettings> = fc.record({
  from: ids(TRUTH_CHOICES.from),
  tools: ids(TRUTH_CHOICES.tools),
  answer: ids(TRUTH_CHOICES.answer),
  patch: ids(TRUTH_CHOICES.patch),
  user: ids(TRUTH_CHOICES.user),
  itself: ids(TRUTH_CHOICES.itself),
  formula: ids(TRUTH_CHOICES.formula),
  chosen: fc.array(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0')),
    { maxLength: 4 },
  ),
});

it('reads back what it writes, and JSON of it', () => {
  fc.assert(
    fc.property(settings, (value) => {
      expect(field.parse(field.write(value))).toEqual({ ok: true, value });
      expect(field.read(JSON.parse(JSON.stringify(value)))).toEqual(value);
    }),
  );
  expect(field.write(DEFAULT_TRUTHS)).toBe('default');
  expect(field.read({})).toEqual(DEFAULT_TRUTHS);
});

it('takes nothing else', () => {
  for (const text of ['', 'from', 'from=moon', 'from=solved,from=best', 'toString=1', 'chosen=zz', 'from=solved=1'])
    expect(field.parse(text).ok).toBe(false);
  for (const value of [null, 1, [], { from: 'moon' }, { chosen: 'x' }, { chosen: ['zz'] }, { formula: 1 }])
    expect(field.read(value)).toBeUndefined();
});
