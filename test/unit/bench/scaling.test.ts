import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../../bench/scaling/document.ts';
import type { Opening } from '../../bench/scaling/openings.ts';
import { fitPowerLaw, reaches } from '../../bench/scaling/fit.ts';

describe('fitting a power law', () => {
  it('finds the law that points were made by, and where it reaches a value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 3, noNaN: true }).filter((exponent) => Math.abs(exponent) > 0.05),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 6 }),
        (exponent, factor, xs) => {
          const law = fitPowerLaw(xs.map((x) => ({ x, y: factor * x ** exponent })));
          expect(law.exponent).toBeCloseTo(exponent, 8);
          expect(law.factor / factor).toBeCloseTo(1, 8);
          expect(law.explained).toBeCloseTo(1, 8);
          expect(reaches(law, factor * 7 ** exponent)).toBeCloseTo(7, 5);
        },
      ),
    );
  });

  it('says how much it explains where points lie beside it', () => {
    const { exponent, explained } = fitPowerLaw([
      { x: 1, y: 1 },
      { x: 10, y: 100 },
      { x: 100, y: 100 },
    ]);
    expect(exponent).toBeCloseTo(1, 10);
    // Of log10 y = 0, 2, 2 around 4/3, the line 1/3, 4/3, 7/3 explains 2 of 8/3.
    expect(explained).toBeCloseTo(0.75, 10);
  });

  it('is no number where nothing can be fitted', () => {
    expect(fitPowerLaw([{ x: 5, y: 1 }]).exponent).toBeNaN();
    expect(
      fitPowerLaw([
        { x: 5, y: 0 },
        { x: 6, y: 1 },
      ]).exponent,
    ).toBeNaN();
  });
});

describe('the page about scaling', () => {
  const opening = (kind: 'chat' | 'tokens', megabytes: number, threads: number): Opening => ({
    kind,
    megabytes,
    threads,
    bytes: megabytes * 1e6,
    ms: (100 * megabytes) / threads,
    cpuMs: 100 * megabytes,
    flat: 2000 * megabytes,
    distinct: 1000 * megabytes,
    restingBytes: 5e6,
    peakBytes: 5e6 + 2e6 * megabytes,
  });
  const nodes = [1e4, 1e6].map((count) => ({
    nodes: count,
    orderMs: count / 1e3,
    tickMs: 0.01,
    layoutMs: count / 1e5,
    frameMs: 2,
    looked: 9000,
  }));
  const text = documentOf({
    machine: { cores: 2, model: 'test', memoryBytes: 2 ** 34, node: 'v20' },
    bySize: (['chat', 'tokens'] as const).flatMap((kind) =>
      [10, 160].flatMap((size) => [1, 2].map((threads) => opening(kind, size, threads))),
    ),
    byGroup: [4, 64].map((group) => ({ ...opening('chat', 40, 2), group })),
    byShare: [0, 0.9].map((shared) => ({ ...opening('chat', 40, 2), shared })),
    byNodes: nodes,
    part: {
      bytes: 1e8,
      curveBytes: 1e6,
      taskListBytes: 1e5,
      steps: [
        { step: 'tasks', seconds: 1, cpuSeconds: 2 },
        { step: 'curve', seconds: 2, cpuSeconds: 3 },
        { step: 'share', seconds: 0.5, cpuSeconds: 0.36 },
        { step: 'prune', seconds: 3, cpuSeconds: 4 },
      ],
    },
    inBrowser: [{ kind: 'chat', bytes: 160e6, seconds: 9, longestTask: 31 }],
  });

  it('computes its figures from what was measured', () => {
    expect(text).toContain('| chat without ids | 2 threads in Node | 1.00 (R² 1.00) | 1.00 (R² 1.00) | 1.00 (R² 1.00) |');
    expect(text).toContain('2 × as fast for chat without ids');
    // 2 bytes for each byte of the file.
    expect(text).toContain('about 2.15 GB in 4 GiB');
    expect(text).toContain('| exponent | 1.00 (R² 1.00) | 0.00 (R² 1.00) |');
    // 9 s of processor time for 0.1 GB: 90,000 s for 1,000 GB.
    expect(text).toContain('- **Core hours**: 25 for 1 TB');
    expect(text).toContain('10,000 of this size. Their curves are 10 GB, the list of tasks 1 GB.');
    expect(text).toContain('at most 1 hours for all');
    expect(text).toContain('| 320 | 160,000 | 9 | 31 |');
  });
});
