/** The gradient meter against sums written out in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientField, makeSum, measure, addRow } from '../../../../src/core/gradient/meter.ts';
import { curveAt, sweepRows, sweepWhole } from '../../../../src/core/gradient/sweep.ts';
import { packSketch, type SketchRows } from '../../../../src/core/gradient/store.ts';
import { halfToFloat } from '../../../../src/base/half.ts';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';

const DIM = 32;

/** Rows of random sketches, and what they hold after rounding. */
function drawRows(count: number, seed: number, share = 1): { rows: SketchRows; vectors: number[][] } {
  const random = makeRandom(seed);
  const values = new Uint16Array(count * DIM);
  const common = Float64Array.from({ length: DIM }, () => random() - 0.5);
  const scale = Float32Array.from({ length: count }, (_, row) =>
    packSketch(
      common.map((value) => value + 2 * (random() - 0.5)),
      values,
      row,
    ),
  );
  const vectors = Array.from({ length: count }, (_, row) =>
    Array.from({ length: DIM }, (_each, k) => scale[row] * halfToFloat(values[row * DIM + k])),
  );
  return { rows: { of: Int32Array.from({ length: count }, (_, i) => 3 * i), scale, values, share }, vectors };
}

function sumOf(vectors: readonly number[][], weight: (row: number) => number): number[] {
  const sum = new Array<number>(DIM).fill(0);
  vectors.forEach((vector, row) => vector.forEach((value, k) => (sum[k] = (sum[k] ?? 0) + weight(row) * value)));
  return sum;
}
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((all, value, k) => all + value * (b[k] ?? 0), 0);
const cosine = (a: readonly number[], b: readonly number[]): number => (dot(a, a) > 0 ? dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) : 0);
const norm = (a: readonly number[], b: readonly number[]): number => Math.sqrt(dot(a, a) / dot(b, b));

const weights = fc.array(
  fc.integer({ min: -2000, max: 2000 }).map((value) => value / 1000),
  { minLength: 2, maxLength: 20 },
);

describe('along an order', () => {
  it('says at every step what the sums say, whatever the weights in the set', () => {
    fc.assert(
      fc.property(weights, fc.integer(), fc.integer({ min: 1, max: 8 }), (weight, seed, steps) => {
        const { rows, vectors } = drawRows(weight.length, seed);
        const field = gradientField(rows, DIM, (node) => weight[node / 3] ?? 0);
        if (field === null) return;
        const random = makeRandom(seed + 1);
        const stepOf = Int32Array.from(weight, () => Math.floor(random() * (steps + 1)));
        const p = Float64Array.from(weight, (w) => w * (0.5 + random()));
        const curve = sweepRows(field, steps, stepOf, p);
        const full = sumOf(vectors, (row) => weight[row] ?? 0);
        for (let e = 0; e <= steps; e++) {
          const own = sumOf(vectors, (row) => ((stepOf[row] ?? 0) < e ? (p[row] ?? 0) : 0));
          const found = curveAt(curve, e);
          expect(found.cosine).toBeCloseTo(cosine(own, full), 4);
          expect(found.norm).toBeCloseTo(norm(own, full), 3);
          expect(found.low).toBeLessThanOrEqual(found.cosine + 1e-6);
          expect(found.high).toBeGreaterThanOrEqual(found.cosine - 1e-6);
        }
      }),
    );
  });

  it('keeps all of the gradient where all is kept', () => {
    const { rows } = drawRows(12, 7);
    const field = gradientField(rows, DIM, () => 0.5);
    if (field === null) throw new Error('expected a field');
    const curve = sweepRows(
      field,
      4,
      Int32Array.from({ length: 12 }, (_, row) => row % 4),
      field.weight,
    );
    expect(curveAt(curve, 4)).toMatchObject({ cosine: 1, norm: 1 });
    expect(curveAt(curve, 0)).toMatchObject({ cosine: 0, norm: 0 });
  });

  it('has nothing to compare with where no weight is left', () => {
    expect(gradientField(drawRows(4, 1).rows, DIM, () => 0)).toBeNull();
    expect(gradientField(drawRows(4, 1).rows, DIM, () => Number.NaN)).toBeNull();
  });
});

describe('of whole trajectories', () => {
  const drawn = fc.record({
    rows: fc.integer({ min: 2, max: 10 }),
    seed: fc.integer(),
    trajectories: fc.array(
      fc.record({
        task: fc.integer({ min: 0, max: 2 }),
        step: fc.integer({ min: 0, max: 5 }),
        weight: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  });

  it('is the mean over those of a task that are whole', () => {
    fc.assert(
      fc.property(drawn, ({ rows: count, seed, trajectories }) => {
        const { rows, vectors } = drawRows(count, seed);
        const random = makeRandom(seed + 2);
        // Each row belongs to one task, as a node does.
        const rowsOf = trajectories.map(({ task }) =>
          Array.from({ length: count }, (_, row) => row).filter((row) => row % 3 === task && random() < 0.6),
        );
        const field = gradientField(rows, DIM, () => 1);
        if (field === null) return;
        const curve = sweepWhole(
          field,
          5,
          Int32Array.from(trajectories, ({ step }) => step),
          {
            unit: Int32Array.from(trajectories, (_, t) => t),
            task: Int32Array.from(trajectories, ({ task }) => task),
            tasks: 3,
            weight: Float64Array.from(trajectories, ({ weight }) => weight),
            rowsOf: (t) => rowsOf[t] ?? [],
          },
        );
        const full = sumOf(vectors, () => 1);
        for (let e = 0; e <= 5; e++) {
          const p = new Array<number>(count).fill(0);
          for (let task = 0; task < 3; task++) {
            const whole = [...trajectories.keys()].filter((t) => trajectories[t]?.task === task && (trajectories[t]?.step ?? 0) < e);
            for (const t of whole)
              for (const row of rowsOf[t] ?? []) p[row] = (p[row] ?? 0) + (trajectories[t]?.weight ?? 0) / whole.length;
          }
          const own = sumOf(vectors, (row) => p[row] ?? 0);
          // What comes and goes again leaves rounding behind.
          if (norm(own, full) < 1e-6) continue;
          expect(curveAt(curve, e).cosine).toBeCloseTo(cosine(own, full), 3);
          expect(curveAt(curve, e).norm).toBeCloseTo(norm(own, full), 3);
        }
      }),
    );
  });
});

describe('where nodes were sampled', () => {
  const COUNT = 400;
  const SHARE = 0.5;
  const { rows, vectors } = drawRows(COUNT, 11);
  const weight = Float64Array.from({ length: COUNT }, (_, row) => 1 + (row % 3));
  const isKept = (row: number): boolean => row % 5 < 2;
  const full = sumOf(vectors, (row) => weight[row] ?? 0);
  const own = sumOf(vectors, (row) => (isKept(row) ? (weight[row] ?? 0) : 0));

  function sampled(seed: number): SketchRows {
    const random = makeRandom(seed);
    const taken = [...vectors.keys()].filter(() => random() < SHARE);
    const values = new Uint16Array(taken.length * DIM);
    taken.forEach((row, i) => values.set(rows.values.subarray(row * DIM, (row + 1) * DIM), i * DIM));
    return { of: Int32Array.from(taken), scale: Float32Array.from(taken, (row) => rows.scale[row] ?? 0), values, share: SHARE };
  }
  const figures = Array.from({ length: 300 }, (_, seed) => {
    const field = gradientField(sampled(seed), DIM, (node) => weight[node] ?? 0);
    if (field === null) throw new Error('expected a field');
    const sum = makeSum(field);
    field.rows.of.forEach((node, row) => addRow(field, sum, row, isKept(node) ? (weight[node] ?? 0) : 0));
    return { ...measure(field, sum), square: field.square / SHARE ** 2 };
  });
  const mean = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0) / values.length;

  it('the square of the full gradient is right on average', () => {
    const error = mean(figures.map(({ square }) => square)) / dot(full, full) - 1;
    expect(Math.abs(error)).toBeLessThan(0.02);
  });

  it('cosine and norm are close on average, and most intervals hold the truth', () => {
    expect(mean(figures.map((figure) => figure.cosine))).toBeCloseTo(cosine(own, full), 1);
    expect(mean(figures.map((figure) => figure.norm))).toBeCloseTo(norm(own, full), 1);
    const holds = figures.filter(({ low, high }) => low <= cosine(own, full) && cosine(own, full) <= high).length;
    expect(holds / figures.length).toBeGreaterThan(0.85);
  });

  it('a sweep says what the sums say', () => {
    const field = gradientField(sampled(3), DIM, (node) => weight[node] ?? 0);
    if (field === null) throw new Error('expected a field');
    const stepOf = field.rows.of.map((node) => (isKept(node) ? 0 : 1));
    const sum = makeSum(field);
    field.rows.of.forEach((node, row) => addRow(field, sum, row, isKept(node) ? (weight[node] ?? 0) : 0));
    expect(curveAt(sweepRows(field, 2, stepOf, field.weight), 1).cosine).toBeCloseTo(measure(field, sum).cosine, 4);
    // One trajectory for each node, all of one task: the mean over them, so the same direction.
    const alone = {
      unit: Int32Array.from(stepOf, (_, t) => t),
      task: new Int32Array(stepOf.length),
      tasks: 1,
      weight: field.weight,
      rowsOf: (t: number) => [t],
    };
    expect(curveAt(sweepWhole(field, 2, stepOf, alone), 1).cosine).toBeCloseTo(measure(field, sum).cosine, 4);
  });
});
