import { describe, expect, it } from 'vitest';
import { addSketch, packSketch, sketchRow } from '../../../../src/core/gradient/store.ts';

describe('sketches at rest', () => {
  it('keep their direction and size whatever their scale', () => {
    for (const scale of [1e-12, 1, 1e9]) {
      const sketch = Float32Array.from({ length: 16 }, (_, k) => scale * Math.sin(k + 1));
      const values = new Uint16Array(32);
      const rows = { of: Int32Array.of(4, 9), scale: Float32Array.of(0, packSketch(sketch, values, 1)), values, share: 1 };
      const back = new Float64Array(16).fill(scale);
      addSketch(rows, 1, 2, back);
      back.forEach((value, k) => expect(Math.abs(value - scale - 2 * sketch[k])).toBeLessThan(scale * 1e-3));
      expect(sketchRow(rows, 9)).toBe(1);
      expect(sketchRow(rows, 5)).toBe(-1);
    }
  });

  it('of nothing stay nothing', () => {
    const values = new Uint16Array(8).fill(9);
    expect(packSketch(new Float32Array(8), values, 0)).toBe(0);
    expect(values.every((value) => value === 0)).toBe(true);
  });
});
