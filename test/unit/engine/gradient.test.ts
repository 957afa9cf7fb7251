/** The gradient meter of a rule on a real log, against sums over tokens written out in float64. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { cutAt } from '../../../src/core/prune/cut.ts';
import { taskOf, trajectoryCount } from '../../../src/core/tree/navigate.ts';
import { hasSampled } from '../../../src/core/tree/sampled.ts';
import type { Dataset } from '../../../src/engine/dataset.ts';
import { planExport } from '../../../src/engine/export/plan.ts';
import { fidelityOf } from '../../../src/engine/export/fidelity.ts';
import { gradientOf, type RulingGradient } from '../../../src/engine/gradient.ts';
import { applyBudget, comparisonAnswer, keepAnswer, makeRuling } from '../../../src/engine/ruling.ts';
import type { Keep, Ruling } from '../../../src/engine/ruled.ts';
import { o200k } from '../../../src/engine/tokenizers/o200k.ts';
import { measuredNotes } from '../../../src/engine/words/gradient.ts';
import { exportSpec, inputFile } from '../../helpers/openSession.ts';
import { openDataset } from '../../helpers/openDataset.ts';
import { randomSketches, SKETCH_DIM, type RandomSketches } from '../../helpers/randomSketches.ts';

let dataset: Dataset;
let drawn: RandomSketches;
beforeAll(async () => {
  dataset = await openDataset([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
  drawn = randomSketches(dataset.tokens.forest, 5);
});

const rulingOf = (changes: Partial<PruneRule>): Ruling => makeRuling(dataset, { ...DEFAULT_RULE, ...changes }, 1, drawn.model);

function meterOf(ruling: Ruling): RulingGradient {
  const meter = gradientOf(ruling);
  if (typeof meter === 'string') throw new Error(meter);
  return meter;
}

/** Σ over sampled tokens of weight × vector. */
function sumOf(weight: (at: number, n: number) => number): number[] {
  const { forest } = dataset.tokens;
  const sum = new Array<number>(SKETCH_DIM).fill(0);
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    for (let at = forest.edgeStart[n] ?? 0; at < (forest.edgeStart[n + 1] ?? 0); at++) {
      const w = weight(at, n);
      if (w !== 0) drawn.vectors.get(at)?.forEach((value, k) => (sum[k] = (sum[k] ?? 0) + w * value));
    }
  }
  return sum;
}
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((all, value, k) => all + value * (b[k] ?? 0), 0);
const cosine = (a: readonly number[], b: readonly number[]): number => (dot(a, a) > 0 ? dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) : 0);
const norm = (a: readonly number[], b: readonly number[]): number => Math.sqrt(dot(a, a) / dot(b, b));

/** Trajectories that sampled the node ÷ K, × the mean of their advantages, unknown ones counting 0 (1 in SFT). */
function coefficient({ rule, scores }: Ruling, n: number): number {
  const { forest } = dataset.tokens;
  const through = forest.trajectoryOrder.subarray(forest.reachStart[n], (forest.reachStart[n] ?? 0) + (forest.reachCount[n] ?? 0));
  const own = [...through].filter((t) => hasSampled(forest, t, n));
  const known = own.map((t) => (rule.mode === 'rl' ? (scores.trajectoryAdvantage[t] ?? 0) : 1)).filter((a) => !Number.isNaN(a));
  const mean = known.length === 0 ? 0 : known.reduce((sum, a) => sum + a, 0) / own.length;
  return (own.length / trajectoryCount(forest, taskOf(forest, n))) * mean;
}
const isKept = (ruling: Ruling, keep: Keep, n: number): boolean =>
  (ruling.order.rank[n] ?? 0) < (keep.cut.limit[taskOf(dataset.tokens.forest, n)] ?? 0);

describe.each([
  { mode: 'sft', scope: 'global' },
  { mode: 'rl', scope: 'task' },
] as const)('in $mode mode, scope $scope', (changes) => {
  it('looks up what is kept at any budget', () => {
    const ruling = rulingOf(changes);
    const full = sumOf((_, n) => coefficient(ruling, n));
    for (const cut of [0, 0.05, 0.3, 0.62, 1]) {
      const keep = applyBudget(ruling, { cut, train: 1 });
      const own = sumOf((_, n) => (isKept(ruling, keep, n) ? coefficient(ruling, n) : 0));
      const found = keepAnswer(ruling, keep).gradient;
      expect(found?.cosine).toBeCloseTo(cosine(own, full), 3);
      expect(found?.norm).toBeCloseTo(norm(own, full), 3);
      expect(found).toMatchObject({ of: 'last layer', isTrained: false, coverage: 1, share: 1, model: { name: 'random' } });
    }
  });

  it.each(['nodes', 'top', 'random', 'unbiased'] as const)('computes what %s trains of a cut', (train) => {
    const ruling = rulingOf({ ...changes, train, signal: 'gradient' });
    const keep = applyBudget(ruling, { cut: 0.6, train: 0.3 });
    expect(keepAnswer(ruling, keep)).toMatchObject({ gradient: null, gradientWhy: 'pending' });
    const { forest } = dataset.tokens;
    const factors = new Float32Array(forest.edgeTokens.length);
    for (let n = 0; n < forest.length; n++) keep.train.factorsOf(n, factors, forest.edgeStart[n] ?? 0);
    const full = sumOf((_, n) => coefficient(ruling, n));
    const own = sumOf((at, n) => coefficient(ruling, n) * (factors[at] ?? 0));
    const found = meterOf(ruling).compute(keep);
    expect(found.cosine).toBeCloseTo(cosine(own, full), 3);
    expect(found.norm).toBeCloseTo(norm(own, full), 2);
    expect(keepAnswer(ruling, keep).gradient?.cosine).toBe(found.cosine);
  });

  it('measures whole trajectories as their mean', () => {
    const ruling = rulingOf(changes);
    const { forest } = dataset.tokens;
    const { at } = meterOf(ruling).curve(ruling.order, 'whole');
    const cut = cutAt(ruling.order, 0.5);
    const whole = Array.from({ length: forest.trajectories.length }, (_, t) => t).filter((t) => {
      const leaf = forest.trajectories.leaf[t] ?? 0;
      return (ruling.order.rank[leaf] ?? 0) < (cut.limit[taskOf(forest, leaf)] ?? 0);
    });
    const taskAt = (t: number): number => taskOf(forest, forest.trajectories.leaf[t] ?? 0);
    const k = (task: number): number => whole.filter((t) => taskAt(t) === task).length;
    const weight = (n: number): number =>
      whole
        .filter((t) => n <= (forest.trajectories.leaf[t] ?? 0) && (forest.trajectories.leaf[t] ?? 0) < (forest.subtreeEnd[n] ?? 0))
        .filter((t) => hasSampled(forest, t, n))
        .reduce((sum, t) => sum + (changes.mode === 'rl' ? ruling.scores.trajectoryAdvantage[t] || 0 : 1) / k(taskAt(t)), 0);
    const full = sumOf((_, n) => coefficient(ruling, n));
    const own = sumOf((_, n) => weight(n));
    expect(at(cut).cosine).toBeCloseTo(cosine(own, full), 3);
    expect(at(cut).norm).toBeCloseTo(norm(own, full), 2);
  });

  it('measures each task alone', () => {
    const ruling = rulingOf(changes);
    const { forest } = dataset.tokens;
    const keep = applyBudget(ruling, { cut: 0.4, train: 1 });
    const found = meterOf(ruling).byTask(keep);
    for (let task = 0; task < found.cosine.length; task++) {
      const full = sumOf((_, n) => (taskOf(forest, n) === task ? coefficient(ruling, n) : 0));
      const own = sumOf((_, n) => (taskOf(forest, n) === task && isKept(ruling, keep, n) ? coefficient(ruling, n) : 0));
      if (dot(full, full) < 1e-12) continue;
      expect(found.cosine[task]).toBeCloseTo(cosine(own, full), 3);
    }
  });
});

it('is drawn for every strategy beside what it retains, and for whole rollouts as a band', async () => {
  const ruling = rulingOf({});
  const { gradient, curves } = await comparisonAnswer(ruling, () => Promise.resolve());
  expect(gradient?.curves.map(({ strategy }) => strategy)).toEqual(curves.map(({ strategy }) => strategy));
  const own = gradient?.curves.find(({ strategy }) => strategy === ruling.rule.strategy);
  const at = 60;
  const keep = applyBudget(ruling, { cut: gradient?.shares[at] ?? 0, train: 1 });
  expect(own?.cosine[at]).toBeCloseTo(keepAnswer(ruling, keep).gradient?.cosine ?? 0, 6);
  expect(gradient?.band.low[at]).toBeLessThanOrEqual(gradient?.band.high[at] ?? 0);
  expect(own?.cosine.at(-1)).toBeCloseTo(1, 4);
});

describe('fidelity', () => {
  const fidelity = (
    changes: Partial<PruneRule>,
    budget: Keep['budget'],
    weights: 'branch-mean' | 'train-once' | 'kept-mean' = 'branch-mean',
  ) => {
    const ruling = rulingOf(changes);
    const keep = applyBudget(ruling, budget);
    const readBack = { rollout: () => Promise.reject(new Error('nothing is read')) } as never;
    const planned = planExport({
      ruling,
      keep,
      spec: { ...exportSpec(), weights },
      readBack,
      opened: { memoryTools: [], maxNodeTokens: null },
      tokenizer: o200k(),
      template: null,
    });
    return { found: fidelityOf(planned), ruling, keep, planned };
  };

  it('of everything is all of it', () => {
    const { found, ruling } = fidelity({}, { cut: 1, train: 1 });
    expect(found.gradient?.cosine).toBeCloseTo(1, 4);
    expect(found.gradient?.norm).toBeCloseTo(1, 4);
    expect(found.effectiveTokens.after).toBeCloseTo(found.effectiveTokens.before, 6);
    expect(found.endings.after).toBe(found.endings.before);
    expect(found.tasks.every(({ tokens, training, endings }) => tokens === 1 && training === 1 && endings.before === endings.after)).toBe(
      true,
    );
    expect(found.reward?.mass.after).toBeCloseTo(found.reward?.mass.before ?? 0, 6);
    expect(found.tasksTrained).toEqual({ before: ruling.order.tasks, after: ruling.order.tasks });
  });

  it('adds up: endings and whole rollouts of the tasks are those of all', () => {
    const { found, keep } = fidelity({ mode: 'rl' }, { cut: 0.3, train: 0.5 });
    const sum = (of: (task: (typeof found.tasks)[number]) => number): number => found.tasks.reduce((all, task) => all + of(task), 0);
    expect(sum(({ endings }) => endings.after)).toBe(keep.summary.counts.finals.kept);
    expect(found.endings).toEqual({ before: sum(({ endings }) => endings.before), after: sum(({ endings }) => endings.after) });
    expect(found.effectiveTokens.after).toBeLessThan(found.effectiveTokens.before);
    expect(found.gradient?.cosine).toBeGreaterThan(0);
  });

  it('knows the convention: weights of 1 are longer than coefficients', () => {
    const mean = fidelity({}, { cut: 0.5, train: 1 }).found.gradient;
    const once = fidelity({}, { cut: 0.5, train: 1 }, 'train-once').found.gradient;
    expect(once?.norm).toBeGreaterThan(mean?.norm ?? Infinity);
  });

  it.each(['sft', 'rl'] as const)('of whole trajectories equals the meter under kept-mean, in %s mode', (mode) => {
    for (const strategy of ['whole-rollouts', 'density'] as const) {
      const { found, ruling, keep } = fidelity({ strategy, mode }, { cut: 0.4, train: 1 }, 'kept-mean');
      const { cosine: expected, norm: size } = meterOf(ruling).curve(ruling.order, 'whole').at(keep.cut);
      // One rollout has no reward: its advantage counts 0 along an order and in a record alike.
      expect(found.gradient?.cosine).toBeCloseTo(expected, 4);
      expect(found.gradient?.norm).toBeCloseTo(size, 3);
    }
  });

  it('of single tokens equals the meter where every chosen token is in a record', () => {
    const { found, ruling, keep, planned } = fidelity({ train: 'unbiased', signal: 'gradient' }, { cut: 1, train: 0.2 });
    expect(planned.plan.uncovered.tokens).toBe(0);
    expect(found.gradient?.cosine).toBeCloseTo(meterOf(ruling).compute(keep).cosine, 6);
  });
});

it('says why there is none', () => {
  const none = makeRuling(dataset, DEFAULT_RULE, 1, null);
  expect(keepAnswer(none, applyBudget(none, { cut: 1, train: 1 }))).toMatchObject({ gradient: null, gradientWhy: 'no scores' });
  const bare = makeRuling(dataset, DEFAULT_RULE, 1, { ...drawn.model, sketches: null });
  expect(keepAnswer(bare, applyBudget(bare, { cut: 1, train: 1 })).gradientWhy).toBe('no sketches');
});

it('compares successes with all successes where only those train, and says so', () => {
  const ruling = rulingOf({ outcome: 'successes' });
  const { forest } = dataset.tokens;
  const { reward, length } = forest.trajectories;
  const share = (n: number): number => {
    const through = forest.trajectoryOrder.subarray(forest.reachStart[n], (forest.reachStart[n] ?? 0) + (forest.reachCount[n] ?? 0));
    const own = [...through].filter((t) => (reward[t] ?? NaN) > 0 && hasSampled(forest, t, n)).length;
    const task = taskOf(forest, n);
    const members = forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1]);
    return own === 0 ? 0 : own / members.filter((t) => (reward[t] ?? NaN) > 0).length;
  };
  expect(reward.filter((value) => value > 0).length).toBeLessThan(length);
  const keep = applyBudget(ruling, { cut: 0.4, train: 1 });
  const own = sumOf((_, n) => (isKept(ruling, keep, n) ? share(n) : 0));
  const full = sumOf((_, n) => share(n));
  const found = keepAnswer(ruling, keep).gradient;
  expect(found?.cosine).toBeCloseTo(cosine(own, full), 3);
  expect(found?.among).toBe('successes');
  expect(found === null || found === undefined ? [] : measuredNotes(found)).toContain(
    'the full set is that of the successes: failures are no part of it',
  );
  const all = keepAnswer(rulingOf({}), keep).gradient;
  expect(all?.among).toBe('all');
  expect(all === null || all === undefined ? [''] : measuredNotes(all)).toEqual([]);
});
