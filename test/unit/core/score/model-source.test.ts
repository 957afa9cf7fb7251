/** A model's figures name it as data; files keep one form of words that is read back to the same data, and written to the same bytes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceText, devicesText, modelText, readDevices, readModelSource } from '../../../../src/core/score/model-source.ts';

const device = fc.oneof(
  fc.record({
    on: fc.constantFrom('webgpu', 'wasm'),
    adapter: fc.stringMatching(/^[a-z0-9-]+( [a-z0-9-]+)?$/),
    threads: fc.constant(null),
  }),
  fc.record({
    on: fc.constantFrom('wasm', 'node wasm', 'node native cpu'),
    adapter: fc.constant(null),
    threads: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ on: fc.constantFrom('wasm', 'node wasm'), adapter: fc.constant(null), threads: fc.constant(null) }),
);
const source = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9.-]+( \(old\))?$/),
  dtype: fc.constantFrom('fp16', 'fp32', 'q4f16'),
  devices: fc.array(device, { minLength: 1, maxLength: 3 }),
});

describe('the words of a model source', () => {
  it('are these', () => {
    const devices = [
      { on: 'wasm', adapter: null, threads: 1 },
      { on: 'webgpu', adapter: 'SwiftShader', threads: null },
    ];
    expect(devices.map((each) => deviceText(each))).toEqual(['wasm, 1 thread', 'webgpu (SwiftShader)']);
    expect(modelText({ name: 'a', dtype: 'fp16', devices })).toBe('model: a (fp16, wasm, 1 thread and webgpu (SwiftShader))');
  });

  it('are read back to the same data', () => {
    fc.assert(
      fc.property(source, (made) => {
        expect(readModelSource(modelText(made))).toEqual(made);
      }),
    );
  });

  it('come out as they went in, whatever a file holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(devicesText(readDevices(text))).toBe(text);
      }),
    );
    for (const text of ['model: not named', 'model: x (fp16, webgpu (a) (b))', 'model: x (y) (q4, wasm, 01 thread and z and )'])
      expect(modelText(readModelSource(text))).toBe(text);
  });
});
