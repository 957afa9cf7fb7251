import '../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesToTell, type ParsePlace } from '../../../src/engine/parse-thread.ts';

const BEAT_MS = 500;
const SMALL = 1 << 16;

/** What is told of records of such sizes, each after so many milliseconds. */
function told(records: readonly (readonly [size: number, ms: number])[], isCareful: boolean): ParsePlace[] {
  const places: ParsePlace[] = [];
  let now = 0;
  const pass = placesToTell(
    { isCareful },
    (place) => places.push(place),
    () => now,
  );
  records.forEach(([size, ms], record) => {
    now += ms;
    pass({ record, size, stage: 'parsing' });
  });
  return places;
}

const same = (count: number, size: number): [number, number][] => Array.from({ length: count }, () => [size, 0]);

describe('the places of a parse thread that are told', () => {
  it('are all of them where the job is careful', () => {
    expect(told(same(20, 10), true).map(({ record }) => record)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('give each large record the time of one at least as large, with few messages', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 * SMALL }), fc.integer({ min: 0, max: 2 * BEAT_MS })), { minLength: 1 });
    fc.assert(
      fc.property(sizes, (records) => {
        const places = told(records, false);
        let now = 0;
        let heard = -Infinity;
        records.forEach(([size, ms], record) => {
          now += ms;
          const last = places.findLast((place) => place.record <= record);
          if (last?.record === record) heard = now;
          expect(size <= Math.max(SMALL, last?.size ?? 0)).toBe(true);
          expect(now - heard).toBeLessThan(BEAT_MS);
        });
      }),
    );
    // Records of one size are one place, however many they are.
    expect(told(same(1000, 10 * SMALL), false)).toHaveLength(1);
  });
});
