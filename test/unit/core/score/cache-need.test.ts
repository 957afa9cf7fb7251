import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cacheMost, cacheNeed, LEAST_TOKENS, reread, whyNoRoom } from '../../../../src/core/score/cache-need.ts';
import { planScores } from '../../../../src/core/score/plan.ts';
import { runScores } from '../../../../src/core/score/run.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { fakeModel, type FakeModel } from '../../../helpers/fakeModel.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const LIMITS = { context: 64, overlap: 8, chunk: 4, batch: 4, cacheTokens: 256, start: 0 };
/** More than every device is given caches for. */
const LONG = { context: 4096, overlap: 8, chunk: 64, batch: 1, cacheTokens: 8192, start: 0 };
const TEXT = Array.from({ length: 2100 }, (_, n) => 'ABCDEFGHIJKLMNOPQRST'[n % 20]).join(' ');

/** The first device is lost at its third request; the second has room for so many tokens. */
async function handedOver(room: number) {
  const { forest } = treeFromText(TEXT);
  const plan = planScores(forest, wantedTokens(forest, 'all'), LONG);
  const first = fakeModel('webgpu', 4096, { request: 2, reason: 'device lost' });
  const second: FakeModel = { ...fakeModel('wasm', 4096), cacheBytes: 8 * room };
  const scored = new Set<number>();
  const outcome = await runScores(plan, forest.edgeTokens, {
    models: [() => Promise.resolve(first), () => Promise.resolve(second)],
    now: () => 0,
    control: { ready: () => Promise.resolve(), cancelled: false },
    onFacts: ({ at }) => at.forEach((token) => scored.add(token)),
    onProgress: () => undefined,
  });
  return { outcome, scored: scored.size, need: cacheNeed(plan, 2) };
}

it('goes on where the next device has the memory, to the token', async () => {
  const { need } = await handedOver(10_000);
  expect(need).toBeGreaterThan(LEAST_TOKENS);
  const { outcome, scored } = await handedOver(need);
  expect(outcome).toMatchObject({ ok: true, fallbacks: ['webgpu: device lost'] });
  expect(scored).toBe(2100);
});

it('refuses a next device with less memory than what is left needs, and keeps what there is', async () => {
  const { need } = await handedOver(10_000);
  const { outcome, scored } = await handedOver(need - 1);
  const reason =
    `wasm: its memory holds caches of ${need - 1} tokens, and this run was planned for a device that holds ${need}; ` +
    'load the model on it for a plan of its own';
  expect(outcome).toEqual({ ok: false, reason, steps: 2, fallbacks: ['webgpu: device lost', reason] });
  expect(scored).toBe(128);
});

it('does not refuse a device for which any plan would be made', async () => {
  const { forest } = treeFromText('A B C D E F G H | I J');
  const plan = planScores(forest, wantedTokens(forest, 'all'), LIMITS);
  const small: FakeModel = { ...fakeModel('wasm', 64), cacheBytes: 8 };
  expect(whyNoRoom(plan, 0, small)).toBeNull();
});

it('takes at most what rows side by side take, and reads each of their prefixes again', () => {
  fc.assert(
    fc.property(batches({ keys: 2, values: 'none' }), fc.integer({ min: 1, max: 4 }), (batch, rows) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest } = freeze(builder);
      const plan = planScores(forest, wantedTokens(forest, 'all'), { ...LIMITS, batch: rows });
      let [most, again] = [0, 0];
      for (let step = 0; step < plan.steps; step++) {
        const own = Array.from({ length: plan.stepRow[step + 1] - plan.stepRow[step] }, (_, i) => plan.stepRow[step] + i);
        const width = Math.max(...own.map((row) => plan.rowTo[row] - plan.rowFrom[row]));
        const past = plan.stepPast[step];
        const copies = own.length === 1 ? 0 : own.length * past;
        most = Math.max(most, past + copies + own.length * (past + width));
        for (const _ of own) again += past;
      }
      expect(cacheMost(plan)).toBe(most);
      expect(reread(plan)).toBe(again);
      if (rows === 1) expect(cacheMost(plan)).toBe(cacheNeed(plan, 0));
    }),
  );
});

it('needs no more than the plan was given, less as it goes on, and as much as any one row of a step holds', () => {
  fc.assert(
    fc.property(batches({ keys: 2, values: 'none' }), fc.integer({ min: 4, max: 40 }), (batch, context) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest } = freeze(builder);
      const cacheTokens = 2 * context;
      const plan = planScores(forest, wantedTokens(forest, 'all'), { ...LIMITS, context, overlap: 1, cacheTokens });
      const needs = Array.from({ length: plan.steps + 1 }, (_, step) => cacheNeed(plan, step));
      expect(needs[0]).toBeLessThanOrEqual(cacheTokens);
      expect(needs.at(-1)).toBe(0);
      for (let step = 0; step < plan.steps; step++) {
        const rows = Array.from({ length: plan.stepRow[step + 1] - plan.stepRow[step] }, (_, i) => plan.stepRow[step] + i);
        const own = rows.map((row) => plan.stepPast[step] + (plan.stepPast[step] + plan.rowTo[row] - plan.rowFrom[row]));
        expect(needs[step]).toBe(Math.max(needs[step + 1], ...own));
      }
    }),
  );
});
