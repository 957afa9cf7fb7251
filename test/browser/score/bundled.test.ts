/** The real bundled model in the real worker, on WebAssembly and on WebGPU (here a software adapter), against Node. */
import { afterAll, describe, expect, it } from 'vitest';
import { planScores } from '../../../src/core/score/plan.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import { spawnScorer } from '../../../workers/spawn.ts';
import recorded from '../../fixtures/bundled-model-scores.json?raw';
import { largestDifference, tinyForest, TINY_LIMITS } from '../../helpers/tinyForest.ts';

const expected = JSON.parse(recorded) as { entropy: (number | null)[]; surprisal: (number | null)[] };
/** A software adapter computes a few dozen tokens a second, and compiles for seconds. */
const SOFTWARE_MS = 300_000;
const scorer = spawnScorer();
afterAll(() => scorer.release());

describe.each(['wasm', 'webgpu'])('the bundled model on %s', (executor) => {
  it(
    'scores as in Node',
    async () => {
      const loaded = await scorer.load({ model: { kind: 'bundled' }, executor, dtype: null }, () => undefined);
      expect(loaded).toMatchObject({ ok: true, model: { name: 'espalier-3m', dtype: 'fp16' } });
      if (loaded.ok) expect(loaded.model.executor).toContain(executor);
      const forest = tinyForest();
      const plan = planScores(forest, wantedTokens(forest, 'sampled'), TINY_LIMITS);
      const entropy = new Float32Array(forest.edgeTokens.length).fill(Number.NaN);
      const surprisal = entropy.slice();
      const outcome = await scorer.run(
        { plan, edgeTokens: forest.edgeTokens },
        (facts) =>
          facts.at.forEach((at, i) => {
            entropy[at] = facts.entropy[i];
            surprisal[at] = facts.surprisal[i];
          }),
        () => undefined,
      );
      expect(outcome).toMatchObject({ ok: true, forwarded: plan.forwarded, fallbacks: [] });
      expect(largestDifference(entropy, expected.entropy)).toBeLessThan(1e-3);
      expect(largestDifference(surprisal, expected.surprisal)).toBeLessThan(1e-3);
    },
    SOFTWARE_MS,
  );
});
