/** A setting is one entry of a table: a toy one, put into the table, is a flag, a name in the address and a member of the manifest. */
import { expect, it, vi } from 'vitest';
import { writeHash, readHash } from '../../src/app/state/url.ts';
import { fieldsAt } from '../../src/app/views/budget/rule-control.tsx';
import { PRUNE_HELP } from '../../src/cli/commands/prune.ts';
import { pruneRule, RULE_OPTIONS } from '../../src/cli/rule-flags.ts';
import { DEFAULT_RULE, type PruneRule } from '../../src/core/model/rule.ts';
import { readRule } from '../../src/engine/read-rule.ts';
import { inputFile, exportSpec, memorySink, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/core/rule/fields.ts', async (original) => {
  const fields = await original<typeof import('../../src/core/rule/fields.ts')>();
  const { number } = await import('../../src/core/rule/field.ts');
  const patience = number({
    label: 'Patience',
    help: 'turns without progress that are kept',
    low: 0,
    high: 99,
    isInteger: true,
    unit: 'turn',
    default: 3,
    flag: 'patience',
    placeholder: 'N',
    address: 'patience',
    panel: 'more',
  });
  return {
    ...fields,
    RULE_FIELDS: { ...fields.RULE_FIELDS, patience },
    RULE_FIELD_LIST: [...fields.RULE_FIELD_LIST, { ...patience, name: 'patience' }],
  };
});

const withPatience = (value: unknown): PruneRule & { readonly patience?: unknown } => ({ ...DEFAULT_RULE, patience: value }) as PruneRule;

it('has its default in the default rule, and is checked where a rule is read', () => {
  expect(DEFAULT_RULE).toMatchObject({ patience: 3 });
  expect(readRule(withPatience(7))).toMatchObject({ patience: 7 });
  expect(readRule(withPatience(100))).toBeNull();
  expect(readRule(withPatience('7'))).toBeNull();
});

it('is a flag with its help', () => {
  expect(Object.keys(RULE_OPTIONS)).toContain('patience');
  expect(PRUNE_HELP).toContain('--patience N           turns without progress that are kept (default 3)');
  expect(pruneRule({ patience: '5' })).toMatchObject({ patience: 5 });
  expect(() => pruneRule({ patience: '100' })).toThrow('--patience: expected');
});

it('is in the address where it is not the default, and read from there', () => {
  const linked = { ...readHash(''), data: null };
  expect(writeHash({ ...linked, rule: withPatience(8) })).toBe('#patience=8');
  expect(writeHash({ ...linked, rule: withPatience(3) })).toBe('');
  expect(readHash('#patience=8').rule).toMatchObject({ patience: 8 });
  expect(readHash('#patience=1e9').rule).not.toHaveProperty('patience');
});

it('is in the panel of the page, where it says it wants to be', () => {
  expect(fieldsAt('more')).toContainEqual({ name: 'patience', label: 'Patience', help: 'Turns without progress that are kept' });
  expect(fieldsAt('main').map(({ name }) => name)).not.toContain('patience');
});

it('is in the manifest', async () => {
  const record = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n';
  const { session } = await openSession([inputFile('a.jsonl', record)]);
  const sink = memorySink();
  const { orderId } = session.order(withPatience(9));
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens'), sink, () => undefined);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({ settings: { rule: { patience: 9 } } });
});
