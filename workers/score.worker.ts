/** The score worker: one language model on the best device, running score plans. */
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import { makeScorer } from '../src/engine/score/scorer.ts';
import { browserExecutors, buildForHere } from '../src/platform/browser/language-model.ts';
import { workerModels } from '../src/platform/browser/worker-models.ts';
import { openDoor } from './door.ts';
import { fetchFrom } from './fetch.ts';
import { LENT_SCORER } from './score-contract.ts';

const address = (url: string): string => new URL(url, import.meta.url).href;

openDoor(
  makeScorer({
    executors: browserExecutors(
      {
        jspi: { mjs: address(jspiMjs), wasm: address(jspiWasm) },
        asyncify: { mjs: address(asyncifyMjs), wasm: address(asyncifyWasm) },
      },
      buildForHere(),
      self.name === LENT_SCORER ? 1 : null,
    ),
    open: workerModels(import.meta.url, fetchFrom).open,
  }),
  fetchFrom,
);
