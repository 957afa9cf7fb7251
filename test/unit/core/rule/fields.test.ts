/** The table of settings: what is written is read again, from JSON, from an address and from flags, and nothing else is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pruneRule, RULE_HELP, RULE_OPTIONS } from '../../../../src/cli/rule-flags.ts';
import { EVENT_KINDS, type Protection } from '../../../../src/core/model/protection.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { AnyField } from '../../../../src/core/rule/field.ts';
import { RULE_FIELD_LIST, RULE_FIELDS } from '../../../../src/core/rule/fields.ts';
import { DEFAULT_TRUTHS } from '../../../../src/core/truths/settings.ts';
import { readRule } from '../../../../src/engine/read-rule.ts';

const level: fc.Arbitrary<Protection> = fc.oneof(
  fc.constant<Protection>({ level: 'pin' }),
  fc.double({ min: 0.001, max: 1e6, noNaN: true }).map((factor): Protection => ({ level: 'favour', factor })),
);
const key = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'));
const target = fc.oneof(
  fc.record({ where: fc.constantFrom('reward<0.5', 'tool:"look up" error', '/a{2}/') }),
  fc.record({ nodes: fc.array(key, { minLength: 1, maxLength: 3 }) }),
  fc.record({ rollouts: fc.array(key, { minLength: 1, maxLength: 3 }) }),
);
const act = fc
  .record({ verb: fc.constantFrom('drop', 'untrained', 'pin'), isOn: fc.boolean(), target })
  .map(({ verb, isOn, target: about }) => ({ verb, isOn, ...about }));
function valueOf(field: AnyField): fc.Arbitrary<unknown> {
  if (field.values) return fc.constantFrom(...field.values.map(({ id }) => id));
  if (field.type === 'number') return fc.constantFrom(0, 1, 1 / 3, 7, -4, 1e9).filter((value) => field.read(value) !== undefined);
  if (field.type === 'protection') return fc.dictionary(fc.constantFrom(...EVENT_KINDS), level).map((rules) => ({ ...rules }));
  if (field.type === 'shape') return fc.record({ parameters: fc.integer({ min: 1 }), layers: fc.nat(), width: fc.nat() });
  if (field.type === 'truths')
    return fc
      .record({ from: fc.constantFrom('best', 'chosen'), chosen: fc.array(key, { maxLength: 3 }) })
      .map((own) => ({ ...DEFAULT_TRUTHS, ...own }));
  if (field.type === 'acts') return fc.array(act, { maxLength: 4 });
  return fc.array(
    fc.record({ key: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0')), protection: level }),
    { minLength: 1, maxLength: 4 },
  );
}
const rules = fc.record(Object.fromEntries(RULE_FIELD_LIST.map((field) => [field.name, valueOf(field)])));

describe('the table of settings', () => {
  it('reads every rule that it can write, from JSON and from text', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(readRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
        for (const field of RULE_FIELD_LIST)
          expect(field.parse(field.write(rule[field.name]))).toEqual({ ok: true, value: rule[field.name] });
      }),
    );
  });

  it('makes the same rule from flags', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const flags = RULE_FIELD_LIST.flatMap((field) =>
          field.flag === null ? [] : [[field.flag, field.write(rule[field.name])] as const],
        );
        // Acts are flags whose order counts, and are read apart (test/unit/cli/acts.test.ts).
        expect(pruneRule(Object.fromEntries(flags))).toEqual({ ...rule, acts: [] });
      }),
    );
  });

  it('keeps the members of a rule in one order, whatever the order they come in', () => {
    const named = RULE_FIELD_LIST.filter((field) => field.default !== undefined).map(({ name }) => name);
    expect(Object.keys(DEFAULT_RULE)).toEqual(named);
    const reversed = Object.fromEntries(Object.entries(DEFAULT_RULE).reverse());
    expect(JSON.stringify(readRule(reversed))).toBe(JSON.stringify(readRule(DEFAULT_RULE)));
    expect(Object.keys(readRule(reversed) ?? {})).toEqual(Object.keys(DEFAULT_RULE));
    expect(readRule({})).toEqual(DEFAULT_RULE);
  });

  it('gives every setting a flag and an address of its own, and a line of help', () => {
    const flags = RULE_FIELD_LIST.flatMap(({ flag }) => (flag === null ? [] : [flag]));
    for (const names of [RULE_FIELD_LIST.map(({ address }) => address), flags]) expect(new Set(names).size).toBe(names.length);
    for (const { flag, values } of RULE_FIELD_LIST) {
      if (flag === null) continue;
      expect(RULE_OPTIONS[flag]).toEqual({ type: 'string' });
      const lines = RULE_HELP.split(/\n(?= {2}--)/).find((line) => line.startsWith(`  --${flag} `)) ?? '';
      for (const { id } of values ?? []) expect(lines.split(/[\s,():]+/)).toContain(id);
    }
    expect(RULE_HELP.split('\n').filter((line) => line.length > 120 || line !== line.trimEnd())).toEqual([]);
  });

  it.each([
    ['strategy', 'best', /--strategy: expected density, whole-branches, .*, found best$/],
    ['gamma', '', /--gamma: expected a number from 0 to 1, found $/],
    ['gamma', '1.1', /--gamma: expected a number from 0 to 1, found 1.1$/],
    ['context', '1.5', /--context: expected a whole number of at least 0, found 1.5$/],
    ['protect', 'memory=hold', /--protect: expected entries like memory=pin .*, found memory=hold$/],
    ['protect', 'memory=favour:0', /--protect: expected entries like/],
    ['hand', '0123:pin', /--hand: expected entries like 0123456789abcdef:pin .*, found 0123:pin$/],
    ['model', '8e9', /--model: expected PARAMETERS,LAYERS,WIDTH such as 8e9,32,4096, found 8e9$/],
    ['unit', 'flops', /--unit flops: needs --model SHAPE$/],
  ])('says what is wrong with --%s %s', (flag, text, sentence) => {
    expect(() => pruneRule({ [flag]: text })).toThrow(sentence);
  });

  it('knows one zero', () => {
    for (const value of [RULE_FIELDS.seed.read(-0), readRule({ gamma: -0 })?.gamma]) expect(value).toBe(0);
    expect(RULE_FIELDS.gamma.parse('-0')).toEqual({ ok: true, value: 0 });
  });

  it('takes no rule with a member of the wrong type or range', () => {
    for (const wrong of [
      { strategy: 'magic' },
      { gamma: 2 },
      { gamma: '1' },
      { context: -1 },
      { seed: 0.5 },
      { protect: { tool: { level: 'favour', factor: 0 } } },
      { trainProtect: { tool: 'pin' } },
      { model: { parameters: 0, layers: 1, width: 1 } },
      { scope: null },
    ])
      expect(readRule(wrong)).toBeNull();
    expect(readRule(null)).toBeNull();
  });
});

it('reads a strategy by its former name, from manifests, links and flags', () => {
  expect(readRule({ ...DEFAULT_RULE, strategy: 'max-reward-variance' })).toEqual({ ...DEFAULT_RULE, strategy: 'pods' });
  expect(RULE_FIELDS.strategy.parse('max-reward-variance')).toEqual({ ok: true, value: 'pods' });
  expect(pruneRule({ strategy: 'max-reward-variance' }).strategy).toBe('pods');
  expect(RULE_HELP).not.toContain('max-reward-variance');
});
