/** Sketches of gradients from a scoring run, in a session and at the model. */
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseSketches, missingSketches } from '../../../../src/core/gradient/choose.ts';
import { addSketch, type Sketches, type SketchRows } from '../../../../src/core/gradient/store.ts';
import { planScores } from '../../../../src/core/score/plan.ts';
import { runScores } from '../../../../src/core/score/run.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { makeSketchTaker } from '../../../../src/engine/score/take-sketches.ts';
import { makeSession, type Session } from '../../../../src/engine/session.ts';
import { startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { fakeModel } from '../../../helpers/fakeModel.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { tinyForest } from '../../../helpers/tinyForest.ts';
import { quiet, tinyBundle, TINY_LM } from '../../../helpers/tinyLm.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const DIM = 512;
const TINY = { model: { kind: 'bundled' }, executor: 'auto', dtype: null } as const;
const scorer = makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 1, []);
const FREE = { ready: () => Promise.resolve(), cancelled: false };

const vector = (rows: SketchRows, row: number): Float64Array => {
  const into = new Float64Array(DIM);
  addSketch(rows, row, 1, into);
  return into;
};
const squared = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value * value, 0);

const LOG = ['first it went up — then down', 'first it went up, and stayed', 'second: nothing 🌳 happened']
  .map((answer) =>
    JSON.stringify({
      task_id: 't',
      messages: [
        { role: 'user', content: 'The ladder?' },
        { role: 'assistant', content: answer },
      ],
    }),
  )
  .join('\n');

async function opened(log = LOG): Promise<Session> {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer });
  await session.open([inputFile('log.jsonl', Buffer.from(log))], DEFAULT_OPEN_SETTINGS, quiet);
  return session;
}

function sumsOfTokens({ tokens, nodes }: Sketches, edgeStart: Int32Array): void {
  expect(nodes.of.length).toBeGreaterThan(0);
  nodes.of.forEach((n, row) => {
    const sum = new Float64Array(DIM);
    tokens.of.forEach((at, i) => {
      if (at >= edgeStart[n]! && at < edgeStart[n + 1]!) addSketch(tokens, i, 1, sum);
    });
    const found = vector(nodes, row);
    expect(squared(found.map((value, k) => value - sum[k]!))).toBeLessThan(1e-5 * squared(found));
  });
}

describe('a session that is asked for sketches', () => {
  it('keeps one of each sampled token and node, by bytes where the log has other tokens, and in a file', async () => {
    const session = await opened();
    await session.score.load(TINY, quiet);
    const plain = await session.score.estimate('missing');
    expect(plain).toMatchObject({ sketch: null });
    const estimate = await session.score.estimate('missing', true);
    expect(estimate).toMatchObject({ by: 'text', sketch: { of: 'last layer', why: null, tokenShare: 1, nodeShare: 1 } });
    await session.score.start(quiet);
    const columns = session.score.columns();
    const sketches = columns?.sketches;
    if (!columns || !sketches) throw new Error('there are no sketches');
    const { sampled } = session.facts().tokens;
    expect(estimate).toMatchObject({ sketch: { tokens: sampled, nodes: sketches.nodes.of.length } });
    expect(Array.from(sketches.tokens.of)).toEqual(Array.from(columns.entropy.keys()).filter((i) => !Number.isNaN(columns.entropy[i])));
    expect(sketches.tokens.of.length).toBe(sampled);
    expect(await session.score.estimate('missing', true)).toMatchObject({ tokens: 0 });

    const again = await opened();
    expect(await again.score.restore(await session.score.save())).toMatchObject({ ok: true });
    expect(again.score.columns()?.sketches).toEqual(sketches);
    // Without a model's scores being asked for again, and with other nodes.
    const cut = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer });
    await cut.open([inputFile('log.jsonl', Buffer.from(LOG))], { ...DEFAULT_OPEN_SETTINGS, maxNodeTokens: 2 }, quiet);
    expect(await cut.score.restore(await session.score.save())).toMatchObject({ ok: true });
    const recut = cut.score.columns()?.sketches;
    expect(recut?.tokens).toEqual(sketches.tokens);
    expect(recut?.nodes.of.length).toBeGreaterThan(sketches.nodes.of.length);
  });

  it('computes them also where entropy is known, and none again', async () => {
    const session = await opened();
    await session.score.load(TINY, quiet);
    await session.score.estimate('missing');
    await session.score.start(quiet);
    expect(session.score.columns()?.sketches).toBeNull();
    expect(await session.score.estimate('missing')).toMatchObject({ tokens: 0 });
    const estimate = await session.score.estimate('missing', true);
    expect(estimate.ok && estimate.scored).toBeGreaterThan(0);
    await session.score.start((update) => update.tokens > 0 && session.score.cancel());
    const half = session.score.columns()?.sketches?.tokens.of.length ?? 0;
    const rest = await session.score.estimate('missing', true);
    if (!rest.ok || !estimate.ok) throw new Error('expected estimates');
    expect(rest.scored).toBeLessThanOrEqual(estimate.scored);
    await session.score.start(quiet);
    const whole = session.score.columns()?.sketches;
    expect(whole?.tokens.of.length).toBe(session.facts().tokens.sampled);
    expect(whole?.tokens.of.length).toBeGreaterThan(half);
  });
});

describe('sketches of a forest in the model’s own tokens', () => {
  it.each(['last layer', 'logits'] as const)('of the %s: a node is the sum of its tokens', async (of) => {
    const bundle = await tinyBundle();
    const hidden = of === 'logits' ? ({ name: null, why: 'left out' } as const) : bundle.hidden;
    const model = await startNodeModel({ ...bundle, hidden });
    const forest = tinyForest();
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), {
      context: 30,
      overlap: 8,
      chunk: 7,
      batch: 4,
      cacheTokens: 400,
      start: 0,
    });
    const choice = chooseSketches(forest, { tokens: 1e6, nodes: 1e6 });
    const wanted = missingSketches(forest, choice, null);
    const taker = makeSketchTaker({
      forest,
      mapped: null,
      choice,
      dim: DIM,
      source: model.sketched,
      asked: plan.queryTarget,
      before: null,
    });
    const gradient = new Float32Array(forest.edgeTokens.length);
    const outcome = await runScores(plan, forest.edgeTokens, {
      models: [() => Promise.resolve(model)],
      now: () => 0,
      control: FREE,
      sketch: { dim: DIM, wanted },
      onProgress: quiet,
      onFacts(facts) {
        facts.at.forEach((at, i) => (gradient[at] = facts.gradient[i]!));
        if (facts.sketches !== null) taker.take(facts.sketches);
      },
    });
    expect(outcome.ok).toBe(true);
    const sketches = taker.rows()!;
    expect(sketches).toMatchObject({ of, why: of === 'logits' ? 'left out' : null });
    expect(sketches.tokens.of.length).toBe(plan.queryTarget.length);
    sumsOfTokens(sketches, forest.edgeStart);
    // The vocabulary of 512 fits into the sketch, so that of the logits loses nothing.
    sketches.tokens.of.forEach((at, row) => {
      const size = squared(vector(sketches.tokens, row));
      if (of === 'logits') expect(size / gradient[at]!).toBeCloseTo(1, 2);
      else expect(size).toBeGreaterThan(0);
    });
    await model.dispose();
  });
});

describe('a run', () => {
  it('sketches what is wanted and nothing else, at its place', async () => {
    const { forest } = treeFromText('a b C D E f G\na b C H I');
    const limits = { context: 12, overlap: 3, chunk: 4, batch: 3, cacheTokens: 100, start: 9 };
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), limits);
    const wanted = Uint8Array.from(forest.edgeTokens, (_, i) => i % 2);
    const seen = new Map<number, number>();
    const gradient = new Map<number, number>();
    await runScores(plan, forest.edgeTokens, {
      models: [() => Promise.resolve(fakeModel('m', 12))],
      now: () => 0,
      control: FREE,
      sketch: { dim: 8, wanted },
      onProgress: quiet,
      onFacts({ at, gradient: values, sketches }) {
        at.forEach((edge, i) => gradient.set(edge, values[i]!));
        sketches?.at.forEach((edge, row) => seen.set(edge, sketches.scale[row]!));
      },
    });
    expect(seen).toEqual(new Map([...gradient].filter(([edge]) => wanted[edge] === 1)));
  });
});

describe('chooseSketches', () => {
  it('takes a share of tokens and nodes that depends on what they are and not on the forest around them', () => {
    const words = (seed: number): string => Array.from({ length: 40 }, (_, i) => `W${(seed * 31 + i * i) % 97}`).join(' ');
    const lines = Array.from({ length: 30 }, (_, i) => `a b ${words(i)}`);
    const { forest } = treeFromText(lines.join('\n'));
    const all = chooseSketches(forest, { tokens: 1e6, nodes: 1e6 });
    expect(all).toMatchObject({ tokenShare: 1, nodeShare: 1 });
    const some = chooseSketches(forest, { tokens: 300, nodes: 10 });
    const count = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0);
    expect(Math.abs(count(some.tokens) - 300)).toBeLessThan(70);
    expect(Math.abs(count(some.nodes) - 10)).toBeLessThan(10);
    some.tokens.forEach((mark, i) => mark === 1 && expect(all.tokens[i]).toBe(1));
    const fewer = chooseSketches(forest, { tokens: 100, nodes: 3 });
    fewer.tokens.forEach((mark, i) => mark === 1 && expect(some.tokens[i]).toBe(1));
    fewer.nodes.forEach((mark, n) => mark === 1 && expect(some.nodes[n]).toBe(1));
  });
});
