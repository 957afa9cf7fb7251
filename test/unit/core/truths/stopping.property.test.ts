/** The curve of early stops, against each rollout run again at each threshold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopCounts, stopCurve, type Success } from '../../../../src/core/truths/stopping.ts';

/** A call costs something more, and is followed by fewer tokens. */
const rollout = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })), { maxLength: 6 }).map((calls) => {
  let cost = 0;
  const costs = calls.map(([more]) => (cost += more));
  const after = calls.map((_, i) => calls.slice(i + 1).reduce((sum, [, tokens]) => sum + tokens, 0));
  return { costs, after };
});
const all = fc.array(fc.tuple(rollout, fc.constantFrom<Success>(1, 0, -1)), { maxLength: 8 });

/** Only where the cost rises, as a study tells it. */
function rises({ costs, after }: { costs: number[]; after: number[] }) {
  const at = costs.flatMap((cost, i) => (cost > (i === 0 ? 0 : costs[i - 1]!) ? [i] : []));
  return { costs: at.map((i) => costs[i]!), saved: at.map((i) => after[i]!) };
}

function naive(rows: readonly (readonly [{ costs: number[]; after: number[] }, Success])[], threshold: number) {
  const found = { stopped: 0, falseStops: 0, missed: 0, unknown: 0, saved: 0 };
  for (const [{ costs, after }, success] of rows) {
    const call = costs.findIndex((cost) => cost > threshold);
    if (call >= 0) {
      found.stopped += 1;
      found.saved += after[call]!;
      found.falseStops += success === 1 ? 1 : 0;
      found.unknown += success === -1 ? 1 : 0;
    } else found.missed += success === 0 ? 1 : 0;
  }
  return found;
}

describe('early stopping', () => {
  it('counts at any threshold what running every rollout again counts', () => {
    fc.assert(
      fc.property(all, fc.double({ min: 0, max: 20, noNaN: true }), (rows, threshold) => {
        const counts = stopCounts(
          rows.map(([own]) => rises(own)),
          rows.map(([, success]) => success),
          threshold,
        );
        expect(counts).toEqual(naive(rows, threshold));
      }),
    );
  });

  it('has a point at 0 and wherever a count changes, each exact, and ends with nobody stopped', () => {
    fc.assert(
      fc.property(all, (rows) => {
        const curve = stopCurve(
          rows.map(([own]) => rises(own)),
          rows.map(([, success]) => success),
        );
        const distinct = [...new Set([0, ...rows.flatMap(([{ costs }]) => costs)])].sort((a, b) => a - b);
        expect([...curve.thresholds]).toEqual(distinct);
        for (const [at, threshold] of distinct.entries()) {
          const { stopped, falseStops, missed, unknown, saved } = curve;
          const point = { stopped: stopped[at], falseStops: falseStops[at], missed: missed[at], unknown: unknown[at], saved: saved[at] };
          expect(point).toEqual(naive(rows, threshold));
        }
        expect(curve.stopped.at(-1)).toBe(0);
        expect(curve.saved.at(-1)).toBe(0);
      }),
    );
  });

  it('never stops a rollout without any cost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), (threshold) => {
        expect(stopCounts([{ costs: [], saved: [] }], [1], threshold).stopped).toBe(0);
      }),
    );
  });
});
