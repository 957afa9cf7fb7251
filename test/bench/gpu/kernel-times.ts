/**
 * Entropy of logits that lie on the GPU: our kernel with two floats per query read back, beside reading the logits
 * back. Runs in a page.
 */
import { scoreRows } from '../../../src/core/score/kernel.ts';
import { MAP_READ, USAGE } from '../../../src/platform/browser/gpu-flags.ts';
import { makeGpuScorer } from '../../../src/platform/browser/gpu-scores.ts';

export interface KernelTimes {
  /** As the adapter names itself. */
  readonly adapter: string;
  readonly software: boolean;
  /** Milliseconds, medians: the kernel; reading back and arithmetic in JavaScript; of that, reading back. */
  readonly kernel: number;
  readonly readBack: number;
  readonly copying: number;
  /** Largest difference of the two sides' entropies, nats. */
  readonly difference: number;
}

interface Scores {
  readonly entropy: Float32Array;
}

/** Two rounds on each side before the first that counts: shaders are compiled and buffers made. */
const WARM_UP = 2;

/** [rows, vocabulary] logits between −8 and 8, written by the GPU itself. */
const FILL = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> logits: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= arrayLength(&logits)) { return; }
  var hash = i * 747796405u + 2891336453u;
  hash = ((hash >> ((hash >> 28u) + 4u)) ^ hash) * 277803737u;
  logits[i] = f32((hash >> 22u) ^ hash) / 4294967295.0 * 16.0 - 8.0;
}`;

/** @returns null where the browser offers no WebGPU adapter */
export async function measureKernel(rows: number, vocabulary: number, rounds: number): Promise<KernelTimes | null> {
  const gpu: GPU | undefined = 'gpu' in navigator ? navigator.gpu : undefined;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
  const logits = fill(device, rows * vocabulary);
  const at = Int32Array.from({ length: rows }, (_, row) => row);
  const target = at.map((row) => (row * 7919) % vocabulary);
  const scorer = makeGpuScorer(device);
  const kernel: number[] = [];
  const readBack: number[] = [];
  const copying: number[] = [];
  let difference = 0;
  for (let round = 0; round < WARM_UP + rounds; round++) {
    await device.queue.onSubmittedWorkDone();
    let begun = performance.now();
    const ours: Scores = await scorer.score(logits, 'f32', vocabulary, at, target);
    const oursMs = performance.now() - begun;
    begun = performance.now();
    const copy = await copyOf(device, logits);
    const copyMs = performance.now() - begun;
    const theirs: Scores = scoreRows(copy, vocabulary, at, target);
    const theirsMs = performance.now() - begun;
    for (let row = 0; row < rows; row++)
      difference = Math.max(difference, Math.abs((ours.entropy[row] ?? NaN) - (theirs.entropy[row] ?? NaN)));
    if (round < WARM_UP) continue;
    kernel.push(oursMs);
    readBack.push(theirsMs);
    copying.push(copyMs);
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  device.destroy();
  return {
    adapter: [vendor, architecture].filter((word) => word !== '').join(' ') || description || 'unnamed adapter',
    software: isFallbackAdapter,
    kernel: median(kernel),
    readBack: median(readBack),
    copying: median(copying),
    difference,
  };
}

function fill(device: GPUDevice, length: number): GPUBuffer {
  const logits = device.createBuffer({ size: 4 * length, usage: USAGE.storage | USAGE.copySource });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: FILL }), entryPoint: 'main' },
  });
  const encoder = device.createCommandEncoder();
  const work = encoder.beginComputePass();
  work.setPipeline(pipeline);
  work.setBindGroup(
    0,
    device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: logits } }] }),
  );
  const groups = Math.ceil(length / 64);
  work.dispatchWorkgroups(Math.min(groups, 32_768), Math.ceil(groups / 32_768));
  work.end();
  device.queue.submit([encoder.finish()]);
  return logits;
}

/** As ONNX Runtime's getData does it: a buffer to map, a copy, the mapping, and the numbers out of it. */
async function copyOf(device: GPUDevice, logits: GPUBuffer): Promise<Float32Array> {
  const read = device.createBuffer({ size: logits.size, usage: USAGE.mapRead | USAGE.copyTarget });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(logits, 0, read, 0, logits.size);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(MAP_READ);
  const numbers = new Float32Array(read.getMappedRange().slice(0));
  read.destroy();
  return numbers;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
