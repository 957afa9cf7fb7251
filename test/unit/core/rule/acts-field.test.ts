/** The stack of acts as a setting: right as a whole, or not at all. */
import { expect, it } from 'vitest';
import { MAX_ACT_KEYS, MAX_ACTS } from '../../../../src/core/acts/act.ts';
import { RULE_FIELDS } from '../../../../src/core/rule/fields.ts';

const { acts } = RULE_FIELDS;
const key = '0123456789abcdef';

it('reads lines with their members in one order, and writes what it reads again', () => {
  const read = acts.read([
    { isOn: false, where: 'reward<0.5', verb: 'drop' },
    { name: 'good', verb: 'favour', rollouts: [key], times: 3 },
    { verb: 'best', count: 2 },
  ]);
  expect(JSON.stringify(read)).toBe(
    `[{"verb":"drop","where":"reward<0.5","isOn":false},{"verb":"favour","rollouts":["${key}"],"times":3,"name":"good","isOn":true},` +
      '{"verb":"best","count":2,"isOn":true}]',
  );
  expect(acts.parse(acts.write(read ?? []))).toEqual({ ok: true, value: read });
  expect([acts.write([]), acts.parse('none')]).toEqual(['none', { ok: true, value: [] }]);
});

it.each([
  ['no list', {}],
  ['no verb', [{ where: 'a' }]],
  ['an unknown verb', [{ verb: 'fell', where: 'a' }]],
  ['no target', [{ verb: 'drop' }]],
  ['two targets', [{ verb: 'drop', where: 'a', nodes: [key] }]],
  ['a filter of blanks', [{ verb: 'drop', where: ' ' }]],
  ['a key that is none', [{ verb: 'drop', nodes: ['0123'] }]],
  ['no keys', [{ verb: 'drop', nodes: [] }]],
  ['more keys than a line may name', [{ verb: 'drop', nodes: Array.from({ length: MAX_ACT_KEYS + 1 }, () => key) }]],
  ['nodes that an export is limited to', [{ verb: 'keep', nodes: [key] }]],
  ['a factor of a drop', [{ verb: 'drop', where: 'a', times: 2 }]],
  ['a factor of nothing', [{ verb: 'favour', where: 'a', times: 0 }]],
  ['no number of the best', [{ verb: 'best' }]],
  ['half a rollout', [{ verb: 'best', count: 0.5 }]],
  ['a member that there is not', [{ verb: 'drop', where: 'a', why: 'b' }]],
  ['more lines than a stack may have', Array.from({ length: MAX_ACTS + 1 }, () => ({ verb: 'drop', where: 'a' }))],
])('refuses %s', (_, value) => {
  expect(acts.read(value)).toBeUndefined();
  expect(acts.parse(JSON.stringify(value)).ok).toBe(false);
});

it('refuses what is no JSON', () => {
  expect(acts.parse('[{')).toMatchObject({ ok: false });
});
