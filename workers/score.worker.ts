/** The score worker: one language model on the best device, running score plans. */
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { makeScorer } from '../src/engine/score/scorer.ts';
import { browserExecutors } from '../src/platform/browser/language-model.ts';
import { openWorkerModel } from '../src/platform/browser/worker-models.ts';
import { openDoor } from './door.ts';

openDoor(
  makeScorer({
    executors: browserExecutors({ mjs: new URL(mjs, self.location.href).href, wasm: new URL(wasm, self.location.href).href }),
    open: openWorkerModel,
  }),
);
