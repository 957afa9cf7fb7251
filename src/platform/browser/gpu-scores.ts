/** The entropy kernel on a WebGPU device: logits stay there, three floats per query come back. */
import { kernelShape, kernelSource, planKernel, type QueryScores } from '../../core/score/kernel.ts';
import { MAP_READ, USAGE } from './gpu-flags.ts';

/** Workgroups along one dimension that every WebGPU device admits. */
const MAX_GROUPS = 65_535;

export interface GpuScorer {
  /** @param at ascending rows of `logits`, [rows, vocabulary] of `type` */
  score(logits: GPUBuffer, type: 'f32' | 'f16', vocabulary: number, at: Int32Array, target: Int32Array): Promise<QueryScores>;
}

/** @param maxBytes of one binding; the device's own limit where none is given */
export function makeGpuScorer(device: GPUDevice, maxBytes = device.limits.maxStorageBufferBindingSize): GpuScorer {
  const pipelines = new Map<string, GPUComputePipeline>();

  function pipelineFor(type: 'f32' | 'f16'): GPUComputePipeline {
    let pipeline = pipelines.get(type);
    if (!pipeline) {
      const module = device.createShaderModule({ code: kernelSource(type), label: `espalier entropy ${type}` });
      pipelines.set(type, (pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } })));
    }
    return pipeline;
  }

  function upload(data: Uint32Array<ArrayBuffer>, usage: number): GPUBuffer {
    const buffer = device.createBuffer({ size: Math.max(16, data.byteLength), usage: usage | USAGE.copyTarget });
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  return {
    async score(logits, type, vocabulary, at, target) {
      const count = at.length;
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
        pairs[2 * q + 1] = target[q] ?? 0;
      }
      const queries = upload(pairs, USAGE.storage);
      const bytes = Math.max(16, 12 * count);
      const results = device.createBuffer({ size: bytes, usage: USAGE.storage | USAGE.copySource });
      const read = device.createBuffer({ size: bytes, usage: USAGE.mapRead | USAGE.copyTarget });
      const owned = [queries, results, read];
      try {
        const pipeline = pipelineFor(type);
        const encoder = device.createCommandEncoder();
        for (const pass of passes) {
          const shape = upload(padded(kernelShape(pass, vocabulary)), USAGE.uniform);
          owned.push(shape);
          const group = device.createBindGroup({
            layout: pipeline.getBindGroupLayout(0),
            entries: [
              { binding: 0, resource: { buffer: logits, offset: pass.bindingOffset, size: pass.bindingBytes } },
              { binding: 1, resource: { buffer: queries } },
              { binding: 2, resource: { buffer: results } },
              { binding: 3, resource: { buffer: shape } },
            ],
          });
          const groups = pass.queryTo - pass.queryFrom;
          const work = encoder.beginComputePass();
          work.setPipeline(pipeline);
          work.setBindGroup(0, group);
          work.dispatchWorkgroups(Math.min(groups, MAX_GROUPS), Math.ceil(groups / MAX_GROUPS));
          work.end();
        }
        encoder.copyBufferToBuffer(results, 0, read, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await read.mapAsync(MAP_READ);
        const floats = new Float32Array(read.getMappedRange());
        const entropy = new Float32Array(count);
        const logprob = new Float32Array(count);
        const gradient = new Float32Array(count);
        for (let q = 0; q < count; q++) {
          entropy[q] = floats[3 * q] ?? NaN;
          logprob[q] = floats[3 * q + 1] ?? NaN;
          gradient[q] = floats[3 * q + 2] ?? NaN;
        }
        return { entropy, logprob, gradient };
      } finally {
        for (const buffer of owned) buffer.destroy();
      }
    },
  };
}

/** Uniform structures take a multiple of 16 bytes. */
function padded(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(Math.ceil(words.length / 4) * 4);
  all.set(words);
  return all;
}
