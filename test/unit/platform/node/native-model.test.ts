/** Models on ONNX Runtime's native binary; figures are compared where the optional package is installed, and skipped elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { nativeExecutors, nativeFolder, startNativeModel } from '../../../../src/platform/node/native-model.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet, TINY_LM, tinyBundle } from '../../../helpers/tinyLm.ts';

const GQA = join(import.meta.dirname, '../../../fixtures/tiny-gqa');
const BUNDLED = join(import.meta.dirname, '../../../../public/models/espalier-3m');
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = nativeFolder() !== null;
if (!isThere)
  console.warn('onnxruntime-node is not installed: its figures are not compared (npm install --no-save onnxruntime-node@1.30.0)');

describe('where the package is', () => {
  it('is asked of the package that imports it', () => {
    expect(nativeFolder(pathToFileURL(join(folder, 'index.js')).href)).toBeNull();
    expect(nativeExecutors(1, null)).toEqual([]);
  });

  it('offers a GPU by itself where its library was installed, and DirectML where a person names it', () => {
    expect(nativeExecutors(1, folder).map(({ id }) => id)).toEqual(['native']);
    writeFileSync(join(folder, 'DirectML.dll'), '');
    writeFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), '');
    expect(nativeExecutors(1, folder).map(({ id, named = false, trusted = false }) => [id, named, trusted])).toEqual([
      ['dml', true, false],
      ['cuda', false, false],
      ['native', false, true],
    ]);
  });

  it('falls back to WebAssembly with a note where a provider cannot be started', async () => {
    const broken = { id: 'native', trusted: true, start: () => Promise.reject(new Error('no such library')) };
    const scorer = makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 1, [broken]);
    const loaded = await scorer.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet);
    await scorer.release();
    expect(loaded).toMatchObject({ ok: true, model: { executor: 'node wasm, 1 thread' } });
    expect(loaded.ok && loaded.model.notes).toContain('native: no such library');
  });
});

describe.skipIf(!isThere)('the native CPU', () => {
  it('is chosen by itself, named, and not compared again', async () => {
    const scorer = makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 2);
    const loaded = await scorer.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, quiet);
    expect(loaded).toMatchObject({ ok: true, model: { executor: 'node native cpu, 2 threads', selfCheck: null } });
    const asked = await scorer.load({ model: { kind: 'bundled' }, executor: 'wasm', dtype: null }, quiet);
    expect(asked.ok && asked.model.executor).toMatch(/^node wasm, /);
    await scorer.release();
  });

  it.each([
    ['the bundled model', BUNDLED, null, 1e-3],
    ['a tiny model', TINY_LM, null, 1e-3],
    ['weights of 4 bits in an external file', GQA, 'q4', 1e-3],
    ['weights of 8 bits', GQA, 'q8', 1e-3],
    // Sums of such products saturate at 16 bits on processors without instructions for them.
    ['integer products', GQA, 'int8', 0.2],
  ])('gives the figures of WebAssembly: %s', async (_, path, dtype, within) => {
    const loaded = await loadBundle(modelFolder(path), dtype, quiet, new AbortController().signal);
    if (!loaded.ok) throw new Error(loaded.reason);
    const scores = [];
    for (const model of [await startNodeModel(loaded.bundle), await startNativeModel(loaded.bundle, 'cpu', 1)]) {
      scores.push(await scoreForest(tinyForest(), { ...TINY_LIMITS, batch: model.maxRows }, [() => Promise.resolve(model)]));
      await model.dispose();
    }
    const [wasm, native] = scores;
    expect(wasm?.entropy.some((value) => value > 1)).toBe(true);
    expect(native?.outcome).toMatchObject({ ok: true, fallbacks: [] });
    expect(largestDifference(native!.entropy, [...wasm!.entropy])).toBeLessThan(within);
    expect(largestDifference(native!.surprisal, [...wasm!.surprisal])).toBeLessThan(within);
  });

  it('says what it cannot run', async () => {
    const bundle = await tinyBundle();
    await expect(startNativeModel({ ...bundle, graph: bundle.graph.slice(0, 1000) }, 'cpu', 1)).rejects.toThrow(
      /^tiny-lm could not be loaded \(1000 bytes of graph\): /,
    );
  });
});
