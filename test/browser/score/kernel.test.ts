/** The WGSL kernel against float64, on random logits, at scale ×30, and for rows of a Qwen-sized vocabulary in several bindings. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSketcher } from '../../../src/core/gradient/sketch.ts';
import { scoreRow, scoreRows, type RowScore } from '../../../src/core/score/kernel.ts';
import { makeGpuScorer } from '../../../src/platform/browser/gpu-scores.ts';
import { measureKernel } from '../../bench/gpu/kernel-times.ts';
import { USAGE } from '../../../src/platform/browser/gpu-flags.ts';

let device: GPUDevice;
beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  device = await adapter!.requestDevice();
});
afterAll(() => device.destroy());

/** Normal deviates of a fixed generator. */
function normals(length: number, scale: number): Float32Array<ArrayBuffer> {
  let state = 12345;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  return Float32Array.from({ length }, () => scale * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

function upload(data: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): GPUBuffer {
  const buffer = device.createBuffer({ size: Math.ceil(data.byteLength / 4) * 4, usage: USAGE.storage | USAGE.copyTarget });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

/** Of every other row its likeliest token, which is all but certain at scale ×30. */
function targetsOf(logits: Float32Array, rows: number, vocabulary: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: rows }, (_, r) => {
    const row = logits.subarray(r * vocabulary, (r + 1) * vocabulary);
    return r % 2 === 0 ? row.indexOf(row.reduce((a, b) => Math.max(a, b))) : (r * 7919) % vocabulary;
  });
}

const nothing = (): RowScore => ({ entropy: 0, logprob: 0, gradient: 0 });
/** Σp² by definition. */
function collisionOf(logits: Float32Array): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const mass = Float64Array.from(logits, (z) => Math.exp(z - most));
  const sum = mass.reduce((a, b) => a + b, 0);
  return mass.reduce((squares, m) => squares + (m / sum) ** 2, 0);
}

async function errors(rows: number, vocabulary: number, scale: number, maxBytes?: number): Promise<RowScore & { collision: number }> {
  const logits = normals(rows * vocabulary, scale);
  const at = Int32Array.from({ length: rows }, (_, r) => r);
  const target = targetsOf(logits, rows, vocabulary);
  const buffer = upload(logits);
  const { entropy, logprob, gradient } = await makeGpuScorer(device, maxBytes).score(buffer, 'f32', vocabulary, at, target);
  buffer.destroy();
  const worst = { ...nothing(), collision: 0 };
  for (let r = 0; r < rows; r++) {
    const truth = scoreRow(logits, r * vocabulary, vocabulary, target[r], nothing());
    worst.entropy = Math.max(worst.entropy, Math.abs(entropy[r] - truth.entropy));
    worst.logprob = Math.max(worst.logprob, Math.abs(logprob[r] - truth.logprob));
    worst.gradient = Math.max(worst.gradient, Math.abs(gradient[r] - truth.gradient));
    const squares = collisionOf(logits.subarray(r * vocabulary, (r + 1) * vocabulary));
    worst.collision = Math.max(worst.collision, Math.abs(gradient[r] - 1 + 2 * Math.exp(logprob[r]) - squares));
  }
  return worst;
}

describe('the WGSL kernel', () => {
  it.each([
    ['random logits', 33, 8192, 3],
    ['scale ×30', 33, 8192, 30],
    ['a vocabulary of one', 3, 1, 1],
    ['fewer logits than threads', 5, 13, 2],
    ['a Qwen-sized vocabulary', 4, 151_936, 3],
    ['the same at scale ×30', 4, 151_936, 30],
  ])('agrees with float64: %s', async (_, rows, vocabulary, scale) => {
    const worst = await errors(rows, vocabulary, scale);
    for (const error of Object.values(worst)) expect(error).toBeLessThan(1e-4);
  });

  it('cuts logits into bindings that the device admits', async () => {
    const worst = await errors(9, 151_936, 3, 2 << 20);
    for (const error of Object.values(worst)) expect(error).toBeLessThan(1e-4);
  });

  it('reads half-precision logits without shader-f16', async () => {
    // 1, 2, 0.5, −∞ and 3 as binary16; odd rows begin in the middle of a word.
    const row = [0x3c00, 0x4000, 0x3800, 0xfc00, 0x4200];
    const values = [1, 2, 0.5, -Infinity, 3];
    const buffer = upload(Uint16Array.from([...row, ...row.toReversed(), 0, 0]));
    const { entropy, logprob, gradient } = await makeGpuScorer(device).score(buffer, 'f16', 5, Int32Array.of(0, 1), Int32Array.of(1, 1));
    const truth = [scoreRow(values, 0, 5, 1, nothing()), scoreRow(values.toReversed(), 0, 5, 1, nothing())];
    expect(entropy[0]).toBeCloseTo(truth[0].entropy, 5);
    expect(entropy[1]).toBeCloseTo(truth[1].entropy, 5);
    expect(logprob[0]).toBeCloseTo(truth[0].logprob, 5);
    expect(logprob[1]).toBe(-Infinity);
    expect(gradient[0]).toBeCloseTo(truth[0].gradient, 5);
    expect(gradient[1]).toBeCloseTo(truth[1].gradient, 5);
  });
});

describe('the sketch beside it', () => {
  it.each([
    ['random logits', 9, 8192, 3, 512],
    ['scale ×30, likeliest and other tokens', 9, 8192, 30, 512],
    ['fewer logits than buckets', 5, 13, 2, 512],
    ['more threads than buckets', 5, 1000, 2, 16],
    ['a Qwen-sized vocabulary', 3, 151_936, 3, 512],
  ])('is that of float64: %s', async (_, rows, vocabulary, scale, dim) => {
    const logits = normals(rows * vocabulary, scale);
    const at = Int32Array.from({ length: rows }, (__, r) => r);
    const target = targetsOf(logits, rows, vocabulary);
    const sketcher = makeSketcher(vocabulary, dim);
    const ask = { sketcher, wanted: Uint8Array.from(at, (r) => (r === 1 ? 0 : 1)) };
    const buffer = upload(logits);
    const found = await makeGpuScorer(device).score(buffer, 'f32', vocabulary, at, target, ask);
    const truth = scoreRows(logits, vocabulary, at, target, ask);
    buffer.destroy();
    for (let r = 0; r < rows; r++) {
      expect(Math.abs(found.gradient[r] - truth.gradient[r])).toBeLessThan(1e-4);
      if (ask.wanted[r] === 0) continue;
      const size = Math.sqrt(truth.gradient[r]);
      for (let k = r * dim; k < (r + 1) * dim; k++) expect(Math.abs(found.counts![k] - truth.counts![k])).toBeLessThan(1e-4 * size + 1e-12);
    }
    const plain = await makeGpuScorer(device).score(upload(logits), 'f32', vocabulary, at, target, {
      sketcher,
      wanted: new Uint8Array(rows),
    });
    expect(plain.counts).toBeNull();
  });
});

it('is benchmarked on logits that both sides read alike', async () => {
  const times = await measureKernel(5, 1000, 3);
  expect(times?.adapter).not.toBe('');
  // NaN would be no agreement, and logits that are all alike no test of it.
  expect(times?.difference).toBeGreaterThan(0);
  expect(times?.difference).toBeLessThan(1e-4);
});
