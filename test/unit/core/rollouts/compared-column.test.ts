import { expect, it } from 'vitest';
import { withComparedColumn } from '../../../../src/core/rollouts/compared-column.ts';
import { orderRows } from '../../../../src/core/rollouts/order-rows.ts';

it('says who keeps each rollout, before the fields of the log, in an order that sorts A before B', () => {
  const field = { type: 'number', id: 'field.a', label: 'a', help: '', unit: null, values: new Float64Array(4) } as const;
  const { columns } = withComparedColumn({ length: 4, columns: [field] }, Uint8Array.of(3, 2, 1, 0));
  const [column] = columns;
  if (column?.type !== 'text') throw new Error('expected a column of text first');
  expect(Array.from(column.codes, (code) => column.words[code])).toEqual(['both', 'B only', 'A only', 'neither']);
  expect(Array.from(orderRows(Int32Array.of(0, 1, 2, 3), column, false))).toEqual([2, 1, 0, 3]);
  expect(withComparedColumn({ length: 4, columns: [field] }, null).columns).toEqual([field]);
  expect(withComparedColumn({ length: 4, columns: [field] }, Uint8Array.of(1)).columns).toEqual([field]);
});
