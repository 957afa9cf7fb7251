import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { readScores, writeScores } from '../../../../src/core/score/scores-file.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import type { Scorer } from '../../../../src/engine/score/scorer.ts';
import type { RestoredScores, ScoreEnd, ScoreEstimate, ScoreUpdate } from '../../../../src/engine/score/scoring.ts';
import { makeSession, type Session } from '../../../../src/engine/session.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { makeNodeScorer } from '../../../../src/platform/node/scorer.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink } from '../../../helpers/openSession.ts';
import type { Device, ModelSource } from '../../../../src/core/score/model-source.ts';
import { entropyText } from '../../../../src/engine/words/sources.ts';
import { quiet, TINY_LM } from '../../../helpers/tinyLm.ts';
import { sha256 } from '../../../../src/platform/node/sha256.ts';

const LOG = ['first it went up — then down', 'first it went up, and stayed', 'second: nothing 🌳 happened']
  .map((answer, id) =>
    JSON.stringify({
      task_id: 'ladder',
      reward: id % 2,
      messages: [
        { role: 'system', content: 'You look after the orchard.' },
        { role: 'user', content: 'What happened to the ladder?' },
        { role: 'assistant', content: answer },
        { role: 'user', content: 'And then?' },
        { role: 'assistant', content: `${answer}, twice over` },
      ],
    }),
  )
  .join('\n');

async function opened(log: string, scorer: Scorer, settings: OpenSettings = DEFAULT_OPEN_SETTINGS): Promise<Session> {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, scorer });
  await session.open([inputFile('log.jsonl', Buffer.from(log))], settings, quiet);
  return session;
}

const scorer = makeNodeScorer(pathToFileURL(`${TINY_LM}/`), 1, []);
const by = (...devices: Device[]): ModelSource => ({ name: 'tiny-lm', dtype: 'fp16', devices });
const TINY_SOURCE = by({ on: 'node wasm', adapter: null, threads: 1 });
const TINY = { model: { kind: 'bundled' }, executor: 'auto', dtype: null } as const;

function planned(estimate: ScoreEstimate): Extract<ScoreEstimate, { ok: true }> {
  if (!estimate.ok) throw new Error(estimate.reason);
  return estimate;
}

describe('a log without entropy', () => {
  let session: Session;
  let saved: Uint8Array;
  const updates: ScoreUpdate[] = [];
  beforeAll(async () => {
    session = await opened(LOG, scorer);
    expect(session.facts()).toMatchObject({ entropy: { sources: [], coverage: 0, model: null }, scoreVersion: 0 });
    expect(await session.score.estimate('missing')).toEqual({ ok: false, because: 'model', reason: 'no model is loaded' });
    expect(await session.score.load(TINY, quiet)).toMatchObject({
      ok: true,
      model: { name: 'tiny-lm', dtype: 'fp16', executor: 'node wasm, 1 thread', context: 192 },
    });
    const estimate = planned(await session.score.estimate('missing'));
    expect(estimate).toMatchObject({
      by: 'text',
      unknown: 0,
      inexact: 0,
      startsByItself: true,
      tokens: estimate.distinct + estimate.reanchored,
    });
    const end = await session.score.start((update) => updates.push(update));
    expect(end).toMatchObject({
      ok: true,
      cancelled: false,
      forwarded: estimate.tokens,
      source: TINY_SOURCE,
      fallbacks: [],
    });
    saved = await session.score.save();
  }, 60_000);

  it('gets an entropy for every sampled token, named by its model', () => {
    expect(session.facts()).toMatchObject({ entropy: { sources: [{ source: 'model' }], coverage: 1, model: TINY_SOURCE } });
    expect(session.facts().scoreVersion).toBeGreaterThan(0);
    expect(updates.at(-1)).toMatchObject({ tokens: updates.at(-1)?.totalTokens, secondsLeft: 0 });
    const scored = updates.map((update) => update.scored);
    expect(scored).toEqual(scored.toSorted((a, b) => a - b));
  });

  it('gets the gradient norm of each of them too', () => {
    const columns = readScores(saved, sha256);
    if (!columns.ok) throw new Error(columns.reason);
    const { entropy, gradient } = columns.scores;
    gradient.forEach((value, i) => {
      expect(Number.isNaN(value)).toBe(Number.isNaN(entropy[i]));
      if (!Number.isNaN(value)) expect(value).toBeGreaterThan(0);
    });
  });

  it('ranks by it', async () => {
    const order = session.order(DEFAULT_RULE);
    expect(order.hasEntropy).toBe(true);
    const { entropy } = session.figures(order.orderId, 0, 'tokens', ['entropy']).columns;
    const node = entropy!.findIndex((value) => !Number.isNaN(value));
    const key = nodeKeyOf(session.shape(order.orderId, 0, 'tokens').keys, node);
    const answer = session.node(order.orderId, { cut: 1, train: 1 }, key)!;
    expect(answer.entropy).toMatchObject({ source: 'model', model: TINY_SOURCE, known: answer.tokens });
    const text = await session.nodeText(key, 0, 100);
    expect(text.tokens.reduce((sum, token) => sum + token.entropy, 0)).toBeCloseTo(answer.entropy.sum, 4);
  });

  it('says in the manifest which model its figures are from, by what it is, the same live and from a file', async () => {
    const manifestOf = async (from: Session): Promise<string> => {
      const sink = memorySink();
      const spec = { profiles: exportSpec('messages').profiles, weights: 'branch-mean', maskErrors: true } as const;
      await from.export(from.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, quiet);
      return sink.files.get('manifest.json') ?? '';
    };
    const manifest = await manifestOf(session);
    const read = readScores(saved, sha256);
    if (!read.ok) throw new Error(read.reason);
    const { header, entropy } = read.scores;
    expect(header.windows).toEqual({ context: 192, overlap: 16, start: 0 });
    const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(JSON.parse(manifest)).toMatchObject({
      entropy_source: 'model: tiny-lm (fp16, node wasm, 1 thread)',
      entropy_coverage: 1,
      entropy_model: {
        source: 'model: tiny-lm (fp16, node wasm, 1 thread)',
        model_sha256: sha(readFileSync(join(TINY_LM, 'model.onnx'))),
        tokenizer_sha256: sha(readFileSync(join(TINY_LM, 'tokenizer.json'))),
        tokens_sha256: header.tokens,
        scores_sha256: sha(new Uint8Array(entropy.buffer)),
        scored_tokens: header.scored,
        windows: header.windows,
      },
    });
    expect(entropy.some(Number.isNaN)).toBe(true);
    const again = await opened(LOG, scorer);
    expect(JSON.parse(await manifestOf(again))).toMatchObject({ entropy_source: 'none', entropy_model: null });
    await again.score.restore(saved);
    expect(await manifestOf(again)).toBe(manifest);
    entropy[entropy.findIndex((value) => !Number.isNaN(value))]! += 1;
    await again.score.restore(writeScores(read.scores, sha256));
    const changed = JSON.parse(await manifestOf(again)) as { entropy_model: Record<string, unknown> };
    expect(changed.entropy_model).toMatchObject({ model_sha256: header.model, tokens_sha256: header.tokens });
    expect(changed.entropy_model['scores_sha256']).toBe(sha(new Uint8Array(entropy.buffer)));
    expect(await manifestOf(again)).not.toBe(manifest);
  });

  it('names that model by its hashes also after a forest export was opened again', async () => {
    const sink = memorySink();
    await session.export(
      session.order(DEFAULT_RULE).orderId,
      { cut: 1, train: 1 },
      { profiles: exportSpec('forest').profiles, weights: 'branch-mean', maskErrors: true },
      sink,
      quiet,
    );
    const again = await opened(sink.files.get('forest.jsonl') ?? '', scorer);
    const second = memorySink();
    await again.export(
      again.order(DEFAULT_RULE).orderId,
      { cut: 1, train: 1 },
      { profiles: exportSpec('forest').profiles, weights: 'branch-mean', maskErrors: true },
      second,
      quiet,
    );
    const modelOf = ({ files }: typeof sink): unknown =>
      (JSON.parse(files.get('manifest.json') ?? '') as Record<string, unknown>)['entropy_model'];
    expect(modelOf(sink)).toMatchObject({ model_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(modelOf(second)).toEqual(modelOf(sink));
    expect(second.files.get('forest.jsonl')).toBe(sink.files.get('forest.jsonl'));
  });

  it('scores nothing again that a forest export brings from the same model, goes on with what it lacks, and starts anew else', async () => {
    const half = await opened(LOG, scorer);
    await half.score.load(TINY, quiet);
    const all = planned(await half.score.estimate('missing'));
    const { scored } = await half.score.start((update) => update.scored > 0 && half.score.cancel());
    expect(scored).toBeLessThan(half.facts().tokens.sampled);
    const forestOf = async (from: Session): Promise<string> => {
      const sink = memorySink();
      await from.export(
        from.order(DEFAULT_RULE).orderId,
        { cut: 1, train: 1 },
        { profiles: exportSpec('forest').profiles, weights: 'branch-mean', maskErrors: true },
        sink,
        quiet,
      );
      return sink.files.get('forest.jsonl') ?? '';
    };
    const whole = await opened(await forestOf(session), scorer);
    await whole.score.load(TINY, quiet);
    expect(planned(await whole.score.estimate('missing'))).toMatchObject({ tokens: 0, scored: 0, startsByItself: false });
    const rest = await opened(await forestOf(half), scorer);
    await rest.score.load(TINY, quiet);
    expect(planned(await rest.score.estimate('missing')).scored).toBeLessThan(all.scored);
    await rest.score.start(quiet);
    expect(rest.facts()).toMatchObject({ entropy: { sources: [{ source: 'model' }], coverage: 1, model: TINY_SOURCE } });
    const other: Scorer = {
      ...scorer,
      load: async (...args) => {
        const answer = await scorer.load(...args);
        return answer.ok ? { ok: true, model: { ...answer.model, hash: 'another' } } : answer;
      },
    };
    const anew = await opened(await forestOf(session), other);
    await anew.score.load(TINY, quiet);
    expect(planned(await anew.score.estimate('missing')).scored).toBe(all.scored);
  });

  it('has nothing left to score, and nothing to agree with', async () => {
    expect(planned(await session.score.estimate('missing'))).toMatchObject({ tokens: 0, scored: 0, startsByItself: false });
    expect(session.score.agreement()).toBeNull();
  });

  it('takes its scores from a file again, and other logs do not', async () => {
    const again = await opened(LOG, scorer);
    expect(again.facts().entropy.coverage).toBe(0);
    expect(await again.score.restore(saved)).toMatchObject({ ok: true, header: { name: 'tiny-lm', scored: updates.at(-1)?.scored } });
    expect(again.facts()).toMatchObject({ entropy: { sources: [{ source: 'model' }], coverage: 1, model: TINY_SOURCE } });
    const other = await opened(LOG.replaceAll('ladder?', 'bucket?'), scorer);
    const refused = await other.score.restore(saved);
    expect(refused.ok ? 'taken' : refused.reason).toMatch(
      /^the scores are for the tokens [0-9a-f]{12}…, and this is [0-9a-f]{12}…: they belong to other logs/,
    );
    expect(other.facts().entropy.coverage).toBe(0);
  });
});

describe('a run', () => {
  it('takes no scores from a file while it goes on', async () => {
    const session = await opened(LOG, scorer);
    await session.score.load(TINY, quiet);
    planned(await session.score.estimate('missing'));
    await session.score.start(quiet);
    const saved = await session.score.save();
    const again = await opened(LOG, scorer);
    planned(await again.score.load(TINY, quiet).then(() => again.score.estimate('missing')));
    const restored: Promise<RestoredScores>[] = [];
    const end = await again.score.start(() => restored.push(again.score.restore(saved)));
    expect(await Promise.all(restored)).toContainEqual({ ok: false, reason: expect.stringContaining('a run is in progress') as string });
    expect((await Promise.all(restored)).some(({ ok }) => ok)).toBe(false);
    expect(end).toMatchObject({ ok: true, scored: again.facts().tokens.sampled });
    expect(await again.score.restore(saved)).toMatchObject({ ok: true });
  });

  it('can be let go of: the log stands alone again', async () => {
    const session = await opened(LOG, scorer);
    planned(await session.score.load(TINY, quiet).then(() => session.score.estimate('missing')));
    await session.score.start(quiet);
    session.score.discard();
    expect(session.facts().entropy.coverage).toBe(0);
  });

  it('names figures by every device that computed some of them, and by no other', async () => {
    const wasm: Device = { on: 'wasm', adapter: null, threads: 1 };
    const webgpu: Device = { on: 'webgpu', adapter: 'x', threads: null };
    let device = wasm;
    const moving: Scorer = {
      ...scorer,
      run: (job, onFacts, onProgress) =>
        scorer.run(job, onFacts, (progress) => onProgress({ ...progress, label: { ...progress.label, device } })),
    };
    const session = await opened(LOG, moving);
    await session.score.load(TINY, quiet);
    const runUntil = async (stop: (update: ScoreUpdate) => boolean): Promise<ScoreEnd> => {
      planned(await session.score.estimate('missing'));
      return session.score.start((update) => stop(update) && session.score.cancel());
    };
    const before = await runUntil(({ scored }) => scored > 0);
    expect(before).toMatchObject({ ok: true, cancelled: true, source: by(wasm) });
    device = webgpu;
    const { scored } = before;
    const sources: ModelSource[] = [];
    const nothing = await runUntil((update) => sources.push(update.source) > 0);
    expect(sources).toEqual([by(webgpu)]);
    if (nothing.scored === scored) expect(session.facts().entropy.model).toEqual(by(wasm));
    const both = by(wasm, webgpu);
    expect(await runUntil(() => false)).toMatchObject({ ok: true, cancelled: false, source: both });
    expect(session.facts()).toMatchObject({ entropy: { coverage: 1, model: both } });
    const again = await opened(LOG, scorer);
    await again.score.restore(await session.score.save());
    expect(again.facts().entropy.model).toEqual(both);
    expect(entropyText(again.facts().entropy)).toBe('model: tiny-lm (fp16, wasm, 1 thread and webgpu (x))');
  });

  it('gives the next estimate the rate it had', async () => {
    const session = await opened(LOG, scorer);
    await session.score.load(TINY, quiet);
    planned(await session.score.estimate('missing'));
    const rates: (number | null)[] = [];
    await session.score.start(({ tokensPerSecond }) => rates.push(tokensPerSecond));
    expect(planned(await session.score.estimate('all')).tokensPerSecond).toBe(rates.at(-1));
  });
});

describe('a log with entropy', () => {
  it('keeps what is logged, and shows how a model agrees with it', async () => {
    const content = Object.entries({ one: -0.5, ' two': -1.5, ' three': -0.25 }).map(([token, logprob]) => ({ token, logprob }));
    const said = { role: 'assistant', content: 'one two three', logprobs: { content } };
    const log = JSON.stringify({ task_id: 't', messages: [{ role: 'user', content: 'count' }, said] });
    const session = await opened(log, scorer);
    expect(session.facts().entropy.sources).toEqual([{ source: 'surprisal', tokens: 3 }]);
    await session.score.load(TINY, quiet);
    // Where only the mark at the end is scored, log-probs stay as they are; the mark is of their node.
    planned(await session.score.estimate('missing', true));
    await session.score.start(quiet);
    expect(session.facts().entropy).toMatchObject({
      sources: [
        { source: 'surprisal', tokens: 3 },
        { source: 'combined', tokens: 1 },
      ],
      modelScale: 1,
    });
    const columns = session.score.columns();
    const { sampled } = session.facts().tokens;
    expect(columns).toMatchObject({ scored: sampled, sketches: { of: 'last layer' } });
    expect(columns?.gradient.filter((value) => value > 0)).toHaveLength(sampled);
    expect(columns?.entropy.filter((value) => !Number.isNaN(value))).toHaveLength(sampled - 3);
    expect(planned(await session.score.estimate('sampled'))).toMatchObject({ startsByItself: false });
    await session.score.start(quiet);
    const { sources, modelScale } = session.facts().entropy;
    expect(sources).toEqual([{ source: 'combined', tokens: 4 }]);
    const agreement = session.score.agreement();
    // The mark comes last.
    const [a = NaN, b = NaN, c = NaN] = session.score.columns()!.entropy.filter((value) => !Number.isNaN(value));
    expect(modelScale).toBeCloseTo(2.25 / (a + b + c), 6);
    expect(agreement).toMatchObject({ of: 'surprisal', tokens: 3, source: TINY_SOURCE });
    expect(Array.from(agreement?.logged ?? [])).toEqual([0.5, 1.5, 0.25]);
    const ranked = (values: readonly number[]): number[] => values.map((value) => values.filter((other) => other < value).length);
    const apart = ranked([...agreement!.logged]).map((rank, i) => rank - ranked([...agreement!.model])[i]!);
    expect(agreement?.spearman).toBeCloseTo(1 - (6 * apart.reduce((sum, d) => sum + d * d, 0)) / (3 * (3 * 3 - 1)), 9);
    expect(session.facts().entropy.model).toEqual(TINY_SOURCE);
  });
});

describe('scoring that cannot be', () => {
  it('ends when other files are opened, and keeps the scores that were loaded for none of them', async () => {
    const session = await opened(LOG, scorer);
    await session.score.load(TINY, quiet);
    planned(await session.score.estimate('missing'));
    let reopened: Promise<unknown> = Promise.resolve();
    const end = await session.score.start(() => {
      reopened = session.open([inputFile('other.jsonl', Buffer.from(LOG.replaceAll('ladder', 'bucket')))], DEFAULT_OPEN_SETTINGS, quiet);
    });
    await reopened;
    expect(end).toMatchObject({ ok: true, cancelled: true });
    expect(session.facts()).toMatchObject({ entropy: { sources: [], coverage: 0, model: null } });
  });

  it('keeps what it has when the thread that runs the model dies', async () => {
    const dying: Scorer = { ...scorer, run: () => Promise.reject(new Error('the score worker died: out of memory')) };
    const session = await opened(LOG, dying);
    await session.score.load(TINY, quiet);
    planned(await session.score.estimate('missing'));
    expect(await session.score.start(quiet)).toEqual({
      ok: false,
      reason: 'the score worker died: out of memory',
      scored: 0,
      fallbacks: [],
    });
    expect(await session.score.estimate('missing')).toEqual({ ok: false, because: 'model', reason: 'no model is loaded' });
  });

  it('says so without a scorer', async () => {
    const session = makeSession({ pool: makeLocalPool(openHandle), unpack });
    expect(await session.score.load(TINY, quiet)).toEqual({ ok: false, reason: 'this session cannot run models' });
  });

  it('wants an estimate before a run', async () => {
    const session = await opened(LOG, scorer);
    await session.score.load(TINY, quiet);
    await expect(session.score.start(quiet)).rejects.toThrow('ask for an estimate of this dataset first');
  });

  it('is cancelled between requests, and what is there stays', async () => {
    const session = await opened(LOG, scorer);
    await session.score.load(TINY, quiet);
    const { scored } = planned(await session.score.estimate('missing'));
    const end = await session.score.start(() => session.score.cancel());
    expect(end).toMatchObject({ ok: true, cancelled: true });
    expect(end.scored).toBeLessThan(scored);
    const rest = planned(await session.score.estimate('missing'));
    expect(await session.score.start(quiet)).toMatchObject({ ok: true, cancelled: false });
    expect(rest.tokens).toBeGreaterThan(0);
    expect(session.facts().entropy.coverage).toBe(1);
  });
});
