import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProbe, chanceWarning, probeTokens } from '../../../../src/engine/score/probe.ts';
import { loadHuggingFace } from '../../../../src/engine/tokenizers/hugging-face.ts';
import type { ModelFolder } from '../../../../src/engine/score/model-folder.ts';
import { makeScorer } from '../../../../src/engine/score/scorer.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet, tinyBundle } from '../../../helpers/tinyLm.ts';

const FOLDER = join(import.meta.dirname, '../../../../public/models/espalier-3m');
const RECORDED = join(import.meta.dirname, '../../../fixtures/bundled-model-scores.json');

it('the bundled model scores as recorded, which is what the browser is compared with', async () => {
  const bundle = await tinyBundle(modelFolder(FOLDER));
  expect(bundle.graph.length + bundle.tokenizer.json.length).toBeLessThan(16e6);
  const model = await startNodeModel(bundle);
  const { entropy, surprisal, outcome } = await scoreForest(tinyForest(), TINY_LIMITS, [() => Promise.resolve(model)]);
  const probe = await runProbe(
    model,
    probeTokens(loadHuggingFace('bundled', bundle.tokenizer.json, undefined).tokenizer, model),
    () => performance.now() / 1000,
  );
  await model.dispose();
  expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
  expect(chanceWarning(probe, model.vocabulary)).toBeNull();
  const round = (values: Float32Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6));
  if (process.env['ESPALIER_WRITE_FIXTURES'] === '1')
    writeFileSync(RECORDED, `${JSON.stringify({ model: bundle.hash, entropy: round(entropy), surprisal: round(surprisal) })}\n`);
  const expected = JSON.parse(readFileSync(RECORDED, 'utf8')) as { model: string; entropy: number[]; surprisal: number[] };
  expect(bundle.hash, 'the bundled model has changed: record its scores anew with ESPALIER_WRITE_FIXTURES=1').toBe(expected.model);
  expect(largestDifference(entropy, expected.entropy)).toBeLessThan(1e-3);
  expect(largestDifference(surprisal, expected.surprisal)).toBeLessThan(1e-3);
});

it("another model's tokenizer is told by the bundled model's surprise at ordinary text", async () => {
  const folder = modelFolder(FOLDER);
  const strange: ModelFolder = {
    ...folder,
    files: folder.files.map((file) => ({ ...file, bytes: 0 })),
    async read(path, ...rest) {
      const bytes = await folder.read(path, ...rest);
      if (path !== 'tokenizer.json') return bytes;
      // The same texts under other ids, as in a tokenizer of the same size that was trained elsewhere.
      const json = JSON.parse(new TextDecoder().decode(bytes)) as { model: { vocab: Record<string, number> } };
      const size = Object.keys(json.model.vocab).length;
      json.model.vocab = Object.fromEntries(
        Object.entries(json.model.vocab).map(([text, id]) => [text, id < 16 ? id : 16 + (((id - 16) * 1009) % (size - 16))]),
      );
      return new TextEncoder().encode(JSON.stringify(json));
    },
  };
  const load = async (from: ModelFolder): Promise<readonly string[]> => {
    const scorer = makeScorer({
      executors: [{ id: 'node', start: (bundle) => startNodeModel(bundle) }],
      open: () => Promise.resolve(from),
    });
    const loaded = await scorer.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet);
    await scorer.release();
    if (!loaded.ok) throw new Error(loaded.reason);
    return loaded.model.notes;
  };
  expect(await load(folder)).toEqual([]);
  expect((await load(strange)).join()).toMatch(
    new RegExp(
      '^the model finds ordinary text no likelier than chance \\([\\d.]+ nats per token, chance is 9\\.01\\): ' +
        "its tokenizer may be another model's$",
    ),
  );
});
