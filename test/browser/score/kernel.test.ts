/** The WGSL kernel against float64, on random logits, at scale ×30, and for rows of a Qwen-sized vocabulary in several bindings. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scoreRow } from '../../../src/core/score/kernel.ts';
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

async function errors(rows: number, vocabulary: number, scale: number, maxBytes?: number): Promise<{ entropy: number; logprob: number }> {
  const logits = normals(rows * vocabulary, scale);
  const at = Int32Array.from({ length: rows }, (_, r) => r);
  const target = at.map((r) => (r * 7919) % vocabulary);
  const buffer = upload(logits);
  const { entropy, logprob } = await makeGpuScorer(device, maxBytes).score(buffer, 'f32', vocabulary, at, target);
  buffer.destroy();
  const worst = { entropy: 0, logprob: 0 };
  for (let r = 0; r < rows; r++) {
    const truth = scoreRow(logits, r * vocabulary, vocabulary, target[r], { entropy: 0, logprob: 0 });
    worst.entropy = Math.max(worst.entropy, Math.abs(entropy[r] - truth.entropy));
    worst.logprob = Math.max(worst.logprob, Math.abs(logprob[r] - truth.logprob));
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
    expect(worst.entropy).toBeLessThan(1e-4);
    expect(worst.logprob).toBeLessThan(1e-4);
  });

  it('cuts logits into bindings that the device admits', async () => {
    const worst = await errors(9, 151_936, 3, 2 << 20);
    expect(worst.entropy).toBeLessThan(1e-4);
    expect(worst.logprob).toBeLessThan(1e-4);
  });

  it('reads half-precision logits without shader-f16', async () => {
    // 1, 2, 0.5, −∞ and 3 as binary16; odd rows begin in the middle of a word.
    const row = [0x3c00, 0x4000, 0x3800, 0xfc00, 0x4200];
    const values = [1, 2, 0.5, -Infinity, 3];
    const buffer = upload(Uint16Array.from([...row, ...row.toReversed(), 0, 0]));
    const { entropy, logprob } = await makeGpuScorer(device).score(buffer, 'f16', 5, Int32Array.of(0, 1), Int32Array.of(1, 1));
    const truth = [
      scoreRow(values, 0, 5, 1, { entropy: 0, logprob: 0 }),
      scoreRow(values.toReversed(), 0, 5, 3, { entropy: 0, logprob: 0 }),
    ];
    expect(entropy[0]).toBeCloseTo(truth[0].entropy, 5);
    expect(entropy[1]).toBeCloseTo(truth[1].entropy, 5);
    expect(logprob[0]).toBeCloseTo(truth[0].logprob, 5);
    expect(logprob[1]).toBe(-Infinity);
  });
});

it('is benchmarked on logits that both sides read alike', async () => {
  const times = await measureKernel(5, 1000, 3);
  expect(times?.adapter).not.toBe('');
  // NaN would be no agreement, and logits that are all alike no test of it.
  expect(times?.difference).toBeGreaterThan(0);
  expect(times?.difference).toBeLessThan(1e-4);
});
