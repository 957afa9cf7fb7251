/** Language models in Node on ONNX Runtime's native binary, where the optional package `onnxruntime-node` is installed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Tensor } from 'onnxruntime-web';
import type { Device } from '../../core/score/model-source.ts';
import type { LanguageModel } from '../../core/score/language-model.ts';
import type { ModelBundle } from '../../engine/score/model-folder.ts';
import { makeCpuRuntime, notLoaded } from '../../engine/score/ort-cpu.ts';
import type { Executor } from '../../engine/score/scorer.ts';
import { startOnnx, type OnnxSession } from '../../engine/score/start-onnx.ts';

/** ONNX Runtime's execution providers that are offered, and how labels name them. */
const PROVIDERS = { cpu: 'node native cpu', cuda: 'node native cuda', dml: 'node native dml' } as const;
type Provider = keyof typeof PROVIDERS;

/** Folder of the native binaries for this machine; null where the package is not installed or has none. */
export function nativeFolder(from: string = import.meta.url): string | null {
  let manifest;
  try {
    manifest = createRequire(from).resolve('onnxruntime-node/package.json');
  } catch {
    return null;
  }
  const folder = join(dirname(manifest), 'bin/napi-v6', process.platform, process.arch);
  return existsSync(join(folder, 'onnxruntime_binding.node')) ? folder : null;
}

/** Starts the model; rejects with a sentence where it cannot be. @param threads of the CPU provider */
export async function startNativeModel(bundle: ModelBundle, provider: Provider, threads: number): Promise<LanguageModel> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const device: Device = { on: PROVIDERS[provider], adapter: null, threads: provider === 'cpu' ? threads : null };
  const start = async (graph: Uint8Array<ArrayBuffer>): Promise<OnnxSession<Tensor>> => {
    const session = await InferenceSession.create(graph, {
      executionProviders: [provider],
      externalData: bundle.data.map(({ path, data }) => ({ path, data })),
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // A provider that is not there is told by what is thrown, and not on standard error as well.
      logSeverityLevel: 4,
    }).catch((error: unknown) => {
      throw notLoaded(bundle, error);
    });
    const runtime = makeCpuRuntime(session, (type, data, dims) => new Tensor(type, data, dims));
    // Keys and values are kept in JavaScript's memory, whatever runs the model.
    return { runtime, device, memory: { bytes: totalmem() / 4 } };
  };
  return startOnnx(bundle, start, true);
}

/**
 * Native executors, best first; none where the package is missing. CUDA is used by itself where its library was installed beside
 * the package; DirectML comes with the package on every Windows, whatever its GPU, so that it runs only where a person names it.
 */
export function nativeExecutors(threads: number, folder: string | null = nativeFolder()): Executor[] {
  if (folder === null) return [];
  const has = (file: string): boolean => existsSync(join(folder, file));
  const start = (provider: Provider) => (bundle: ModelBundle) => startNativeModel(bundle, provider, threads);
  return [
    ...(has('DirectML.dll') ? [{ id: 'dml', named: true, start: start('dml') }] : []),
    ...(has('libonnxruntime_providers_cuda.so') || has('onnxruntime_providers_cuda.dll') ? [{ id: 'cuda', start: start('cuda') }] : []),
    // Tests compare its figures with those of WebAssembly; a GPU's are compared with this one's at the start of all but large models.
    { id: 'native', trusted: true, start: start('cpu') },
  ];
}
