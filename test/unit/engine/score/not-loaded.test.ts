/** What is said where ONNX Runtime takes no graph. */
import { expect, it } from 'vitest';
import { notLoaded } from '../../../../src/engine/score/ort-cpu.ts';

const bundle = { name: 'a-1B', graph: new Uint8Array(1000), data: [{ path: 'model.onnx_data', data: new Uint8Array(2_500_000) }] };

it.each(['std::bad_alloc', 'RangeError: Out of memory', 'Failed to allocate memory for requested buffer of size 5'])(
  'says how large the files are where memory ran out: %s',
  (said) => {
    expect(notLoaded(bundle, new Error(said)).message).toBe(
      'a-1B could not be loaded (1000 bytes of graph): memory ran out. Its files are of 3 MB and take about twice that; ' +
        `WebAssembly has 4,295 MB at most. Smaller weights (q4) may fit (${said})`,
    );
  },
);

it('says else what the runtime says, without its codes', () => {
  const error = new Error("Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: no such operator");
  expect(notLoaded(bundle, error).message).toBe('a-1B could not be loaded (1000 bytes of graph): no such operator');
  expect(notLoaded(bundle, 'odd').message).toMatch(/: odd$/);
});
