/** Threads that help score: the same figures, whoever computes them, and nothing lost when one of them is called away or fails. */
import { expect, it } from 'vitest';
import { planScores } from '../../../../src/core/score/plan.ts';
import type { ScoreFacts, ScoreOutcome, ScoreProgress } from '../../../../src/core/score/run.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { makeScorer, type LoadSettings, type ScoreJob, type Scorer } from '../../../../src/engine/score/scorer.ts';
import { makeSharedScorer, type Lender } from '../../../../src/engine/score/shared-scorer.ts';
import { makeSlots } from '../../../../src/engine/slots.ts';
import { modelFolder, startNodeModel } from '../../../../src/platform/node/language-model.ts';
import { TINY_LM, quiet } from '../../../helpers/tinyLm.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const SETTINGS: LoadSettings = { model: { kind: 'bundled' }, executor: 'auto', dtype: null };
const WORTH = { run: 0, part: 8 };
/** On one thread, whose runtime does one thing at a time; on the page each has a thread and a runtime of its own. */
let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}
const scorer = (): Scorer =>
  makeScorer({
    executors: [
      {
        id: 'node',
        async start(bundle) {
          const model = await inTurn(() => startNodeModel(bundle));
          return {
            ...model,
            forward: (request) => inTurn(() => model.forward(request)),
            dispose: () => inTurn(() => model.dispose()),
          };
        },
      },
    ],
    open: () => Promise.resolve(modelFolder(TINY_LM)),
  });
/** Twenty-four tasks of three branches each. */
const TEXT = Array.from({ length: 24 }, (_, task) =>
  [`-- ${task}`, ...['D E F G', 'H I J', 'D E K L M'].map((end) => `${String.fromCodePoint(97 + task)} b c ${end}`)].join('\n'),
).join('\n');

async function job(main: Scorer): Promise<ScoreJob> {
  const loaded = await main.load(SETTINGS, quiet);
  if (!loaded.ok) throw new Error(loaded.reason);
  const { forest } = treeFromText(TEXT);
  const plan = planScores(forest, wantedTokens(forest, 'sampled'), { ...loaded.model.limits, batch: 2 });
  const wanted = Uint8Array.from(forest.edgeTokens, (_, i) => (i % 3) & 1);
  // Words are numbers of any size; the model knows 512.
  return { plan, edgeTokens: forest.edgeTokens.map((token) => token % 512), sketch: { dim: 512, wanted } };
}

interface Ran {
  readonly figures: Record<number, readonly number[]>;
  readonly sketched: readonly number[];
  readonly outcome: ScoreOutcome;
  readonly progress: readonly ScoreProgress[];
}

async function run(on: Scorer, asked: ScoreJob, onProgress: (so: ScoreProgress) => void = quiet): Promise<Ran> {
  const figures: Record<number, readonly number[]> = {};
  const sketched: number[] = [];
  const progress: ScoreProgress[] = [];
  const take = ({ at, entropy, surprisal, gradient, sketches }: ScoreFacts): void => {
    at.forEach((edge, i) => (figures[edge] = [entropy[i] ?? NaN, surprisal[i] ?? NaN, gradient[i] ?? NaN]));
    sketched.push(...(sketches?.at ?? []));
  };
  const outcome = await on.run(asked, take, (so) => {
    progress.push(so);
    onProgress(so);
  });
  return { figures, sketched: sketched.toSorted((a, b) => a - b), outcome, progress };
}

function lender(slots = makeSlots(2), start: () => Scorer = scorer): Lender & { readonly slots: typeof slots } {
  return { slots, lend: (recall) => slots.lend(recall), start, executor: 'node', cores: 3 };
}

/** A scorer that waits with its first part until so many others have begun one. */
function waitingFor(others: number): { readonly main: Scorer; readonly start: () => Scorer } {
  let begun = 0;
  let go = (): void => undefined;
  const all = new Promise<void>((resolve) => (go = resolve));
  const main = scorer();
  return {
    main: { ...main, run: (...args) => all.then(() => main.run(...args)) },
    start() {
      const one = scorer();
      return {
        ...one,
        run(...args) {
          if (++begun === others) go();
          return one.run(...args);
        },
      };
    },
  };
}

const alone = scorer();
const asked = await job(alone);
const expected = await run(alone, asked);
const tokens = asked.plan.queryTarget.length;

it('gives to the last bit what one thread gives, and gives back what was lent', async () => {
  const { main, start } = waitingFor(2);
  const { slots, ...lent } = lender(makeSlots(2), start);
  const shared = makeSharedScorer(main, lent, WORTH);
  await job(shared);
  const ran = await run(shared, asked);
  expect(Object.keys(ran.figures)).toHaveLength(tokens);
  expect(ran.figures).toEqual(expected.figures);
  expect(ran.sketched).toEqual(expected.sketched);
  expect(ran.outcome).toMatchObject({
    ok: true,
    cancelled: false,
    steps: asked.plan.steps,
    forwarded: asked.plan.forwarded,
    fallbacks: [],
  });
  expect(ran.progress.at(-1)?.tokens).toBe(asked.plan.forwarded);
  expect(Math.max(...ran.progress.map(({ threads = 1 }) => threads))).toBe(3);
  const ends = [slots.lend(quiet), slots.lend(quiet)];
  expect(ends.includes(null)).toBe(false);
  await shared.release();
});

it('goes on alone where parsing wants the places back', async () => {
  const { main, start } = waitingFor(1);
  const { slots, ...lent } = lender(makeSlots(2), start);
  const shared = makeSharedScorer(main, lent, WORTH);
  await job(shared);
  const taken: Promise<void>[] = [];
  const ran = await run(shared, asked, ({ threads }) => {
    if (threads === 3 && taken.length === 0) taken.push(slots.take(), slots.take());
  });
  await Promise.all(taken);
  expect(taken).toHaveLength(2);
  expect(ran.figures).toEqual(expected.figures);
  expect(ran.outcome).toMatchObject({ ok: true, cancelled: false, forwarded: asked.plan.forwarded, fallbacks: [] });
});

it('asks nobody for help while it is paused', async () => {
  const { slots, ...lent } = lender(makeSlots(1));
  await slots.take();
  const base = scorer();
  const started: string[] = [];
  let isPaused = (): void => undefined;
  const paused = new Promise<void>((resolve) => (isPaused = resolve));
  let parts = 0;
  const shared = makeSharedScorer(
    {
      ...base,
      async run(...given) {
        const outcome = await base.run(...given);
        // Just as a part has ended, and a place is there again.
        if (++parts === 1) {
          shared.pause();
          slots.leave();
          isPaused();
        }
        return outcome;
      },
    },
    {
      ...lent,
      start() {
        started.push('one');
        return scorer();
      },
    },
    WORTH,
  );
  await job(shared);
  const running = run(shared, asked);
  await paused;
  await new Promise((resolve) => setTimeout(resolve));
  expect(started).toEqual([]);
  shared.resume();
  const ran = await running;
  expect(ran.figures).toEqual(expected.figures);
  expect(ran.outcome).toMatchObject({ ok: true, cancelled: false, forwarded: asked.plan.forwarded });
});

it('does without one that fails, and says why', async () => {
  const { main, start } = waitingFor(1);
  const failing = (): Scorer => {
    const one = start();
    return { ...one, run: (...args) => one.run(...args).then(() => Promise.reject(new Error('out of memory'))) };
  };
  const shared = makeSharedScorer(main, lender(makeSlots(1), failing), WORTH);
  await job(shared);
  const ran = await run(shared, asked);
  expect(ran.figures).toEqual(expected.figures);
  expect(ran.outcome).toMatchObject({ ok: true, cancelled: false, fallbacks: ['a thread that helped: out of memory'] });
});

it('ends with all who help when it is cancelled', async () => {
  const { slots, ...lent } = lender();
  const shared = makeSharedScorer(scorer(), lent, WORTH);
  await job(shared);
  const ran = await run(shared, asked, ({ threads }) => {
    if (threads === 3) shared.cancel();
  });
  expect(ran.outcome).toMatchObject({ ok: true, cancelled: true });
  for (const [edge, figures] of Object.entries(ran.figures)) expect(figures).toEqual(expected.figures[Number(edge)]);
  expect([slots.lend(quiet), slots.lend(quiet)].includes(null)).toBe(false);
});

it('asks nobody where that is not worth it, or figures would depend on who computes them', async () => {
  const started: string[] = [];
  const lent = lender(makeSlots(2), () => {
    started.push('one');
    return scorer();
  });
  const short = makeSharedScorer(scorer(), lent);
  await job(short);
  await run(short, asked);
  const gpu = scorer();
  const other: Scorer = {
    ...gpu,
    async load(settings, onProgress) {
      const answer = await gpu.load(settings, onProgress);
      const devices = [{ on: 'webgpu', adapter: 'a', threads: null }];
      return answer.ok ? { ok: true, model: { ...answer.model, source: { ...answer.model.source, devices } } } : answer;
    },
  };
  const beside = makeSharedScorer(other, lent, WORTH);
  await job(beside);
  await run(beside, asked);
  expect(started).toEqual([]);
  await beside.load({ ...SETTINGS, lend: 'any' }, quiet);
  expect((await run(beside, asked)).figures).toEqual(expected.figures);
  expect(started.length).toBeGreaterThan(0);
});
