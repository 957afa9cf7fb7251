/** The curve as a slider: keyboard, pointer, what assistive technology hears, and names that never cover each other. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBudgetCurve } from '../../../src/app/canvas/budget-curve.ts';
import type { BudgetCurve } from '../../../src/app/canvas/budget-curve.ts';
import { bandOf, linesOf, plotOf, valueAt } from '../../../src/app/canvas/curve-chart.ts';
import { placeLabels } from '../../../src/app/canvas/place-labels.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import type { Strategy } from '../../../src/core/model/rule.ts';
import type { ComparisonAnswer, Curve, OrderAnswer } from '../../../src/engine/answers/pruning.ts';
import { drawn, makeStage, point, press, readPixels, tokenColour } from './stage.ts';
import type { Stage } from './stage.ts';

const shares = Float64Array.from({ length: 101 }, (_, i) => i / 100);
const curve = (strategy: Strategy, retained: (share: number) => number): Curve => ({ strategy, shares, retained: shares.map(retained) });

const order: OrderAnswer = {
  orderId: 1,
  rule: DEFAULT_RULE,
  handElsewhere: 0,
  acts: { lines: [], rollouts: { total: 16, dropped: 0, untrained: 0, written: null }, excludedNodes: 0 },
  relative: null,
  totalCost: 1000,
  totalSignal: 10,
  hasEntropy: true,
  signal: { asked: 'entropy', used: 'entropy', label: 'entropy', unit: 'nats', coverage: 1, fill: 'mean', isSplit: false },
  importanceBy: 'typed arrays',
  pinnedFloor: 0.18,
  trainPins: { tokens: 0, of: 600 },
  curve: curve('density', (share) => 1 - (1 - share) ** 6),
  bound: curve('density', (share) => 1 - (1 - share) ** 6.4),
};
const mean = shares.map((share) => share);
const comparison: ComparisonAnswer = {
  orderId: 1,
  curves: [curve('best-first', (share) => 1 - (1 - share) ** 2.5), curve('longest-path', (share) => share ** 1.2)],
  gradient: null,
  random: { shares, mean, low: mean.map((value) => value * 0.95), high: mean.map((value) => Math.min(1, value * 1.05)), seeds: 10 },
  randomTrained: { shares, mean, low: mean, high: mean },
};

let stage: Stage;
let slider: BudgetCurve;
/** The slider of the cut, that of training, and what takes the pointer for both. */
let root: HTMLElement;
let square: HTMLElement;
let plot: HTMLElement;
let taken: string[];
let moved: number[];
let committed: number[];

beforeEach(() => {
  stage = makeStage(320, 230);
  moved = [];
  committed = [];
  taken = [];
  slider = createBudgetCurve(stage.host, {
    onShare: (share, handle) => {
      moved.push(share);
      taken.push(handle);
    },
    onCommit: (share) => committed.push(share),
  });
  slider.setData({ order, comparison, of: 'signal' });
  slider.setShare(0.3);
  const found = stage.host.querySelector<HTMLElement>('[data-handle=cut]');
  const other = stage.host.querySelector<HTMLElement>('[data-handle=train]');
  if (!found?.parentElement || !other) throw new Error('expected two sliders');
  [root, square, plot] = [found, other, found.parentElement];
  plot.setPointerCapture = () => {};
});

afterEach(() => {
  slider.dispose();
  stage.remove();
});

/** Whether any pixel above the axis has the colour of a problem. */
function ring(): boolean {
  const pixels = readPixels(stage.host, 'handle');
  for (let y = 0; y < 180; y++) for (let x = 46; x < pixels.width; x++) if (pixels.colour(x, y) === tokenColour('cut')) return true;
  return false;
}

function bent(share: number): number {
  return valueAt(Float64Array.of(0, 0.25, 1), Float64Array.of(0, 0.5, 1), share);
}

describe('the slider', () => {
  it('says its value and what it retains', () => {
    const read = (name: string): string | null => root.getAttribute(`aria-${name}`);
    expect([read('valuemin'), read('valuemax'), read('valuenow')]).toEqual(['0', '100', '30']);
    expect(read('valuetext')).toBe('30.0 % of the distinct tokens, 88.2 % of the signal retained');
    expect(root.tabIndex).toBe(0);
  });

  it('moves by keys and commits when they are let go', () => {
    press(root, 'ArrowRight');
    press(root, 'ArrowLeft', { shiftKey: true });
    press(root, 'PageUp');
    press(root, 'End');
    press(root, 'ArrowUp');
    press(root, 'Home');
    press(root, 'x');
    expect(moved).toEqual([0.31, 0.309, 0.409, 1, 0]);
    expect(committed).toEqual(moved);
  });

  it('follows the pointer from anywhere on the chart and commits once', () => {
    point(plot, 'pointerdown', 171, 60);
    point(plot, 'pointermove', 500, 60);
    point(plot, 'pointermove', 46, 200);
    point(plot, 'pointerup', 46, 200);
    expect(moved).toEqual([0.5, 1, 0]);
    expect(committed).toEqual([0]);
  });

  it('has a second handle for training, which the pointer takes where it is nearer, and keys move by itself', () => {
    const train = { shares: Float64Array.of(0, 1), retained: Float64Array.of(0, 0.8) };
    slider.setData({ order, comparison, of: 'signal', train, trainValue: 0.4 });
    slider.setShare(0.5, 'train');
    expect(square.getAttribute('aria-label')).toBe('Train budget: share of the kept sampled tokens that carry loss');
    expect(square.getAttribute('aria-valuetext')).toBe('50.0 % of the kept sampled tokens, 40.0 % of the signal carries loss');
    press(square, 'ArrowLeft');
    expect([moved.at(-1), taken.at(-1), committed.at(-1)]).toEqual([0.49, 'train', 0.49]);
    slider.setShare(0.5, 'train');
    // 40 % is 69.6 of the 174 pixels above the axis, at 196; half of the shares is in the middle, at 171.
    point(plot, 'pointerdown', 173, 124);
    point(plot, 'pointermove', 221, 124);
    point(plot, 'pointerup', 221, 124);
    expect([moved.at(-1), taken.at(-1)]).toEqual([0.7, 'train']);
    // The round one is taken at its own place, and whatever is in force elsewhere.
    point(plot, 'pointerdown', 121, 43);
    point(plot, 'pointerup', 121, 43);
    slider.setTarget('train');
    point(plot, 'pointerdown', 271, 180);
    point(plot, 'pointerup', 271, 180);
    expect([moved.at(-1), taken.at(-1)]).toEqual([0.9, 'train']);
    expect(document.activeElement).toBe(square);
  });

  it('is not moved by an old answer while it is held', () => {
    point(plot, 'pointerdown', 171, 60);
    slider.setShare(0.3);
    expect(root.getAttribute('aria-valuenow')).toBe('50');
    point(plot, 'pointerup', 171, 60);
    slider.setShare(0.3);
    expect(root.getAttribute('aria-valuenow')).toBe('30');
  });

  it('turns the handle to the colour of a problem when the pinned floor is above the budget', async () => {
    await drawn();
    expect(ring()).toBe(false);
    slider.setShare(0.1);
    await drawn();
    expect(ring()).toBe(true);
  });
});

describe('the chart', () => {
  it('always draws what chance gives, whole rollouts, and names it with its number of seeds', () => {
    expect(linesOf({ order, comparison, of: 'signal' }).map(({ label }) => label)).toEqual([
      'density',
      'KAT-Coder procedure',
      'whole rollouts (10 seeds)',
      'longest path',
      'upper bound',
    ]);
    expect(linesOf({ order, comparison: null, of: 'signal' }).map(({ label }) => label)).toEqual(['density', 'upper bound']);
  });

  it('shows the cosine of every strategy where a model has measured it, with the band of whole rollouts, below 0 too', () => {
    const values = (at: number) => shares.map((share) => at * share);
    const flat = values(0.5);
    const gradient = {
      shares,
      curves: [
        { strategy: 'density' as const, cosine: shares.map((share) => 2 * share - 0.6), norm: flat },
        { strategy: 'best-first' as const, cosine: flat, norm: flat },
      ],
      band: { low: values(0.7), mean: values(0.8), high: values(0.9), norm: flat },
    };
    const data = { order, comparison: { ...comparison, gradient }, of: 'gradient' as const };
    expect(linesOf(data).map(({ label }) => label)).toEqual(['density', 'KAT-Coder procedure', 'whole rollouts, weight 1/k']);
    expect(bandOf(data)).toMatchObject({ low: gradient.band.low, high: gradient.band.high });
    // −0.6 would lie outside a plot that begins at 0.
    expect(plotOf(320, 230, data).low).toBe(-0.75);
    expect(plotOf(320, 230, { ...data, of: 'signal' }).low).toBe(0);
    expect(linesOf({ ...data, comparison: null })).toEqual([]);
    slider.setData(data);
    expect(root.getAttribute('aria-valuetext')).toBe('30.0 % of the distinct tokens, gradient cosine 0.00');
  });

  it('is exact at the shares that a curve names and straight between them', () => {
    expect([0, 0.125, 0.25, 0.625, 1].map(bent)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('never puts one name on another, or outside the frame', () => {
    const frame = { left: 46, right: 296, top: 23, bottom: 180 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 8, noNaN: true }), fc.integer({ min: 20, max: 110 })), { minLength: 1, maxLength: 6 }),
        (lines) => {
          const curves = lines.map(([power]) => ({
            x0: 46,
            y: Float64Array.from({ length: 251 }, (_, i) => 196 - 174 * (1 - (1 - i / 250) ** power)),
          }));
          const places = placeLabels(
            lines.map(([, width], index) => ({ curve: index, width, height: 12 })),
            curves,
            frame,
          );
          expect(places[0]).not.toBeNull();
          for (const [i, place] of places.entries()) {
            if (!place) continue;
            const width = lines[i][1];
            expect(place.x >= frame.left && place.x + width <= frame.right && place.y >= frame.top && place.y + 12 <= frame.bottom).toBe(
              true,
            );
            for (const [j, other] of places.entries()) {
              if (j <= i || !other) continue;
              expect(
                place.x + width <= other.x || other.x + lines[j][1] <= place.x || place.y + 12 <= other.y || other.y + 12 <= place.y,
              ).toBe(true);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
