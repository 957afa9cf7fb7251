/** Fields of records as columns: which are kept where there are too many, and what becomes of mixed values. */
import { expect, it } from 'vitest';
import type { RolloutRow } from '../../../../src/core/model/batch.ts';
import { packFacts, type FieldValue } from '../../../../src/core/rollouts/facts.ts';
import { readFacts } from '../../../../src/core/rollouts/read-facts.ts';

function row(fields: Readonly<Record<string, FieldValue>>, tools: readonly string[] = []): RolloutRow {
  const counts = { turns: 1, calls: 0, errors: 0, parallel: 0, fieldsLeftOut: 0 };
  const address = { unit: 'bytes', start: 0, size: 0, member: 0 } as const;
  const said = {
    id: '',
    task: '',
    taskLabel: '',
    source: 0,
    line: 0,
    reward: null,
    advantage: null,
    status: '',
    policy: '',
    startedAt: null,
  };
  return { ...said, address, fieldNames: Object.keys(fields), facts: packFacts({ ...counts, tools, fields: Object.values(fields) }) };
}

it('keeps the fields that most rollouts have, in the order of the log, and counts the others', () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`once${i}`, i]));
  const others = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`twice${i}`, i]));
  const { fields, leftOut } = readFacts([row(many), row(others), row(others)]);
  expect(fields.length).toBe(128);
  expect(leftOut).toEqual({ columns: 22, values: 0 });
  expect(fields.map(({ label }) => label)).toEqual([...Object.keys(many).slice(0, 38), ...Object.keys(others)]);
});

it('makes words of a field whose values are not all numbers, and orders tools', () => {
  const { fields, tools } = readFacts([row({ a: 10 }, ['z', 'b']), row({ a: 'x' }), row({ a: true }, ['b', 'a']), row({ a: 9 })]);
  expect(fields).toMatchObject([{ id: 'field.a', type: 'text', words: ['9', '10', 'true', 'x'], codes: Int32Array.of(1, 3, 2, 0) }]);
  expect(tools).toEqual({ start: Int32Array.of(0, 2, 2, 4, 4), items: Int32Array.of(1, 2, 0, 1), words: ['a', 'b', 'z'] });
});

it('knows nothing of rows that came without a record', () => {
  const { turns, fields } = readFacts([{ ...row({}), facts: undefined } as unknown as RolloutRow]);
  expect([...turns]).toEqual([Number.NaN]);
  expect(fields).toEqual([]);
});
