/**
 * Language models in the page's workers, by onnxruntime-web: on WebGPU with logits and caches that never leave the GPU,
 * or on WebAssembly. One build of ONNX Runtime serves both: that for JSPI (17 MB) where the browser can suspend
 * WebAssembly, else the one that was rewritten to do so itself (27 MB).
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { LanguageModel } from '../../core/score/language-model.ts';
import { deviceText } from '../../core/score/model-source.ts';
import { ownMemory, wasmMemory } from '../../engine/score/limits.ts';
import { bundleBytes, type ModelBundle } from '../../engine/score/model-folder.ts';
import type { OnnxRuntime } from '../../engine/score/onnx-port.ts';
import {
  emptyTensor,
  floatsOf,
  inputsOf,
  integerTensor,
  makeCpuRuntime,
  notLoaded,
  tensorsOf,
  type MakeTensor,
} from '../../engine/score/ort-cpu.ts';
import type { Executor } from '../../engine/score/scorer.ts';
import { startOnnx } from '../../engine/score/start-onnx.ts';
import { USAGE } from './gpu-flags.ts';
import { makeGpuScorer } from './gpu-scores.ts';
import { makeGraphRunner } from './graph-runner.ts';

/** Addresses of ONNX Runtime's own files, which the bundler knows. */
export interface RuntimeFiles {
  readonly wasm: string;
  readonly mjs: string;
}

export const BUILDS = ['jspi', 'asyncify'] as const;
export type Build = (typeof BUILDS)[number];

type Ort = typeof import('onnxruntime-web/webgpu');

/** The smaller build needs JavaScript Promise Integration. */
export function buildForHere(): Build {
  return 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
}

/** WebGPU first, WebAssembly as the fallback. @param threads of WebAssembly; null: what suits this machine */
export function browserExecutors(
  files: Readonly<Record<Build, RuntimeFiles>>,
  build: Build = buildForHere(),
  threads: number | null = null,
): readonly Executor[] {
  let loaded: Promise<Ort> | null = null;
  const load = (): Promise<Ort> => (loaded ??= loadRuntime(files[build], build, threads));
  const runtime = `ONNX Runtime, ${build === 'jspi' ? 'JSPI' : 'Asyncify'} build`;
  return [
    {
      id: 'webgpu',
      runtime,
      start: async (bundle, asked) => startWebgpu(await load(), bundle, asked),
      async graphs({ device }) {
        const ort = await load();
        return makeGraphRunner(ort, await ort.env.webgpu.device, deviceText(device));
      },
    },
    { id: 'wasm', runtime, start: async (bundle) => startWasm(await load(), bundle) },
  ];
}

async function loadRuntime({ wasm, mjs }: RuntimeFiles, build: Build, threads: number | null): Promise<Ort> {
  const ort = await (build === 'jspi' ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu'));
  ort.env.wasm.wasmPaths = { wasm, mjs };
  // Without isolation there is no shared memory, hence one thread.
  const suited = crossOriginIsolated ? Math.max(1, Math.min(4, Math.floor((navigator.hardwareConcurrency || 2) / 2))) : 1;
  ort.env.wasm.numThreads = threads ?? suited;
  ort.env.logLevel = 'error';
  return ort;
}

function create(
  ort: Ort,
  bundle: ModelBundle,
  graph: Uint8Array<ArrayBuffer>,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  return ort.InferenceSession.create(graph, {
    ...options,
    externalData: bundle.data.map(({ path, data }) => ({ path, data })),
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw notLoaded(bundle, error);
  });
}

const maker =
  (ort: Ort): MakeTensor =>
  (type, data, dims) =>
    new ort.Tensor(type, data, dims);

async function startWasm(ort: Ort, bundle: ModelBundle): Promise<LanguageModel> {
  const threads = ort.env.wasm.numThreads ?? 1;
  return startOnnx(bundle, async (graph) => ({
    runtime: makeCpuRuntime(await create(ort, bundle, graph, { executionProviders: ['wasm'] }), maker(ort)),
    device: { on: 'wasm', adapter: null, threads },
    memory: wasmMemory(machineMemory(), bundleBytes(bundle)),
  }));
}

/** As far as the browser says: it rounds and stops at 8 GiB, and some say nothing. */
function machineMemory(): number {
  const told = 'deviceMemory' in navigator ? Number(navigator.deviceMemory) : 4;
  return (told > 0 ? told : 4) * 2 ** 30;
}

async function startWebgpu(ort: Ort, bundle: ModelBundle, asked: boolean): Promise<LanguageModel> {
  // The name is absent where the browser has no WebGPU or the page is not secure.
  const gpu: GPU | undefined = 'gpu' in navigator ? navigator.gpu : undefined;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('this browser offers no WebGPU adapter');
  if (adapter.info.isFallbackAdapter && !asked)
    throw new Error(
      `the only WebGPU adapter is ${adapterName(adapter.info)}, a software ` +
        `one, which is slower than wasm; choose webgpu to use it anyway`,
    );
  return startOnnx(bundle, async (graph) => {
    const session = await create(ort, bundle, graph, { executionProviders: ['webgpu'], preferredOutputLocation: 'gpu-buffer' });
    const device = await ort.env.webgpu.device;
    return {
      runtime: makeGpuRuntime(ort, session, device),
      device: { on: 'webgpu', adapter: adapterName(device.adapterInfo), threads: null },
      memory: ownMemory(machineMemory(), Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize)),
    };
  });
}

function adapterName({ vendor, architecture, description }: GPUAdapterInfo): string {
  return [vendor, architecture].filter((word) => word !== '').join(' ') || description || 'unnamed adapter';
}

/** Rejects when the device is lost, and reports the first error that nobody caught. */
function watch(device: GPUDevice): { readonly lost: Promise<never>; readonly failure: () => string | null; readonly stop: () => void } {
  let failure: string | null = null;
  let isFull = false;
  const onError = (event: GPUUncapturedErrorEvent): void => {
    if (event.error instanceof GPUOutOfMemoryError) isFull = true;
    // What follows from a buffer that could not be made is no failure of its own.
    else if (!isFull) failure ??= event.error.message;
  };
  device.addEventListener('uncapturederror', onError);
  const lost = device.lost.then(({ reason, message }) =>
    Promise.reject(new Error(`the GPU device was lost (${reason}${message ? `: ${message}` : ''})`)),
  );
  /** Told once: a smaller request may do. */
  const full = (): string | null => {
    if (!isFull) return null;
    isFull = false;
    return 'the GPU is out of memory';
  };
  // Nobody may be waiting when it happens.
  lost.catch(() => undefined);
  return { lost, failure: () => failure ?? full(), stop: () => device.removeEventListener('uncapturederror', onError) };
}

function makeGpuRuntime(ort: Ort, session: InferenceSession, device: GPUDevice): OnnxRuntime<Tensor> {
  const scorer = makeGpuScorer(device);
  const watched = watch(device);
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    const result = await Promise.race([work, watched.lost]);
    const failure = watched.failure();
    if (failure !== null) throw new Error(failure);
    return result;
  };
  return {
    inputs: inputsOf(session.inputMetadata),
    outputs: inputsOf(session.outputMetadata),
    async run(feeds, outputs) {
      const made = session.run(feeds, [...outputs]).then(tensorsOf);
      const settled = async (): Promise<Record<string, Tensor>> => {
        const results = await made;
        // Where nothing is read back, what went wrong on the device would be told of the next request.
        if (!outputs.includes('logits')) await device.queue.onSubmittedWorkDone();
        return results;
      };
      try {
        return await guarded(settled());
      } catch (error) {
        void made.then((late) => Object.values(late).forEach((tensor) => tensor.dispose())).catch(() => undefined);
        throw error;
      }
    },
    integers: (type, values, dims) => integerTensor(maker(ort), type, values, dims),
    empty: (type, dims) => emptyTensor(maker(ort), type, dims),
    cut: (cache, length, rows) => cutOnGpu(ort, device, cache, length, rows),
    score: (logits, vocabulary, at, target, sketch) =>
      guarded(scorer.score(logits.gpuBuffer, logits.type === 'float16' ? 'f16' : 'f32', vocabulary, at, target, sketch)),
    floats: async (tensor) => floatsOf(tensor, await guarded(tensor.getData())),
    drop: (tensor) => tensor.dispose(),
    async close() {
      watched.stop();
      await session.release();
    },
  };
}

/** Heads are contiguous, so each one's first tokens are one copy. */
function cutOnGpu(ort: Ort, device: GPUDevice, cache: Tensor, length: number, rows: number): Tensor {
  const [, heads = 0, had = 0, width = 0] = cache.dims;
  const dataType = cache.type === 'float16' ? 'float16' : 'float32';
  const unit = width * (dataType === 'float16' ? 2 : 4);
  const size = rows * heads * length * unit;
  const buffer = device.createBuffer({ size: Math.ceil(size / 16) * 16, usage: USAGE.storage | USAGE.copySource | USAGE.copyTarget });
  const encoder = device.createCommandEncoder();
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++)
      encoder.copyBufferToBuffer(cache.gpuBuffer, head * had * unit, buffer, (row * heads + head) * length * unit, length * unit);
  }
  device.queue.submit([encoder.finish()]);
  return ort.Tensor.fromGpuBuffer(buffer, { dataType, dims: [rows, heads, length, width], dispose: () => buffer.destroy() });
}
