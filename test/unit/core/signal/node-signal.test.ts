import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { KINDS, NONE } from '../../../../src/core/model/kinds.ts';
import { nodeEntropy } from '../../../../src/core/signal/entropy.ts';
import { filledEntropy, nodeSignal } from '../../../../src/core/signal/node-signal.ts';
import { scoreNodes } from '../../../../src/core/signal/score.ts';
import type { SignalSource } from '../../../../src/core/signal/signal.ts';
import { SIGNALS } from '../../../../src/core/signal/signals.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { pathTo, taskOf } from '../../../../src/core/tree/navigate.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const bare = (forest: Forest): SignalSource => ({ forest, model: null, imported: null });
const numbers = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e6) / 1e6);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, value) => all + value, 0);

const forests = batches({ keys: 3 }).map((batch) => {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder).forest;
});

/** Turns of a trajectory: runs of sampled nodes on its path. */
function turnsOf(forest: Forest, trajectory: number): number {
  let turns = 0;
  let inside = false;
  for (const n of pathTo(forest, forest.trajectories.leaf[trajectory])) {
    const sampled = forest.sampledCount[n] > 0;
    if (sampled && !inside) turns++;
    inside = sampled;
  }
  return turns;
}

describe('turns', () => {
  it('of a task add up to the mean number of turns of its trajectories', () => {
    fc.assert(
      fc.property(forests, (drawn) => {
        // Everybody agrees on what was sampled.
        const forest = { ...drawn, sampledCount: drawn.sampledCount.map((count, n) => (count > 0 ? drawn.reachCount[n] : 0)) };
        const { sum: worth } = nodeSignal(bare(forest), 'turns');
        let all = 0;
        for (let n = 0; n < forest.length; n++) all += worth[n] * forest.sampledCount[n];
        let turns = 0;
        for (let t = 0; t < forest.trajectories.length; t++) turns += turnsOf(forest, t);
        expect(all).toBeCloseTo(turns, 8);
      }),
    );
  });

  it('are worth the same whether long or short', () => {
    const { forest } = treeFromText('a B b C D E F G\n');
    expect(numbers(nodeSignal(bare(forest), 'turns').sum)).toEqual([0, 1, 0, 1]);
    expect(numbers(nodeSignal(bare(forest), 'tokens').sum)).toEqual([0, 1, 0, 5]);
  });
});

describe('an unknown value', () => {
  it('counts the mean of its kind in the task, else in the forest, else of all', () => {
    const { forest } = treeFromText(`
      -- known in part
      a B!1 C!3 | D | E:thinking
      -- unknown
      a B | C:call
      -- with other kinds
      a T:thinking!10 | U:thinking
    `);
    const { sum: worth, known, sampled } = nodeSignal(bare(forest), 'entropy');
    expect([known, sampled]).toEqual([3, 8]);
    // text of its task; thinking of the forest | text of the forest; nothing known of calls | thinking of its task
    expect(numbers(worth)).toEqual(numbers([0, 4, 2, 10, 0, 2, 14 / 3, 0, 10, 10]));
  });

  it('is filled as an obvious loop fills it, under every aggregate', () => {
    fc.assert(
      fc.property(forests, fc.constantFrom('sum' as const, 'mean' as const, 'top20' as const), (forest, aggregate) => {
        const entropy = nodeEntropy(forest, aggregate);
        const { valueOf, sum: worth, known, used } = nodeSignal(bare(forest), 'entropy', entropy);
        expect(known).toBe(used.id === 'entropy' ? sum(entropy.known) : sum(entropy.sampledTokens));
        if (used.id !== 'entropy') return;
        const filled = filledEntropy(forest, aggregate, entropy);
        const meanOf = (isOne: (n: number) => boolean): number => {
          let total = 0;
          let count = 0;
          for (let n = 0; n < forest.length; n++) {
            if (!isOne(n)) continue;
            total += entropy.sum[n];
            count += entropy.known[n];
          }
          return total / count;
        };
        for (let n = 0; n < forest.length; n++) {
          if (forest.sampledCount[n] === 0) continue;
          const own = Array.from({ length: forest.edgeStart[n + 1] - forest.edgeStart[n] }, (_, i) => valueOf(forest.edgeStart[n] + i, n));
          expect(sum(own)).toBeCloseTo(worth[n], 4);
          if (entropy.known[n] === 0) {
            const kind = meanOf((m) => forest.kind[m] === forest.kind[n] && taskOf(forest, m) === taskOf(forest, n));
            const inForest = meanOf((m) => forest.kind[m] === forest.kind[n]);
            const fill = [kind, inForest, meanOf(() => true)].find((value) => !Number.isNaN(value)) ?? NONE;
            for (const value of own) expect(value).toBeCloseTo(fill, 8);
          }
          const largest = own.toSorted((a, b) => b - a).slice(0, Math.ceil(own.length / 5));
          const expected = { sum: sum(own), mean: sum(own) / own.length, top20: sum(largest) / largest.length }[aggregate];
          expect(filled[n]).toBeCloseTo(expected, 4);
        }
        expect(KINDS.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it('gives no task of a log known in part signal 0', () => {
    const { forest } = treeFromText('-- known\na B!1 C!3\n-- unknown\na B C\n-- unknown too\na D E F');
    const scores = scoreNodes(forest, DEFAULT_RULE);
    expect(numbers(scores.signal)).toEqual([0, 4, 0, 4, 0, 6]);
    expect(scores.by).toMatchObject({ known: 2, sampled: 7, used: { id: 'entropy' } });
  });
});

describe('signals', () => {
  const { forest } = treeFromText('a B!1?2 C!3?4 =1\na D!5?6 =0');
  const column = (...values: number[]) => Float32Array.from(values);
  const model = { entropy: column(9, 9, 9, 9), surprisal: column(9, 9, 9, 9), gradient: column(NaN, 0.5, 0.25, 1) };

  it('are what the rule says, and leave long-term entropy alone', () => {
    const signalUnder = (signal: (typeof SIGNALS)[number]['id']) => {
      const scores = scoreNodes(forest, { ...DEFAULT_RULE, signal }, { model, imported: { name: 'mine', values: column(0, 7, NaN, -1) } });
      expect(numbers(scores.lte)).toEqual(numbers([4.5, 4, 5]));
      expect(scores.by).toMatchObject({ asked: signal, used: { id: signal } });
      return numbers(scores.signal);
    };
    expect(signalUnder('entropy')).toEqual([0, 2, 2.5]);
    expect(signalUnder('surprisal')).toEqual([0, 3, 3]);
    expect(signalUnder('gradient')).toEqual([0, 0.375, 0.5]);
    expect(signalUnder('tokens')).toEqual([0, 1, 0.5]);
    expect(signalUnder('turns')).toEqual([0, 0.5, 0.5]);
    // C counts the mean of 7 and −1; D is below 0 and counts 0.
    expect(signalUnder('imported')).toEqual([0, 5, 0]);
  });

  it('fall back on entropy where no gradient is known, else on turns, and say so', () => {
    expect(scoreNodes(forest, { ...DEFAULT_RULE, signal: 'gradient' }).by).toMatchObject({ asked: 'gradient', used: { id: 'entropy' } });
    expect(scoreNodes(forest, { ...DEFAULT_RULE, signal: 'imported' }).by).toMatchObject({ asked: 'imported', used: { id: 'turns' } });
    const blank = treeFromText('a B C').forest;
    expect(scoreNodes(blank, { ...DEFAULT_RULE, signal: 'gradient' }).by).toMatchObject({ asked: 'gradient', used: { id: 'turns' } });
  });

  it('rank, where the ranking is the gradient', () => {
    const { importance, signal } = scoreNodes(forest, { ...DEFAULT_RULE, ranking: 'gradient' }, { model });
    expect(numbers(importance)).toEqual([0, 0.375, 0.5]);
    expect(numbers(signal)).toEqual([0, 2, 2.5]);
  });

  it('have an amplitude to draw by: the root of the gradient, others as they are', () => {
    expect(SIGNALS.map(({ id, amplitude }) => [id, amplitude(4)])).toEqual(SIGNALS.map(({ id }) => [id, id === 'gradient' ? 2 : 4]));
  });
});
