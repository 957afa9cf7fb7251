/** Packed rows: every record in one of them, none too long, in one pass and with few rows open. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePacker } from '../../../../src/engine/export/pack.ts';

const ROOM = 100;

function pack(lengths: readonly number[]): { rows: number[][]; mostHeld: number } {
  const packer = makePacker<number>(ROOM);
  const rows: number[][] = [];
  let held = 0;
  let mostHeld = 0;
  for (const [record, length] of lengths.entries()) {
    const full = packer.add(record, length);
    held += length - (full ?? []).reduce((sum, other) => sum + lengths[other], 0);
    mostHeld = Math.max(mostHeld, held);
    if (full) rows.push([...full]);
  }
  for (const row of packer.rest()) rows.push([...row]);
  return { rows, mostHeld };
}

it('hold every record once, in rows that are long enough for theirs', () => {
  let shared = 0;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: ROOM }), { maxLength: 400 }), (lengths) => {
      const { rows, mostHeld } = pack(lengths);
      expect(rows.flat().toSorted((a, b) => a - b)).toEqual([...lengths.keys()]);
      for (const row of rows) {
        expect(row.reduce((sum, record) => sum + lengths[record], 0)).toBeLessThanOrEqual(ROOM);
        expect(row).toEqual(row.toSorted((a, b) => a - b));
        if (row.length > 1) shared++;
      }
      expect(mostHeld).toBeLessThanOrEqual(64 * ROOM);
      expect(pack(lengths)).toEqual({ rows, mostHeld });
    }),
  );
  expect(shared).toBeGreaterThan(5);
});

it('are nearly full where records are short', () => {
  const lengths = Array.from({ length: 2000 }, (_, i) => 1 + ((i * 37) % 60));
  const least = Math.ceil(lengths.reduce((sum, length) => sum + length, 0) / ROOM);
  expect(pack(lengths).rows.length).toBeLessThan(1.05 * least);
});

it('take a record into the row that it leaves least room in', () => {
  const packer = makePacker<string>(10);
  expect(packer.add('a', 6)).toBeNull();
  expect(packer.add('b', 5)).toBeNull();
  expect(packer.add('c', 3)).toBeNull();
  expect(packer.add('d', 4)).toBeNull();
  expect(packer.add('e', 1)).toEqual(['a', 'c', 'e']);
  expect(packer.add('f', 10)).toEqual(['f']);
  expect(packer.rest()).toEqual([['b', 'd']]);
  expect(() => packer.add('g', 11)).toThrow('does not fit');
});
