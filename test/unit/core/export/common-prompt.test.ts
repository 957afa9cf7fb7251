/** Groups of records behind a beginning that they share: as long as it can be, and never into what one of them trains. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { promptGroups } from '../../../../src/core/export/common-prompt.ts';

it('have the longest beginning that all share and none trains', () => {
  const ids = fc.array(fc.nat(1), { minLength: 6, maxLength: 6 });
  const records = fc
    .record({
      base: ids,
      members: fc.array(fc.record({ shared: fc.nat(6), rest: ids, start: fc.integer({ min: 1, max: 5 }) }), { maxLength: 4 }),
    })
    .map(({ base, members }) =>
      members.map(({ shared, rest, start }) => ({ ids: Int32Array.from([...base.slice(0, shared), ...rest.slice(shared)]), start })),
    );
  let long = 0;
  fc.assert(
    fc.property(records, (drawn) => {
      const groups = promptGroups(drawn);
      expect(groups.flatMap(({ members }) => members).length).toBe(drawn.length);
      for (const { length, members } of groups) {
        const [first] = members;
        expect(length).toBeGreaterThan(0);
        const isShared = (tokens: number): boolean =>
          members.every((member) => tokens <= member.start && member.ids.slice(0, tokens).every((id, i) => id === first.ids[i]));
        expect(isShared(length)).toBe(true);
        expect(isShared(length + 1)).toBe(false);
        if (members.length > 1 && length > 1) long++;
      }
    }),
    { numRuns: 300 },
  );
  expect(long).toBeGreaterThan(10);
});
