/** A scorer in Node: models from folders on disk, on ONNX Runtime's native binary where that is installed, else on WebAssembly. */
import { fileURLToPath } from 'node:url';
import { makeScorer, type Executor, type Scorer } from '../../engine/score/scorer.ts';
import { modelFolder, startNodeModel } from './language-model.ts';
import { nativeExecutors } from './native-model.ts';

/** @param bundled folder of the model that ships with the workbench @param native tried before WebAssembly, in order */
export function makeNodeScorer(bundled: URL, threads = 1, native: readonly Executor[] = nativeExecutors(threads)): Scorer {
  return makeScorer({
    executors: [...native, { id: 'wasm', start: (bundle) => startNodeModel(bundle, threads) }],
    open(choice) {
      if (choice.kind === 'bundled') return Promise.resolve(modelFolder(fileURLToPath(bundled)));
      if (choice.kind === 'folder') return Promise.resolve(modelFolder(choice.path));
      return Promise.reject(new Error(`expected a folder, found a model as ${choice.kind}`));
    },
  });
}
