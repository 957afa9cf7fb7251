import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeFft } from '../../../../src/core/gradient/fft.ts';

it('is the transform by definition, for every size that is a power of two', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 6 }), fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })), (levels, stream) => {
      const size = 2 ** levels;
      const draw = (): Float64Array<ArrayBuffer> => Float64Array.from({ length: size }, () => stream.next().value as number);
      const [real, imaginary] = [draw(), draw()];
      const [re, im] = [real.slice(), imaginary.slice()];
      makeFft(size)(re, im);
      for (let k = 0; k < size; k++) {
        let [a, b] = [0, 0];
        for (let n = 0; n < size; n++) {
          const angle = (-2 * Math.PI * k * n) / size;
          a += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
          b += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
        }
        expect(re[k]).toBeCloseTo(a, 10);
        expect(im[k]).toBeCloseTo(b, 10);
      }
    }),
    { numRuns: 30 },
  );
});

it('refuses other sizes', () => {
  expect(() => makeFft(12)).toThrow('expected a power of two, found 12');
});
