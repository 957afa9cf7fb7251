/** That the table finds what a Map of strings finds, and forgets on demand. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeByteTable } from '../../../src/engine/tokenizers/byte-table.ts';

const key = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 });

it('finds what was added, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), fc.array(key, { maxLength: 40 }), fc.nat(), (added, asked, keep) => {
      const table = makeByteTable(40);
      const entries = new Map<string, number>();
      for (const bytes of added) {
        if (entries.has(bytes.join())) continue;
        entries.set(bytes.join(), table.add(Uint8Array.from([9, ...bytes]), 1, bytes.length + 1, bytes.length));
      }
      const check = (): void => {
        for (const bytes of [...added, ...asked]) {
          const entry = table.find(Uint8Array.from([7, 7, ...bytes]), 2, bytes.length + 2);
          expect(entry).toBe(entries.get(bytes.join()) ?? -1);
          if (entry >= 0) expect([table.value(entry), ...table.bytes(entry)]).toEqual([bytes.length, ...bytes]);
        }
      };
      check();
      const kept = keep % (entries.size + 1);
      table.truncate(kept);
      for (const [name, entry] of entries) if (entry >= kept) entries.delete(name);
      check();
    }),
  );
});

it('refuses more than it was made for', () => {
  const table = makeByteTable(1);
  table.add(Uint8Array.of(1), 0, 1, 0);
  expect(() => table.add(Uint8Array.of(2), 0, 1, 0)).toThrow(/1 entries/);
});
