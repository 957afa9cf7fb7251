import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grown, makeGrowable, push, pushRun, trimmed } from '../../../src/base/growable.ts';

it('holds what was pushed, one by one or in runs', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 40 })), (runs) => {
      const column = makeGrowable(Int32Array, 1);
      const expected: number[] = [];
      for (const [i, run] of runs.entries()) {
        if (i % 2 === 0) for (const value of run) expect(push(column, value)).toBe(expected.push(value) - 1);
        else {
          expect(pushRun(column, Int32Array.from([7, ...run, 7]), 1, run.length + 1)).toBe(expected.length);
          expected.push(...run);
        }
      }
      expect([...trimmed(column)]).toEqual(expected);
    }),
  );
});

it('keeps the type and fills new room', () => {
  expect(grown(Uint8Array.of(1), 1)).toEqual(Uint8Array.of(1));
  expect(grown(Float32Array.of(1), 3, Number.NaN).subarray(0, 3)).toEqual(Float32Array.of(1, Number.NaN, Number.NaN));
  const types = [new Int32Array(0), new Uint16Array(0), new Uint8Array(0), new Float32Array(0), new Float64Array(0)];
  for (const data of types) expect(grown(data, 1).constructor).toBe(data.constructor);
});
