import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forest } from '../../../../src/core/model/forest.ts';
import type { LanguageModel } from '../../../../src/core/score/language-model.ts';
import { planScores, type ScorePlan } from '../../../../src/core/score/plan.ts';
import { runScores } from '../../../../src/core/score/run.ts';
import type { TokenTree } from '../../../../src/core/score/token-tree.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { loadBundle } from '../../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { changedFolder, quiet, TINY_LM, tinyBundle } from '../../../helpers/tinyLm.ts';
import { largestDifference, scoreForest, TINY_LIMITS, tinyForest } from '../../../helpers/tinyForest.ts';
import { pathTo, slowScores } from '../../core/score/replay.ts';

let model: LanguageModel;
beforeAll(async () => {
  model = await startNodeModel(await tinyBundle());
});
afterAll(() => model.dispose());

/** Each wanted token by one request for its whole context, with no cache. */
async function alone(
  forest: Forest,
  position: number,
  context: readonly number[],
  start: number,
): Promise<{ entropy: number; surprisal: number }> {
  const tokens = Int32Array.from(context, (at) => (at < 0 ? start : forest.edgeTokens[at]));
  const reply = await model.forward({
    past: null,
    pastLength: 0,
    rows: 1,
    width: tokens.length,
    tokens,
    queryAt: Int32Array.of(tokens.length - 1),
    queryTarget: Int32Array.of(forest.edgeTokens[position]),
    keep: false,
  });
  return { entropy: reply.entropy[0], surprisal: -reply.logprob[0] };
}

describe('the tiny model in Node', () => {
  it('says what it is', () => {
    expect(model.label).toEqual({ name: 'tiny-lm', dtype: 'fp16', device: { on: 'node wasm', adapter: null, threads: 1 } });
    expect(model).toMatchObject({ vocabulary: 512, context: 192, cacheBytesPerToken: 2 * 2 * 64 * 4 });
  });

  it.each([
    ['in one window', { context: 192, overlap: 48, chunk: 64, batch: 4, cacheTokens: 4000, start: 0 }],
    ['in small chunks', { context: 192, overlap: 48, chunk: 2, batch: 4, cacheTokens: 4000, start: 0 }],
    ['in several windows', { context: 7, overlap: 3, chunk: 4, batch: 4, cacheTokens: 4000, start: 0 }],
    ['without a start token, row by row', { context: 12, overlap: 4, chunk: 5, batch: 1, cacheTokens: 60, start: null }],
  ] as const)('gives with shared prefixes what it gives for each text alone, %s', async (_, limits) => {
    const forest = tinyForest();
    const { outcome, plan, entropy, surprisal } = await scoreForest(forest, limits, [() => Promise.resolve(model)]);
    expect(outcome).toMatchObject({ ok: true, cancelled: false, forwarded: plan.forwarded });
    const { contexts } = slowScores(forest, wantedTokens(forest, 'sampled'), limits.context, limits.overlap, limits.start !== null);
    expect(contexts.size).toBeGreaterThan(15);
    let spread = 0;
    for (const [position, context] of contexts) {
      const one = await alone(forest, position, context, 0);
      expect(Math.abs(entropy[position] - one.entropy)).toBeLessThan(1e-4);
      expect(Math.abs(surprisal[position] - one.surprisal)).toBeLessThan(1e-4);
      spread = Math.max(spread, Math.abs(one.surprisal - one.entropy));
    }
    // The model does tell contexts apart, so that a wrong prefix would show.
    expect(spread).toBeGreaterThan(1);
  });

  it('forwards each distinct token once', async () => {
    const forest = tinyForest();
    const { plan } = await scoreForest(forest, { context: 192, overlap: 48, chunk: 64, batch: 4, cacheTokens: 4000, start: null }, [
      () => Promise.resolve(model),
    ]);
    const needed = new Set<number>();
    forest.edgeTokens.forEach((_, at) => {
      if (wantedTokens(forest, 'sampled')[at] === 1) for (const above of pathTo(forest, at).slice(0, -1)) needed.add(above);
    });
    expect(plan.forwarded).toBe(needed.size);
  });

  it('scores as recorded, which is what the browser is compared with', async () => {
    const { entropy, surprisal } = await scoreForest(tinyForest(), TINY_LIMITS, [() => Promise.resolve(model)]);
    const path = join(TINY_LM, 'expected-scores.json');
    const round = (values: Float32Array): (number | null)[] =>
      Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6));
    if (process.env['ESPALIER_WRITE_FIXTURES'] === '1')
      writeFileSync(path, `${JSON.stringify({ entropy: round(entropy), surprisal: round(surprisal) })}\n`);
    const expected = JSON.parse(readFileSync(path, 'utf8')) as { entropy: number[]; surprisal: number[] };
    expect(expected.entropy.filter((value) => value !== null).length).toBeGreaterThan(30);
    expect(largestDifference(entropy, expected.entropy)).toBeLessThan(1e-3);
    expect(largestDifference(surprisal, expected.surprisal)).toBeLessThan(1e-3);
  });

  it('passes over nodes of no tokens, at the root, between others and at the end', async () => {
    const texts = [[11, 12, 13], [21, 22], [31, 32, 33], [41]];
    // The same two branches, once plainly and once with empty nodes 0, 2 and 5.
    const plain = treeOf([-1, 0, 0, 2], texts);
    const gaps = treeOf([-1, 0, 1, 2, 2, 4, 4], [[], texts[0], [], texts[1], texts[2], [], texts[3]]);
    const [whole, gapped] = [plain, gaps].map((tree) =>
      planScores(tree, new Uint8Array(tree.edgeTokens.length).fill(1), { ...TINY_LIMITS, chunk: 4 }),
    );
    expect([...gaps.edgeTokens]).toEqual([...plain.edgeTokens]);
    expect(gapped.forwarded).toBe(whole.forwarded);
    const [expected, found] = await Promise.all([whole, gapped].map((plan) => scoresOf(plan, plain.edgeTokens)));
    expect([...found.keys()].toSorted((a, b) => a - b)).toEqual([...plain.edgeTokens.keys()]);
    for (const [at, value] of expected) expect(Math.abs((found.get(at) ?? Number.NaN) - value)).toBeLessThan(1e-4);
  });

  it('says that a cache is not its own', () => {
    expect(() => model.drop({ length: 3 })).toThrow('expected a cache from this model');
  });
});

/** A task's tree from each node's parent and tokens, parents first. */
function treeOf(parents: readonly number[], tokens: readonly (readonly number[])[]): TokenTree {
  const length = parents.length;
  const edgeStart = Int32Array.from({ length: length + 1 }, (_, n) => tokens.slice(0, n).flat().length);
  const depth = new Int32Array(length);
  const subtreeEnd = Int32Array.from({ length }, (_, n) => n + 1);
  for (let n = 1; n < length; n++) depth[n] = depth[parents[n]] + tokens[parents[n]].length;
  for (let n = length - 1; n > 0; n--) subtreeEnd[parents[n]] = Math.max(subtreeEnd[parents[n]], subtreeEnd[n]);
  return {
    length,
    parent: Int32Array.from(parents),
    subtreeEnd,
    depth,
    edgeStart,
    edgeTokens: Int32Array.from(tokens.flat()),
    treeStart: Int32Array.of(0, length),
  };
}

/** edge token -> entropy */
async function scoresOf(plan: ScorePlan, edgeTokens: Int32Array): Promise<Map<number, number>> {
  const own = await startNodeModel(await tinyBundle());
  const scores = new Map<number, number>();
  const outcome = await runScores(plan, edgeTokens, {
    models: [() => Promise.resolve(own)],
    now: () => 0,
    control: { ready: () => Promise.resolve(), cancelled: false },
    onProgress: quiet,
    onFacts: ({ at, entropy }) => at.forEach((token, i) => scores.set(token, entropy[i])),
  });
  await own.dispose();
  expect(outcome).toMatchObject({ ok: true, fallbacks: [] });
  return scores;
}

describe('a model folder', () => {
  it.skipIf(process.platform === 'win32')('may be of links to files, as in the cache of the hub, and of links to nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
    try {
      for (const { path } of modelFolder(TINY_LM).files) symlinkSync(join(TINY_LM, path), join(folder, path));
      symlinkSync(join(folder, 'nowhere'), join(folder, 'lost.txt'));
      symlinkSync(folder, join(folder, 'loop'));
      symlinkSync('itself', join(folder, 'itself'));
      expect(modelFolder(folder).files.toSorted(byPath)).toEqual(modelFolder(TINY_LM).files.toSorted(byPath));
      expect((await loadBundle(modelFolder(folder), null, quiet, new AbortController().signal)).ok).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => (a.path < b.path ? -1 : 1);

describe('a model folder with faults', () => {
  const refusal = async (changes: Parameters<typeof changedFolder>[0]): Promise<string> => {
    const loaded = await loadBundle(changedFolder(changes), null, quiet, new AbortController().signal);
    if (!loaded.ok) return loaded.reason;
    return startNodeModel(loaded.bundle).then(
      () => 'started',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  };
  const text = (value: unknown) => (): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  const config = { vocab_size: 512, hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, max_position_embeddings: 192 };

  it.each([
    ['no graph', { 'model.onnx': null }, /^tiny-lm: expected model\.onnx in the model's folder, found /],
    ['no tokenizer', { 'tokenizer.json': null }, /^tiny-lm: expected tokenizer\.json in the model's folder, found /],
    ['a config that is not JSON', { 'config.json': text('{') }, /^tiny-lm: config\.json: /],
    [
      'a config of another kind',
      { 'config.json': text({ hidden_size: 64 }) },
      /^tiny-lm: config\.json: expected a causal language model's sizes, found no vocab_size, num_hidden_layers/,
    ],
    [
      'a tokenizer of another model',
      { 'config.json': text({ ...config, vocab_size: 300 }) },
      /^tiny-lm: the tokenizer has ids up to \d+, but the model has 300 tokens: they do not belong together$/,
    ],
    [
      'a cut-off graph',
      { 'model.onnx': (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 100_000) },
      /^tiny-lm: model\.onnx: expected an ONNX graph, found 100000 bytes that are not one, or only the beginning of one$/,
    ],
    [
      'a graph that is none',
      { 'model.onnx': text('not a model') },
      /^tiny-lm: model\.onnx: expected an ONNX graph, found 11 bytes that are not one/,
    ],
    [
      'an input of another name',
      { 'model.onnx': (bytes: Uint8Array<ArrayBuffer>) => renamed(bytes, 'position_ids', 'pusition_ids') },
      /^tiny-lm: the model has an input "pusition_ids" \(int64\), which a text-generation-with-past export does not have$/,
    ],
  ])('%s', async (_, changes, reason) => {
    expect(await refusal(changes)).toMatch(reason);
  });
});

/** Replaces every occurrence of a name by one of equal length. */
function renamed(bytes: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(from, to);
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
