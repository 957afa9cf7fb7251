/** From logs and a model to one page and JSON; and the same fidelity wherever the same scores are read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, rule, type Evaluation } from '../../../src/cli/api.ts';
import { evaluationPage } from '../../../src/cli/report/page.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import { memorySink } from '../../helpers/openSession.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOG = { name: 'few.jsonl', bytes: readFileSync('public/samples/orchard-chat.jsonl') };
let scores: Uint8Array;
beforeAll(async () => {
  LOG.bytes = Buffer.from(LOG.bytes.toString('utf8').split('\n').slice(0, 6).join('\n'));
  const dataset = await open([LOG]);
  await dataset.score.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, () => undefined);
  await dataset.score.estimate('sampled', true);
  await dataset.score.start(() => undefined);
  scores = await dataset.score.save();
  await dataset.close();
}, 300_000);

async function scored() {
  const dataset = await open([LOG]);
  expect(await dataset.score.restore(scores)).toMatchObject({ ok: true });
  return dataset;
}

describe('fidelity', () => {
  it('of a file of scores is the same each time it is read, in the answer and in the manifest', async () => {
    const budget = { cut: 0.5, train: 0.6 };
    const asked = rule({ train: 'unbiased', signal: 'gradient' });
    const first = (await scored()).prune(asked, budget);
    const second = (await scored()).prune(asked, budget);
    expect(first.fidelity()).toEqual(second.fidelity());
    const { gradient, why } = first.fidelity();
    expect(why).toBeNull();
    expect(gradient).toMatchObject({ isTrained: false, model: { name: 'espalier-3m' }, coverage: 1 });
    expect(gradient?.cosine).toBeGreaterThan(0.3);
    const sink = memorySink();
    await first.export(sink, { profiles: [{ profile: 'tokens' }] });
    const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as { fidelity: Record<string, unknown> };
    expect(manifest.fidelity).toMatchObject({
      gradient: { cosine: gradient?.cosine, norm_ratio: gradient?.norm, model_is_trained: false },
      effective_tokens: first.fidelity().effectiveTokens,
    });
    expect(JSON.stringify(manifest.fidelity)).toContain('not the model you train');
  });

  it('says that nothing is known where nothing is scored', async () => {
    const found = (await open([LOG])).prune(rule(), { cut: 0.5, train: 1 });
    expect(found.fidelity()).toMatchObject({ gradient: null, why: 'no scores' });
    expect(found.figures).toMatchObject({ gradient: null, gradientWhy: 'no scores' });
  });
});

describe('an evaluation', () => {
  let found: Evaluation;
  beforeAll(async () => {
    found = await (await scored()).evaluate(rule({ signal: 'gradient' }), { budgets: [0.2, 0.5, 1], seeds: 3 });
  }, 300_000);

  it('has a row for every way and budget', () => {
    expect(found.cut.map(({ id }) => id)).toEqual(STRATEGIES.map(({ id }) => id));
    expect(found.train.map(({ id }) => id)).toEqual(TRAIN_METHODS.map(({ id }) => id));
    for (const { rows } of [...found.cut, ...found.train]) {
      expect(rows.map(({ budget }) => budget)).toEqual([0.2, 0.5, 1]);
      for (const { cosine, retained, used } of rows) {
        expect(cosine?.value).toBeGreaterThanOrEqual(cosine?.low ?? Infinity);
        expect(cosine?.value).toBeLessThanOrEqual(cosine?.high ?? -Infinity);
        expect(retained.value).toBeLessThanOrEqual(1 + 1e-9);
        expect(used.value).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(rows.at(-1)?.cosine?.value).toBeCloseTo(1, 2);
      expect(rows.at(-1)?.retained.value).toBeCloseTo(1, 6);
    }
    expect(found.train.find(({ id }) => id === 'unbiased')?.seeds).toBe(3);
    expect(found.cut.find(({ id }) => id === 'density')?.seeds).toBe(1);
  });

  it('refuses what there is not', async () => {
    const dataset = await open([LOG]);
    await expect(dataset.evaluate(rule(), { strategies: ['best'] })).rejects.toThrow('no strategy best');
    await expect(dataset.evaluate(rule(), { budgets: [2] })).rejects.toThrow('share from 0 to 1');
    await expect(dataset.evaluate(rule(), { seeds: 0 })).rejects.toThrow('number of seeds');
  });

  it('makes a page that stands alone, with every way in charts and tables', () => {
    const page = evaluationPage(found);
    expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
    for (const { label } of [...found.cut, ...found.train]) expect(page).toContain(`>${label}<`);
    expect(page).toContain('not the model you train');
    expect(page.match(/<figure>/g)?.length).toBe(7);
    expect(page).toContain('prefers-color-scheme');
  });

  it('takes text of logs for text', () => {
    const page = evaluationPage({
      ...found,
      inputs: ['<img onerror=alert(1)>.jsonl'],
      signal: { ...found.signal, used: 'imported', label: '"&<b>' },
    });
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&#60;img onerror=alert(1)&#62;');
  });

  it('makes a page also where nothing is scored', async () => {
    const bare = await (await open([LOG])).evaluate(rule(), { budgets: [0.5], seeds: 1, methods: [] });
    expect(bare).toMatchObject({ measured: null, why: 'no scores', train: [] });
    expect(evaluationPage(bare)).toContain('no model has scored this log');
  });
});

it('is written by the command', () => {
  const log = join(folder, LOG.name);
  const file = join(folder, 'few.scores');
  writeFileSync(log, LOG.bytes);
  writeFileSync(file, scores);
  const [out, json] = ['report.html', 'report.json'].map((name) => join(folder, name));
  const args = ['evaluate', log, '--scores', file, '--budgets', '10,50%', '--strategies', 'density,random', '--train-methods', 'none'];
  const { status, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args, '--out', out!, '--json', json!], {
    encoding: 'utf8',
  });
  expect(stderr).toContain('not the model you train');
  expect(status).toBe(0);
  const record = JSON.parse(readFileSync(json!, 'utf8')) as Evaluation;
  expect(record).toMatchObject({ espalier_evaluation: 1, train: [], cut: [{ id: 'density' }, { id: 'random' }] });
  expect(record.cut[0]?.rows.map(({ budget }) => budget)).toEqual([0.1, 0.5]);
  expect(readFileSync(out!, 'utf8')).toMatch(/^<!doctype html>/);
});

it('compares what acts leave, and says what each line of them finds', () => {
  const evaluated = (...flags: readonly string[]): { readonly stderr: string; readonly found: Evaluation | null } => {
    const json = join(folder, 'acts.json');
    const few = ['--strategies', 'density', '--train-methods', 'none', '--budgets', '100%', '--seeds', '1'];
    const args = ['bin/espalier.mjs', 'evaluate', 'public/samples/orchard-chat.jsonl', '--json', json, ...few, ...flags];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { stderr, found: status === 0 ? (JSON.parse(readFileSync(json, 'utf8')) as Evaluation) : null };
  };
  const all = evaluated().found?.totals;
  const { stderr, found } = evaluated('--drop', 'failed', '--untrained', 'turns>6', '--keep', 'solved "juice"');
  expect(found?.rule.acts.map(({ verb }) => verb)).toEqual(['drop', 'untrained', 'keep']);
  expect(found?.totals.sampledTokens).toBeLessThan(all?.sampledTokens ?? 0);
  expect(stderr).toMatch(/Drop failed: 22 rollouts.*\nNot trained turns>6: .*\nExport only solved "juice": .* exported\n/);
  expect(stderr).toContain('--keep and --best limit what prune writes');
  expect(evaluated('--drop', 'rewrd<1').stderr).toContain('--drop rewrd<1: there is no column rewrd; near it: reward');
}, 120_000);
