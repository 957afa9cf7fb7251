/** Language models in Node: a folder on disk, run by onnxruntime-web's WebAssembly, which needs no native binary. */
import { readdirSync, statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { wasmMemory } from '../../engine/score/limits.ts';
import { bundleBytes, type ModelBundle, type ModelFolder } from '../../engine/score/model-folder.ts';
import { makeCpuRuntime, notLoaded } from '../../engine/score/ort-cpu.ts';
import { startOnnx } from '../../engine/score/start-onnx.ts';
import type { LanguageModel } from '../../core/score/language-model.ts';

/** Links to files count as files, as in the hub's cache folders; a link to nothing is left out. Throws where there is no such folder. */
export function modelFolder(path: string): ModelFolder {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() && !entry.isSymbolicLink()) return [];
    const file = join(entry.parentPath, entry.name);
    const found = statsOf(file);
    return found?.isFile() === true ? [{ path: relative(path, file).replaceAll('\\', '/'), bytes: found.size }] : [];
  });
  return {
    name: basename(resolve(path)),
    files,
    async read(file, onBytes, signal) {
      signal.throwIfAborted();
      return readWhole(join(path, file), onBytes, signal);
    },
  };
}

/** Undefined where nothing is there, also behind a link that leads back to itself. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/** At once: `readFile` takes no file over 2 GiB, and memory of its own. */
const PIECE = 1 << 26;

/** In pieces, into the one array that is handed on. @param piece bytes read at once */
export async function readWhole(
  path: string,
  onBytes: (read: number) => void,
  signal: AbortSignal,
  piece = PIECE,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(bytes, at, Math.min(piece, size - at), at);
      if (bytesRead === 0) break;
      onBytes((at += bytesRead));
    }
    return at === size ? bytes : bytes.slice(0, at);
  } finally {
    await file.close();
  }
}

/** Starts the model; rejects with a sentence where it cannot be. @param threads of WebAssembly; the first model decides */
export async function startNodeModel(bundle: ModelBundle, threads = 1): Promise<LanguageModel> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web');
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
  return startOnnx(bundle, async (graph) => {
    const session = await InferenceSession.create(graph, {
      executionProviders: ['wasm'],
      externalData: bundle.data.map(({ path, data }) => ({ path, data })),
      logSeverityLevel: 3,
    }).catch((error: unknown) => {
      throw notLoaded(bundle, error);
    });
    const runtime = makeCpuRuntime(session, (type, data, dims) => new Tensor(type, data, dims));
    return { runtime, device: { on: 'node wasm', adapter: null, threads }, memory: wasmMemory(totalmem(), bundleBytes(bundle)) };
  });
}
