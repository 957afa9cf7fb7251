/** What carries loss, counted at every budget, against slow and obvious counts from the factors of the tokens themselves. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import { pathTo } from '../../../src/core/tree/navigate.ts';
import { hasSampled } from '../../../src/core/tree/sampled.ts';
import type { Dataset } from '../../../src/engine/dataset.ts';
import { applyBudget, makeRuling } from '../../../src/engine/ruling.ts';
import type { Keep, Ruling } from '../../../src/engine/ruled.ts';
import { lossAnswer } from '../../../src/engine/training/loss-answer.ts';
import { lossCounts } from '../../../src/engine/training/loss-counts.ts';
import { trainCurve } from '../../../src/engine/training/train-curve.ts';
import { openDataset } from '../../helpers/openDataset.ts';
import { inputFile } from '../../helpers/openSession.ts';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await openDataset([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
});

const ruled = (rule: Partial<PruneRule>): Ruling => makeRuling(dataset, { ...DEFAULT_RULE, strategy: 'density', ...rule }, 1, null);

/** edge token -> factor */
function factorsOf({ problem: { forest } }: Ruling, { train }: Keep): Float32Array {
  const factors = new Float32Array(forest.edgeStart[forest.length]!);
  for (let n = 0; n < forest.length; n++) train.factorsOf(n, factors, forest.edgeStart[n]!);
  return factors;
}

/** Signal of the tokens with loss, token by token. */
function slowSignal(ruling: Ruling, keep: Keep): number {
  const { forest, counted, signal, tokens } = ruling.problem;
  const factors = factorsOf(ruling, keep);
  let all = 0;
  for (let n = 0; n < forest.length; n++) {
    const at = Array.from({ length: forest.edgeStart[n + 1]! - forest.edgeStart[n]! }, (_, i) => forest.edgeStart[n]! + i);
    const values = at.map((i) => (forest.sampledCount[n]! > 0 ? (tokens?.counted ?? tokens!.value)(i, n) : 0));
    const sum = values.reduce((one, other) => one + other, 0);
    at.forEach((i, k) => {
      if (factors[i]! > 0) all += ((counted ?? signal)[n]! * (sum > 0 ? values[k]! : 1)) / (sum > 0 ? sum : at.length);
    });
  }
  return all;
}

const BUDGETS = [
  { cut: 1, train: 0.2 },
  { cut: 0.4, train: 0.5 },
  { cut: 0.3, train: 1 },
  { cut: 0.5, train: 0 },
];

describe.each(TRAIN_METHODS.map(({ id }) => id))('loss by %s', (train) => {
  it.each(['global', 'task'] as const)('holds the signal of its tokens, with a budget of scope %s', (scope) => {
    const ruling = ruled({ train, scope });
    for (const budget of BUDGETS) {
      const keep = applyBudget(ruling, budget);
      const slow = slowSignal(ruling, keep);
      expect(Math.abs(keep.train.signal - slow)).toBeLessThan(1e-5 * Math.max(1, ruling.order.totalSignal));
      if (budget.train === 1) expect(keep.train.signal).toBeCloseTo(keep.cut.signal, 9);
    }
  });

  it('counts rollouts, turns, tasks and endings as a walk along every trajectory does', () => {
    const ruling = ruled({ train, outcome: 'successes' });
    const { forest } = ruling.problem;
    const all = dataset.tokens.forest;
    for (const budget of BUDGETS) {
      const keep = applyBudget(ruling, budget);
      const factors = factorsOf(ruling, keep);
      const carries = (n: number): boolean => factors.slice(forest.edgeStart[n], forest.edgeStart[n + 1]).some((factor) => factor > 0);
      const rollouts = new Map<number, number>();
      const turns = new Map<string, boolean>();
      const tasks = new Set<number>();
      for (let t = 0; t < forest.trajectories.length; t++) {
        const path = pathTo(all, forest.trajectories.leaf[t]!);
        let begin = -1;
        path.forEach((n, i) => {
          if (hasSampled(forest, t, n) && carries(n)) {
            rollouts.set(forest.trajectories.rollout[t]!, forest.trajectories.reward[t]!);
            tasks.add(forest.treeStart.findIndex((start, task) => n >= start && n < forest.treeStart[task + 1]!));
          }
          const sampled = all.sampledCount[n]! > 0;
          if (sampled && begin < 0) begin = i;
          const next = path[i + 1];
          if (!sampled || (next !== undefined && all.sampledCount[next]! > 0)) {
            if (!sampled) begin = -1;
            return;
          }
          turns.set(`${path[begin]}-${n}`, Array.from(path.slice(begin, i + 1)).some(carries));
          begin = -1;
        });
      }
      const counts = lossCounts(ruling, keep);
      const rewards = [...rollouts.values()];
      expect(counts.rollouts).toEqual({ of: dataset.tokens.rollouts.length, with: rollouts.size });
      expect([counts.solved, counts.failed, counts.unknown]).toEqual([rewards.filter((reward) => reward > 0).length, 0, 0]);
      expect(counts.turns).toEqual({ of: turns.size, with: [...turns.values()].filter(Boolean).length });
      expect(counts.tasks).toEqual({ of: 8, with: tasks.size });
      expect(counts.endings.with).toBeLessThanOrEqual(counts.endings.of);
      if (budget.train === 0)
        expect([counts.rollouts.with, counts.turns.with, counts.tasks.with, counts.endings.with]).toEqual([0, 0, 0, 0]);
    }
  });

  it('says where a node stands, as the set itself does', () => {
    const ruling = ruled({ train });
    const keep = applyBudget(ruling, { cut: 0.6, train: 0.3 });
    const { forest } = ruling.problem;
    for (let n = 0; n < forest.length; n += 7) {
      const loss = lossAnswer(ruling, keep, n);
      expect(loss.trained).toBe(keep.train.trainedOf(n));
      const { place } = loss;
      const kept = ruling.order.rank[n]! < keep.cut.limit[0]!;
      expect(place === null).toBe(!kept || forest.sampledCount[n] === 0);
      if (place?.by === 'rank') expect(place.rank <= place.reach).toBe(loss.trained > 0);
      if (place?.by === 'worth' && place.threshold !== null && !place.pinned && place.high < place.threshold) expect(loss.trained).toBe(0);
      if (place?.by === 'draw') expect(place.low > 0 && place.high <= 1).toBe(true);
    }
  });
});

it('has a curve over train shares that rises to what the cut retains', async () => {
  for (const { id } of TRAIN_METHODS) {
    // Nothing is pinned: a draw takes others again from where pins fit on.
    const ruling = ruled({ train: id, trainProtect: {} });
    const { shares, retained } = await trainCurve(ruling, 0.4, () => Promise.resolve());
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
    expect(retained.at(-1)).toBe(applyBudget(ruling, { cut: 0.4, train: 1 }).cut.signal / ruling.order.totalSignal);
    for (let i = 1; i < retained.length; i++) expect(retained[i]).toBeGreaterThanOrEqual(retained[i - 1]! - 1e-9);
  }
});
