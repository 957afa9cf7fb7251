/** The score worker: one language model on the best device, running score plans. */
import { expose, transfer } from 'comlink';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { makeScorer } from '../src/engine/score/scorer.ts';
import { browserExecutors } from '../src/platform/browser/language-model.ts';
import { openWorkerModel } from '../src/platform/browser/worker-models.ts';
import type { ScoreContract } from './score-contract.ts';

const scorer = makeScorer({
  executors: browserExecutors({ mjs: new URL(mjs, self.location.href).href, wasm: new URL(wasm, self.location.href).href }),
  open: openWorkerModel,
});

const contract: ScoreContract = {
  size: (model, dtype) => scorer.size(model, dtype),
  load: (settings, onProgress) => scorer.load(settings, onProgress),
  async run(job, onFacts, onProgress) {
    const sent: { facts: Promise<void> | void; progress: Promise<void> | void } = { facts: undefined, progress: undefined };
    const outcome = await scorer.run(
      job,
      (facts) => {
        sent.facts = onFacts(facts);
      },
      (progress) => {
        sent.progress = onProgress(progress);
      },
    );
    // Callbacks travel by ports of their own: the last of each has arrived before the outcome does.
    await Promise.all([sent.facts, sent.progress]);
    return outcome;
  },
  async graph(job) {
    const reply = await scorer.graph(job);
    return reply.ok ? transfer(reply, [reply.values.buffer]) : reply;
  },
  pause: async () => scorer.pause(),
  resume: async () => scorer.resume(),
  cancel: async () => scorer.cancel(),
  release: () => scorer.release(),
};
expose(contract);
