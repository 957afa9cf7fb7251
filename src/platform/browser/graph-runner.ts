/** Graphs of our own by ONNX Runtime on WebGPU, on the same device as the language model; inputs stay there between runs. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { GraphColumn } from '../../core/signal/importance-inputs.ts';
import type { GraphGroup, GraphRunner } from '../../engine/score/graph-runner.ts';
import { USAGE } from './gpu-flags.ts';

type Ort = typeof import('onnxruntime-web/webgpu');

interface HeldGroup {
  readonly key: string;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * @param label names the device for people
 * @param maxBytes of one column; the device's own limit where none is given
 */
export function makeGraphRunner(
  ort: Ort,
  device: GPUDevice,
  label: string,
  maxBytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
): GraphRunner {
  let session: { readonly key: string; readonly made: InferenceSession } | null = null;
  const held = new Map<string, HeldGroup>();

  const upload = (name: string, { data, dims }: GraphColumn): Tensor => {
    const size = Math.max(16, Math.ceil(data.byteLength / 16) * 16);
    if (size > maxBytes) throw new Error(`"${name}" takes ${size} bytes, more than the ${maxBytes} that this device can bind at once`);
    const buffer = device.createBuffer({ size, usage: USAGE.storage | USAGE.copySource | USAGE.copyTarget });
    device.queue.writeBuffer(buffer, 0, data);
    return ort.Tensor.fromGpuBuffer(buffer, {
      dataType: data instanceof Int32Array ? 'int32' : 'float32',
      dims,
      dispose: () => buffer.destroy(),
    });
  };
  const drop = (name: string): void => {
    for (const tensor of Object.values(held.get(name)?.tensors ?? {})) tensor.dispose();
    held.delete(name);
  };
  const hold = ({ name, key, columns }: GraphGroup): HeldGroup => {
    const known = held.get(name);
    if (known?.key === key) return known;
    if (columns === null) throw new Error(`expected the columns of "${name}", which this device does not hold`);
    drop(name);
    const group = { key, tensors: Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, upload(column, values)])) };
    held.set(name, group);
    return group;
  };

  return {
    label,
    async run({ key, onnx, output, groups, unasked }) {
      if (unasked && device.adapterInfo.isFallbackAdapter) throw new Error('a software adapter is slower than typed arrays');
      if (session?.key !== key) {
        await session?.made.release();
        session = null;
        session = { key, made: await ort.InferenceSession.create(onnx, { executionProviders: ['webgpu'], logSeverityLevel: 3 }) };
      }
      const { made } = session;
      const all = new Map(groups.flatMap((group) => Object.entries(hold(group).tensors)));
      const feeds = Object.fromEntries([...all].filter(([name]) => made.inputNames.includes(name)));
      const result = (await made.run(feeds, [output]))[output];
      const values = await result?.getData();
      if (!(values instanceof Float32Array)) throw new Error(`expected float32 from "${output}", found ${result?.type ?? 'nothing'}`);
      const copy = Float32Array.from(values);
      result?.dispose();
      return copy;
    },
    async release() {
      for (const name of held.keys()) drop(name);
      await session?.made.release();
      session = null;
    },
  };
}
