/** The axis of a timeline: places and times are each other's inverse, gaps left out or not; and what its marks say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markStep, markText, timeAxis } from '../../../src/app/canvas/timeline-axis.ts';
import { timelineOf } from '../../../src/core/schedule/timeline.ts';
import { unionOf } from '../../../src/core/schedule/times.ts';

const rollout = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 20 }));

describe('the axis of a timeline', () => {
  it('leaves out what no rollout is open in, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(rollout, { minLength: 1, maxLength: 6 }), fc.boolean(), (given, cutsGaps) => {
        const timeline = timelineOf(given.map(([start, length]) => unionOf([start, start + length, 0])));
        const axis = timeAxis(timeline, cutsGaps);
        const { covered, span } = timeline.figures;
        expect(axis.length).toBe(cutsGaps ? covered : span);
        expect(axis.cuts.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(cutsGaps ? span - covered : 0);
        const first = Math.min(...given.map(([start]) => start));
        const isOpen = (time: number): boolean => given.some(([start, length]) => start - first <= time && time < start - first + length);
        let open = 0;
        for (let time = 0; time < span; time++) {
          // Places are the open seconds before a time; a time in a gap has the place of the gap.
          expect(axis.placeOf(time)).toBe(cutsGaps ? open : time);
          if (!cutsGaps || isOpen(time)) expect(axis.timeOf(axis.placeOf(time) + 0.5)).toBe(time + 0.5);
          if (isOpen(time)) open++;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has marks that stand at least so far apart, and say as much as they differ in', () => {
    expect([0.0004, 0.3, 7, 61, 100_000, 700_000].map(markStep)).toEqual([0.001, 0.5, 10, 120, 172_800, 1_209_600]);
    expect(markText(2.5, 0.5)).toBe('2.5 s');
    expect(markText(200, 50)).toBe('3 min 20 s');
    expect(markText(7500, 900)).toBe('2 h 05 min');
    expect(markText(7500, 10)).toBe('02:05:00');
    expect(markText(3 * 86_400 + 14_706, 10)).toBe('3 d 04:05:06');
    expect(markText(3 * 86_400 + 14_706, 600)).toBe('3 d 04:05');
    expect(markText(3 * 86_400 + 14_706, 7200)).toBe('3 d 4 h');
  });
});
