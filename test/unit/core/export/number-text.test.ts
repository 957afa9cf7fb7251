/** Columns of numbers written as bytes: what JSON.stringify writes, value by value, whole floats with `.0` behind. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeByteWriter, writeIntegers, writeRepeated, writeText } from '../../../../src/core/export/byte-writer.ts';
import { writeFloats } from '../../../../src/core/export/number-text.ts';

function written(values: Float32Array, sign: 1 | -1): string {
  const writer = makeByteWriter(1);
  writeText(writer, 'é[');
  writeFloats(writer, values, 0, values.length, sign);
  return new TextDecoder().decode(writer.data.subarray(0, writer.length));
}

function expected(values: ArrayLike<number>, sign: 1 | -1): string {
  const text = (value: number): string => JSON.stringify(value).replace(/^-?\d+$/, '$&.0');
  return `é[${Array.from(values, (value) => `${text(sign * value)},`).join('')}`;
}

const sign = fc.constantFrom(1 as const, -1 as const);

it('writes floats of any size', () => {
  fc.assert(
    fc.property(fc.float32Array({ maxLength: 50 }), sign, (values, by) => {
      expect(written(values, by)).toBe(expected(values, by));
    }),
    { numRuns: 3000 },
  );
});

it('writes floats of the size of log-probs', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: -40, max: 40 }), { maxLength: 50 }), sign, (values, by) => {
      expect(written(Float32Array.from(values), by)).toBe(expected(values, by));
    }),
    { numRuns: 3000 },
  );
});

it('writes powers of two and their neighbours, decimals and whole numbers', () => {
  const values: number[] = [
    0,
    -0,
    1e-6,
    9.999999e-7,
    1e-7,
    9999,
    9999.999,
    10000,
    0.1,
    0.3,
    1.5,
    123.25,
    100,
    1000,
    9.5367431640625e-7,
    Infinity,
    -Infinity,
    NaN,
  ];
  for (let e = -24; e < 16; e++) for (const by of [1 - 2 ** -24, 1, 1 + 2 ** -23, 1.5]) values.push(by * 2 ** e);
  for (let i = 1; i < 3000; i++) values.push(i / 1000, i, i / 7);
  const column = Float32Array.from(values);
  expect(written(column, 1)).toBe(expected(column, 1));
  expect(written(column, -1)).toBe(expected(column, -1));
});

it('writes long columns with odd values between', () => {
  const column = Float32Array.from({ length: 20_000 }, (_, i) => (i % 4999 === 0 ? 1e-30 : Math.log((i + 1) / 20_001)));
  expect(written(column, -1)).toBe(expected(column, -1));
});

it('writes whole numbers and repeated entries', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer(), fc.nat(1200), fc.constantFrom(-2147483648, 2147483647, 99, 100, 999_999, 1_000_000))),
      fc.nat(70),
      (values, count) => {
        const writer = makeByteWriter(1);
        const column = Int32Array.from([7, ...values, 7]);
        writeIntegers(writer, column, 1, column.length - 1);
        writeRepeated(writer, '0.25,', count);
        expect(new TextDecoder().decode(writer.data.subarray(0, writer.length))).toBe(
          values.map((value) => `${value},`).join('') + '0.25,'.repeat(count),
        );
      },
    ),
  );
});
