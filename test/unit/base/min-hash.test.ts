import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agreement, bandKeys, jaccard, shingles, signatureOf } from '../../../src/base/min-hash.ts';

const words = fc.array(fc.nat(40), { minLength: 1, maxLength: 60 });

/** All runs as texts. */
function slowRuns(values: readonly number[], width: number): Set<string> {
  const runs = new Set<string>();
  for (let at = 0; at === 0 || at + width <= values.length; at++) runs.add(values.slice(at, at + width).join());
  return runs;
}

it('has the runs of a list once each, and their Jaccard similarity', () => {
  fc.assert(
    fc.property(words, words, fc.integer({ min: 1, max: 5 }), (a, b, width) => {
      const [x, y] = [slowRuns(a, width), slowRuns(b, width)];
      expect(shingles(a, width).length).toBe(x.size);
      const both = [...x].filter((run) => y.has(run)).length;
      expect(jaccard(shingles(a, width), shingles(b, width))).toBeCloseTo(both / (x.size + y.size - both), 12);
    }),
  );
  expect(shingles([], 3)).toHaveLength(0);
  expect(shingles([1, 2], 3)).toHaveLength(1);
});

it('estimates the similarity within four standard errors, of small sets too', () => {
  const list = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);
  for (const size of [20, 200, 2000])
    for (const shift of [0, 0.05, 0.1, 0.25, 0.5]) {
      const moved = Math.round(shift * size);
      let sum = 0;
      const trials = 40;
      for (let trial = 0; trial < trials; trial++) {
        const [a, b] = [shingles(list(trial * 9973, size), 1), shingles(list(trial * 9973 + moved, size), 1)];
        sum += agreement(signatureOf(a), signatureOf(b));
      }
      const exact = (size - moved) / (size + moved);
      expect(Math.abs(sum / trials - exact)).toBeLessThan(
        4 * Math.sqrt((exact * (1 - exact) + 1e-9) / Math.min(128, size) / trials) + 0.02,
      );
    }
});

it('gives equal sets equal keys, and alike ones a key in common', () => {
  const list = (from: number): number[] => Array.from({ length: 500 }, (_, i) => (from + i) * 2654435761);
  const keys = (from: number): Float64Array => bandKeys(signatureOf(shingles(list(from), 1)));
  expect(keys(7)).toEqual(keys(7));
  let shared = 0;
  let chance = 0;
  for (let trial = 0; trial < 200; trial++) {
    const [a, alike, other] = [keys(trial * 10_007), keys(trial * 10_007 + 50), keys(trial * 10_007 + 100_000_000)];
    if (a.some((key, band) => key === alike[band])) shared++;
    if (a.some((key, band) => key === other[band])) chance++;
  }
  // Jaccard similarity 450/550: found with probability .999.
  expect(shared).toBeGreaterThanOrEqual(197);
  expect(chance).toBe(0);
});
