import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planKernel } from '../../../../src/core/score/gpu-kernel.ts';
import { scoreRow, type RowScore } from '../../../../src/core/score/kernel.ts';

const nothing = (): RowScore => ({ entropy: 0, logprob: 0, gradient: 0 });

/** By definition: softmax first, then −Σ p log p and ‖p − 1_t‖². */
function slowly(logits: readonly number[], target: number): RowScore {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const mass = logits.map((z) => Math.exp(z - most));
  const sum = mass.reduce((a, b) => a + b, 0);
  const entropy = mass.reduce((h, m) => (m === 0 ? h : h - (m / sum) * Math.log(m / sum)), 0);
  const gradient = mass.reduce((squares, m, v) => squares + (m / sum - (v === target ? 1 : 0)) ** 2, 0);
  return { entropy, logprob: logits[target] - most - Math.log(sum), gradient };
}

describe('scoreRow', () => {
  it('knows the uniform and the certain distribution', () => {
    expect(scoreRow([5, 5, 5, 5], 0, 4, 2, nothing())).toEqual({ entropy: Math.log(4), logprob: -Math.log(4), gradient: 0.75 });
    const certain = scoreRow([0, 1000, -1000], 0, 3, 1, { entropy: 9, logprob: 9, gradient: 9 });
    expect(certain).toEqual({ entropy: 0, logprob: 0, gradient: 0 });
    expect(scoreRow([0, 1000, -1000], 0, 3, 2, nothing()).gradient).toBe(2);
    const masked = scoreRow([0, 0, -Infinity], 0, 3, 0, nothing());
    expect(masked.entropy).toBeCloseTo(Math.log(2), 15);
    expect(masked.gradient).toBe(0.5);
    expect(scoreRow([0, 0, -Infinity], 0, 3, 2, nothing())).toMatchObject({ logprob: -Infinity, gradient: 1.5 });
  });

  it('agrees with the definition at any scale and offset', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(1, 30, 1e-3),
        fc.nat(),
        (drawn, scale, pick) => {
          const logits = drawn.map((z) => z * scale);
          const target = pick % logits.length;
          const score = scoreRow([7, 7, ...logits], 2, logits.length, target, nothing());
          const slow = slowly(logits, target);
          expect(score.entropy).toBeCloseTo(slow.entropy, 10);
          expect(score.logprob).toBeCloseTo(slow.logprob, 10);
          expect(score.gradient).toBeCloseTo(slow.gradient, 10);
          expect(score.gradient).toBeGreaterThanOrEqual(0);
          expect(score.entropy).toBeGreaterThanOrEqual(-1e-12);
          expect(score.entropy).toBeLessThanOrEqual(Math.log(logits.length) + 1e-12);
        },
      ),
    );
  });
});

describe('planKernel', () => {
  it('keeps a Qwen-sized vocabulary inside 128 MiB bindings', () => {
    const rows = Array.from({ length: 512 }, (_, i) => i);
    const bytes = 512 * 151_936 * 4;
    const passes = planKernel(rows, 151_936, 4, bytes, 128 << 20);
    expect(passes.map(({ queryFrom, queryTo }) => [queryFrom, queryTo])).toEqual([
      [0, 220],
      [220, 440],
      [440, 512],
    ]);
  });

  it('covers every query by one pass whose binding holds its row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 700 }),
        fc.constantFrom(2, 4),
        fc.integer({ min: 3200, max: 9000 }),
        (drawn, vocabulary, elementBytes, maxBytes) => {
          const rows = drawn.toSorted((a, b) => a - b);
          const bufferBytes = Math.ceil((61 * vocabulary * elementBytes) / 4) * 4;
          const passes = planKernel(rows, vocabulary, elementBytes, bufferBytes, maxBytes);
          let next = 0;
          for (const pass of passes) {
            expect(pass.queryFrom).toBe(next);
            next = pass.queryTo;
            expect(pass.bindingOffset % 256).toBe(0);
            expect(pass.bindingBytes % 4).toBe(0);
            expect(pass.bindingBytes).toBeLessThanOrEqual(maxBytes + 3);
            expect(pass.bindingOffset + pass.bindingBytes).toBeLessThanOrEqual(bufferBytes);
            for (let q = pass.queryFrom; q < pass.queryTo; q++) {
              const start = pass.offset + (rows[q] - pass.firstRow) * vocabulary;
              expect(pass.bindingOffset + start * elementBytes).toBe(rows[q] * vocabulary * elementBytes);
              expect((start + vocabulary) * elementBytes).toBeLessThanOrEqual(pass.bindingBytes);
            }
          }
          expect(next).toBe(rows.length);
        },
      ),
    );
  });
});
