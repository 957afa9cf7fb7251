/** The scoring kernel on a WebGPU device: logits stay there, three floats per query come back, and a sketch where it is wanted. */
import { kernelShape, kernelSource, planKernel } from '../../core/score/gpu-kernel.ts';
import type { QueryScores, SketchAsk } from '../../core/score/kernel.ts';
import { MAP_READ, USAGE } from './gpu-flags.ts';

/** Workgroups along one dimension that every WebGPU device admits. */
const MAX_GROUPS = 65_535;
/** In a query's target: its sketch is wanted. */
const SKETCHED = 0x80000000;

export interface GpuScorer {
  /** @param at ascending rows of `logits`, [rows, vocabulary] of `type` */
  score(
    logits: GPUBuffer,
    type: 'f32' | 'f16',
    vocabulary: number,
    at: Int32Array,
    target: Int32Array,
    sketch?: SketchAsk | null,
  ): Promise<QueryScores>;
}

/** @param maxBytes of one binding; the device's own limit where none is given */
export function makeGpuScorer(device: GPUDevice, maxBytes = device.limits.maxStorageBufferBindingSize): GpuScorer {
  const pipelines = new Map<string, GPUComputePipeline>();

  function pipelineFor(type: 'f32' | 'f16', dim: number): GPUComputePipeline {
    const key = `${type} ${dim}`;
    let pipeline = pipelines.get(key);
    if (!pipeline) {
      const module = device.createShaderModule({ code: kernelSource(type, dim), label: `espalier entropy ${key}` });
      pipelines.set(key, (pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } })));
    }
    return pipeline;
  }

  function upload(data: Uint32Array<ArrayBuffer>, usage: number): GPUBuffer {
    const buffer = device.createBuffer({ size: Math.max(16, data.byteLength), usage: usage | USAGE.copyTarget });
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  return {
    async score(logits, type, vocabulary, at, target, sketch = null) {
      const count = at.length;
      const dim = sketch?.wanted.includes(1) ? sketch.sketcher.dim : 0;
      const passes = planKernel(
        at,
        vocabulary,
        type === 'f32' ? 4 : 2,
        logits.size,
        maxBytes,
        device.limits.minStorageBufferOffsetAlignment,
      );
      const pairs = new Uint32Array(2 * count);
      for (let q = 0; q < count; q++) {
        pairs[2 * q] = at[q] ?? 0;
        pairs[2 * q + 1] = ((target[q] ?? 0) | (sketch?.wanted[q] === 1 ? SKETCHED : 0)) >>> 0;
      }
      const queries = upload(pairs, USAGE.storage);
      const owned = [queries];
      const output = (perQuery: number): Output => {
        const size = Math.max(16, 4 * perQuery * count);
        const results = device.createBuffer({ size, usage: USAGE.storage | USAGE.copySource });
        const read = device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyTarget });
        owned.push(results, read);
        return { results, read, size };
      };
      const scores = output(3);
      const counts = dim > 0 ? output(dim) : null;
      try {
        const pipeline = pipelineFor(type, dim);
        const encoder = device.createCommandEncoder();
        for (const pass of passes) {
          const shape = upload(padded(kernelShape(pass, vocabulary)), USAGE.uniform);
          owned.push(shape);
          const group = device.createBindGroup({
            layout: pipeline.getBindGroupLayout(0),
            entries: [
              { binding: 0, resource: { buffer: logits, offset: pass.bindingOffset, size: pass.bindingBytes } },
              { binding: 1, resource: { buffer: queries } },
              { binding: 2, resource: { buffer: scores.results } },
              { binding: 3, resource: { buffer: shape } },
              ...(counts === null ? [] : [{ binding: 4, resource: { buffer: counts.results } }]),
            ],
          });
          const groups = pass.queryTo - pass.queryFrom;
          const work = encoder.beginComputePass();
          work.setPipeline(pipeline);
          work.setBindGroup(0, group);
          work.dispatchWorkgroups(Math.min(groups, MAX_GROUPS), Math.ceil(groups / MAX_GROUPS));
          work.end();
        }
        for (const { results, read, size } of counts === null ? [scores] : [scores, counts])
          encoder.copyBufferToBuffer(results, 0, read, 0, size);
        device.queue.submit([encoder.finish()]);
        const [floats, sketches] = await Promise.all([read(scores), counts && read(counts)]);
        const column = (k: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: count }, (_, q) => floats[3 * q + k] ?? NaN);
        return { entropy: column(0), logprob: column(1), gradient: column(2), counts: sketches };
      } finally {
        for (const buffer of owned) buffer.destroy();
      }
    },
  };
}

interface Output {
  readonly results: GPUBuffer;
  readonly read: GPUBuffer;
  readonly size: number;
}

async function read({ read: buffer }: Output): Promise<Float32Array<ArrayBuffer>> {
  await buffer.mapAsync(MAP_READ);
  return new Float32Array(buffer.getMappedRange().slice(0));
}

/** Uniform structures take a multiple of 16 bytes. */
function padded(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(Math.ceil(words.length / 4) * 4);
  all.set(words);
  return all;
}
