/** The page's end of scoring: session worker, score worker inside it, real model, through the contract alone. */
import { afterAll, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import type { ScoreUpdate } from '../../../src/engine/score/scoring.ts';
import type { Device } from '../../../src/core/score/model-source.ts';
import { spawnSession } from '../../../workers/spawn.ts';
import { entropyText } from '../../../src/engine/words/sources.ts';
import { droppedTiny } from './tiny-lm.ts';

const LOG = ['first it went up', 'first it went up, and stayed', 'nothing happened']
  .map((answer, id) =>
    JSON.stringify({
      task_id: 'ladder',
      reward: id % 2,
      messages: [
        { role: 'system', content: 'You look after the orchard.' },
        { role: 'user', content: 'What happened to the ladder?' },
        { role: 'assistant', content: answer },
      ],
    }),
  )
  .join('\n');

const session = spawnSession();
afterAll(() => session.dispose());

it('scores a dropped log and saves what it found', async () => {
  const before = await session.open([{ path: 'log.jsonl', blob: new Blob([LOG]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  expect(before).toMatchObject({ entropy: { sources: [], coverage: 0, model: null }, scoreVersion: 0 });
  expect(await session.score.size(await droppedTiny(), null)).toMatchObject({ ok: true });
  const loaded = await session.score.load({ model: await droppedTiny(), executor: 'wasm', dtype: null }, () => undefined);
  expect(loaded).toMatchObject({ ok: true, model: { name: 'tiny-lm' } });
  const estimate = await session.score.estimate('missing');
  expect(estimate).toMatchObject({ ok: true, by: 'text', startsByItself: true });

  const updates: ScoreUpdate[] = [];
  const end = await session.score.start((update: ScoreUpdate) => void updates.push(update));
  expect(end).toMatchObject({ ok: true, cancelled: false, fallbacks: [] });
  expect(updates.length).toBeGreaterThan(0);
  const facts = await session.facts();
  expect(entropyText(facts.entropy)).toMatch(/^model: tiny-lm \(fp16, wasm, \d threads?\)$/);
  expect(facts.entropy.coverage).toBe(1);
  expect(facts.scoreVersion).toBeGreaterThan(0);
  expect(await session.makeOrder(DEFAULT_RULE)).toMatchObject({ hasEntropy: true });
  expect(await session.score.agreement()).toBeNull();

  const saved = await session.score.save();
  await session.open([{ path: 'log.jsonl', blob: new Blob([LOG]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  expect(await session.facts()).toMatchObject({ entropy: { coverage: 0 } });
  expect(await session.score.restore(saved)).toMatchObject({ ok: true, header: { name: 'tiny-lm' } });
  expect(await session.facts()).toMatchObject({ entropy: { coverage: 1 } });
  expect(await session.score.restore(saved.slice(0, 90))).toMatchObject({ ok: false });
});

it("computes node importance by the graph on the model's device when asked, equal to typed arrays", async () => {
  await session.open([{ path: 'log.jsonl', blob: new Blob([LOG]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  const rule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'dr-grpo', gamma: 0.9 } as const;
  expect(await session.score.load({ model: await droppedTiny(), executor: 'wasm', dtype: null }, () => undefined)).toMatchObject({
    ok: true,
  });
  expect(await session.measureImportance(rule)).toEqual({ ok: false, reason: 'wasm cannot run graphs' });
  await session.chooseImportance('graph');
  expect(await session.makeOrder(rule)).toMatchObject({ importanceBy: 'typed arrays' });

  expect(await session.score.load({ model: await droppedTiny(), executor: 'webgpu', dtype: null }, () => undefined)).toMatchObject({
    ok: true,
  });
  await session.chooseImportance('auto');
  const typed = await session.makeOrder(rule);
  expect(typed).toMatchObject({ importanceBy: 'typed arrays' });
  const measured = await session.measureImportance(rule);
  if (!measured.ok) throw new Error(measured.reason);
  expect(measured.timing.error).toBeLessThan(1e-5);
  expect(measured.timing).toMatchObject({ agrees: true, nodes: (await session.facts()).nodes });

  await session.chooseImportance('graph');
  const graph = await session.makeOrder(rule);
  expect(graph.orderId).not.toBe(typed.orderId);
  expect(graph.importanceBy).toBe(`graph on ${measured.timing.device}`);
  expect(measured.timing.device).toMatch(/^webgpu \(.+\)$/);
  expect(Math.abs(graph.totalSignal / typed.totalSignal - 1)).toBeLessThan(1e-5);
  expect(graph.totalSignal).not.toBe(0);
  // Nodes that tie may change places; what a budget retains may not.
  const retained = async (id: number): Promise<number> => (await session.keep(id, { cut: 0.9, train: 1 })).signal.kept;
  expect(Math.abs((await retained(graph.orderId)) / (await retained(typed.orderId)) - 1)).toBeLessThan(1e-5);
  // What the graph does not compute stays with typed arrays.
  expect(await session.makeOrder({ ...rule, aggregate: 'top20' })).toMatchObject({ importanceBy: 'typed arrays' });
  expect(await session.measureImportance({ ...rule, aggregate: 'top20' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('largest fifth'),
  });
  await session.chooseImportance('typed arrays');
  expect(await session.makeOrder(rule)).toMatchObject({ importanceBy: 'typed arrays' });
}, 60_000);

it('says what another model weighs while a run goes on', async () => {
  const long = LOG.replaceAll('nothing happened', 'a pear fell, then a plum, then a quince; '.repeat(1500));
  await session.open([{ path: 'log.jsonl', blob: new Blob([long]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  await session.score.load({ model: { kind: 'bundled' }, executor: 'wasm', dtype: null }, () => undefined);
  await session.score.estimate('missing');
  let ended = false;
  let begun: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const run = session.score
    .start(() => begun())
    .finally(() => {
      ended = true;
    });
  await first;
  expect(await session.score.size(await droppedTiny(), null)).toMatchObject({ ok: true });
  expect(await session.score.size({ kind: 'bundled' }, null)).toMatchObject({ ok: true });
  expect(ended).toBe(false);
  await session.score.cancel();
  expect(await run).toMatchObject({ ok: true, cancelled: true });
});

it('is helped by the idle parse worker, with the same figures', async () => {
  const tasks = Array.from({ length: 24 }, (_, task) =>
    Array.from({ length: 2 }, (_, id) =>
      JSON.stringify({
        task_id: `ladder ${task}`,
        reward: id,
        messages: [
          { role: 'user', content: `What happened to ladder ${task}?` },
          { role: 'assistant', content: Array.from({ length: 60 }, (_, word) => `step ${(word * (task + 3) * (id + 2)) % 97}`).join(', ') },
        ],
      }),
    ).join('\n'),
  ).join('\n');
  const scored = async (
    lend: 'alike' | 'none',
  ): Promise<{ saved: Uint8Array; threads: number; end: unknown; devices: readonly Device[] }> => {
    await session.open([{ path: 'log.jsonl', blob: new Blob([tasks]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
    const loaded = await session.score.load({ model: { kind: 'bundled' }, executor: 'wasm', dtype: null, lend }, () => undefined);
    if (!loaded.ok) throw new Error(loaded.reason);
    const estimate = await session.score.estimate('missing');
    // For less nobody is asked.
    if (!estimate.ok) throw new Error(estimate.reason);
    expect(estimate.tokens).toBeGreaterThan(8192);
    let threads = 1;
    const end = await session.score.start((update: ScoreUpdate) => {
      threads = Math.max(threads, update.threads ?? 1);
    });
    return { saved: await session.score.save(), threads, end, devices: loaded.model.source.devices };
  };
  const alone = await scored('none');
  const helped = await scored('alike');
  expect(alone.threads).toBe(1);
  expect(helped.threads).toBeGreaterThan(1);
  expect(helped.end).toMatchObject({ ok: true, cancelled: false, fallbacks: [] });
  // With more cores the first has several threads, and the label names both.
  if (helped.devices[0]?.threads === 1) expect(helped.saved).toEqual(alone.saved);
  // The place is the parse worker's again.
  const again = await session.open([{ path: 'log.jsonl', blob: new Blob([tasks]) }], DEFAULT_OPEN_SETTINGS, () => undefined);
  expect(again.rollouts).toBe(48);
}, 120_000);
