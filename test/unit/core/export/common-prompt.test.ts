/** Groups of records behind a beginning that they share: as long as it can be, and never into what one of them trains. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { promptGroups } from '../../../../src/core/export/common-prompt.ts';

it('have the longest beginning that all share and none trains', () => {
  const record = fc
    .array(fc.nat(1), { minLength: 2, maxLength: 9 })
    .chain((ids) => fc.record({ ids: fc.constant(Int32Array.from(ids)), start: fc.integer({ min: 1, max: ids.length - 1 }) }));
  let long = 0;
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      const groups = promptGroups(records);
      expect(groups.flatMap(({ members }) => members).length).toBe(records.length);
      for (const { length, members } of groups) {
        const [first] = members;
        expect(length).toBeGreaterThan(0);
        const isShared = (tokens: number): boolean =>
          members.every(({ ids, start }) => tokens <= start && ids.slice(0, tokens).every((id, i) => id === first.ids[i]));
        expect(isShared(length)).toBe(true);
        expect(isShared(length + 1)).toBe(false);
        if (members.length > 1 && length > 1) long++;
      }
    }),
  );
  expect(long).toBeGreaterThan(3);
});
