/** Entropy that is known for a part only: scores that were cancelled half-way, and any other part. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../src/core/model/batch.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { cutAt, type Cut } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import type { Dataset } from '../../../src/engine/dataset.ts';
import type { ModelColumns } from '../../../src/engine/score/columns.ts';
import { applyBudget, keepAnswer, keptByTask, makeRuling, orderAnswer } from '../../../src/engine/ruling.ts';
import type { Ruling } from '../../../src/engine/ruled.ts';
import { coverageText } from '../../../src/engine/words/signal.ts';
import { openDataset } from '../../helpers/openDataset.ts';
import { inputFile } from '../../helpers/openSession.ts';

/** The sample as if it had no entropy, and its own entropy as what a model would give. */
let dataset: Dataset;
let truth: Float32Array<ArrayBuffer>;
let tasks: number;

beforeAll(async () => {
  const opened = await openDataset([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
  const { forest } = opened.tokens;
  truth = Float32Array.from(forest.channels.entropy ?? []);
  const channels = { ...forest.channels, ...Object.fromEntries(CHANNELS.map((channel) => [channel, null])) };
  dataset = { ...opened, tokens: { ...opened.tokens, forest: { ...forest, channels } } };
  tasks = forest.treeStart.length - 1;
});

/** Scores of the tokens that `isScored` names, by edge token; null: none. */
function scoresOf(isScored: (at: number, task: number) => boolean): ModelColumns {
  const { forest } = dataset.tokens;
  const entropy = new Float32Array(truth.length).fill(NaN);
  let scored = 0;
  for (let task = 0; task < tasks; task++)
    for (let at = forest.edgeStart[forest.treeStart[task]!]!; at < forest.edgeStart[forest.treeStart[task + 1]!]!; at++)
      if (isScored(at, task)) {
        entropy[at] = truth[at]!;
        scored++;
      }
  const none = new Float32Array(truth.length).fill(NaN);
  return {
    entropy,
    surprisal: none,
    gradient: none,
    source: { name: 'm', dtype: null, devices: [] },
    by: null,
    scored,
    windows: null,
    sketches: null,
  };
}

/** task -> share of its distinct tokens that a cut keeps */
function sharesOf({ order: { rank } }: Pick<Ruling, 'order'>, { limit }: Cut): readonly number[] {
  const { forest } = dataset.tokens;
  return Array.from({ length: tasks }, (_, task) => {
    const [from, to] = [forest.treeStart[task]!, forest.treeStart[task + 1]!];
    let kept = 0;
    for (let n = from; n < to; n++) if (rank[n]! < limit[task]!) kept += forest.edgeStart[n + 1]! - forest.edgeStart[n]!;
    return kept / (forest.edgeStart[to]! - forest.edgeStart[from]!);
  });
}

const ruled = (model: ModelColumns, rule: Partial<PruneRule> = {}): Ruling =>
  makeRuling(dataset, { ...DEFAULT_RULE, strategy: 'density', ...rule }, 1, model);
const at = (ruling: Ruling, cut: number) => applyBudget(ruling, { cut, train: 1 });

describe('scores that were cancelled half-way', () => {
  const half = (): ModelColumns => scoresOf((_, task) => task < tasks / 2);

  it('keep no task that is not scored at the cost of those that are', () => {
    const ruling = ruled(half());
    const shares = sharesOf(ruling, at(ruling, 0.5).cut);
    // Every task keeps about half of its own tokens: less by at most what the first group that does not fit costs.
    for (const share of shares) {
      expect(share).toBeLessThanOrEqual(0.5);
      expect(share).toBeGreaterThan(0.4);
    }
  });

  it('would lose a whole task to one that is not scored if all shared one budget', () => {
    const ruling = ruled(half());
    const shared = planOrder({ ...ruling.problem, rule: { ...ruling.problem.rule, scope: 'global' } });
    const shares = sharesOf({ order: shared }, cutAt(shared, 0.5));
    expect(Math.max(...shares.slice(tasks / 2))).toBe(1);
    expect(Math.min(...shares.slice(0, tasks / 2))).toBeLessThan(0.15);
  });

  it('say so, and count as retained what is known', () => {
    const ruling = ruled(half());
    const { signal } = orderAnswer(ruling);
    const answer = keepAnswer(ruling, at(ruling, 0.5));
    expect(signal).toMatchObject({ fill: 'mean', isSplit: true });
    expect(coverageText(signal)).toMatch(
      /^entropy known for \d\d\.\d % of sampled tokens; the rest counts as the task’s mean, and each task keeps the same share/,
    );
    expect(answer.signal.kept).toBeLessThan(answer.signal.total);
    // Of a task of which nothing is known, nothing can be said to be retained.
    const { signal: byTask } = keptByTask(ruling, at(ruling, 0.5));
    expect([...byTask].map((value) => Number.isNaN(value))).toEqual(Array.from({ length: tasks }, (_, task) => task >= tasks / 2));
  });

  it('leave out what is not known where that is what is asked for', () => {
    const ruling = ruled(half(), { fill: 'none' });
    expect(coverageText(orderAnswer(ruling).signal)).toContain('; the rest is left out. Retained');
    const { distinct } = keptByTask(ruling, at(ruling, 0.3));
    const [scored, others] = [distinct.slice(0, tasks / 2), distinct.slice(tasks / 2)].map((part) => part.reduce((a, b) => a + b, 0));
    expect(scored!).toBeGreaterThan(20 * others!);
  });
});

describe('entropy that is known on a random part', () => {
  it('is retained as far as it is known, within the bound, and grows with the budget', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom('mean' as const, 'none' as const),
        (share, seed, fill) => {
          const model = scoresOf((i) => (Math.imul(i + seed, 0x9e3779b1) >>> 0) / 2 ** 32 < share);
          const ruling = ruled(model, { fill });
          const { forest } = dataset.tokens;
          // Slow and obvious: coefficient × the known values of each node, each task alike.
          const known = Float64Array.from(forest.sampledCount, (sampled, n) => {
            let sum = 0;
            for (let i = forest.edgeStart[n]!; i < forest.edgeStart[n + 1]!; i++)
              sum += Number.isNaN(model.entropy[i]!) ? 0 : model.entropy[i]!;
            return sampled === 0 ? 0 : sum * sampled;
          });
          const divided = new Float64Array(known.length);
          for (let task = 0; task < tasks; task++) {
            const trajectories = forest.trajectoryStart[task + 1]! - forest.trajectoryStart[task]!;
            for (let n = forest.treeStart[task]!; n < forest.treeStart[task + 1]!; n++) divided[n] = known[n]! / trajectories;
          }
          const total = divided.reduce((sum, value) => sum + value, 0);
          let before = 0;
          for (const cut of [0.1, 0.3, 0.5, 0.9, 1]) {
            const keep = at(ruling, cut);
            const answer = keepAnswer(ruling, keep);
            let kept = 0;
            for (let task = 0; task < tasks; task++)
              for (let n = forest.treeStart[task]!; n < forest.treeStart[task + 1]!; n++)
                if (ruling.order.rank[n]! < keep.cut.limit[task]!) kept += divided[n]!;
            expect(answer.signal.total).toBeCloseTo(total, 6);
            expect(answer.signal.kept).toBeCloseTo(kept, 6);
            expect(answer.signal.kept).toBeLessThanOrEqual(answer.signal.bound + 1e-9);
            expect(answer.signal.kept).toBeGreaterThanOrEqual(before - 1e-9);
            before = answer.signal.kept;
          }
          expect(before).toBeCloseTo(total, 6);
          let sampled = 0;
          let scored = 0;
          for (let n = 0; n < forest.length; n++)
            for (let i = forest.edgeStart[n]!; i < forest.edgeStart[n + 1]! && forest.sampledCount[n]! > 0; i++) {
              sampled++;
              if (!Number.isNaN(model.entropy[i]!)) scored++;
            }
          expect(orderAnswer(ruling).signal.coverage).toBe(scored / sampled);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);
});
