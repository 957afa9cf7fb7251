/** A scorer in Node: models from folders on disk, on WebAssembly. */
import { fileURLToPath } from 'node:url';
import { makeScorer, type Scorer } from '../../engine/score/scorer.ts';
import { modelFolder, startNodeModel } from './language-model.ts';

/** @param bundled folder of the model that ships with the workbench */
export function makeNodeScorer(bundled: URL, threads = 1): Scorer {
  return makeScorer({
    executors: [{ id: 'node', start: (bundle) => startNodeModel(bundle, threads) }],
    open(choice) {
      if (choice.kind === 'bundled') return Promise.resolve(modelFolder(fileURLToPath(bundled)));
      if (choice.kind === 'folder') return Promise.resolve(modelFolder(choice.path));
      return Promise.reject(new Error(`expected a folder, found a model as ${choice.kind}`));
    },
  });
}
