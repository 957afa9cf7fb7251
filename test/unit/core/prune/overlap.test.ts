/** Overlaps of keep sets against sets of nodes, tokens and rollouts. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { A, B, jaccard, keptBits, keptOverlaps, wholeBits, type KeptSet, type Overlap } from '../../../../src/core/prune/overlap.ts';
import type { TrainSet } from '../../../../src/core/prune/train-method.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import { batches } from '../../../helpers/randomBatches.ts';

/** Keeps what a hash of the node says, and trains every token whose place it says. */
function drawnSet(forest: Forest, seed: number): { readonly set: KeptSet; readonly kept: Set<number>; readonly trained: Set<number> } {
  const rank = Int32Array.from({ length: forest.length }, (_, n) => (Math.imul(n + seed, 0x9e3779b1) >>> 4) % 10);
  const limit = Int32Array.from({ length: forest.treeStart.length - 1 }, (_, task) => (task + seed) % 11);
  const kept = new Set<number>();
  const trained = new Set<number>();
  for (let task = 0; task < limit.length; task++)
    for (let n = forest.treeStart[task]!; n < forest.treeStart[task + 1]!; n++) {
      if (rank[n]! >= limit[task]!) continue;
      kept.add(n);
      if (forest.sampledCount[n] === 0) continue;
      for (let at = forest.edgeStart[n]!; at < forest.edgeStart[n + 1]!; at++) if ((at * 7 + seed) % 3 > 0) trained.add(at);
    }
  const tokensOf = (n: number): number[] =>
    Array.from({ length: forest.edgeStart[n + 1]! - forest.edgeStart[n]! }, (_, i) => forest.edgeStart[n]! + i);
  const train: Pick<TrainSet, 'trainedOf' | 'factorsOf'> = {
    trainedOf: (n) => tokensOf(n).filter((at) => trained.has(at)).length,
    factorsOf(n, out, from) {
      for (const [i, at] of tokensOf(n).entries()) out[from + i] = trained.has(at) ? 1.5 : 0;
      return train.trainedOf(n);
    },
  };
  const rest = { tokens: 0, signal: 0, expected: 0, budget: 0, threshold: null, pinsUnmet: null, byToken: true, placeOf: () => null };
  return { set: { rank, limit, train: { ...rest, ...train } }, kept, trained };
}

function slow(a: ReadonlySet<number>, b: ReadonlySet<number>, weight: (one: number) => number = () => 1): Overlap {
  const sum = (set: Iterable<number>): number => [...set].reduce((total, one) => total + weight(one), 0);
  return { a: sum(a), b: sum(b), both: sum([...a].filter((one) => b.has(one))), either: sum(new Set([...a, ...b])) };
}

it('counts what sets of nodes, tokens and rollouts have in common', () => {
  fc.assert(
    fc.property(batches({ maxRollouts: 8 }), fc.nat({ max: 99 }), fc.nat({ max: 99 }), (batch, one, other) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest, rollouts } = freeze(builder);
      const [a, b] = [drawnSet(forest, one), drawnSet(forest, other)];
      const found = keptOverlaps(forest, a.set, b.set);
      expect(found.nodes).toEqual(slow(a.kept, b.kept));
      expect(found.tokens).toEqual(slow(a.kept, b.kept, (n) => forest.edgeStart[n + 1]! - forest.edgeStart[n]!));
      expect(found.trained).toEqual(slow(a.trained, b.trained));
      for (let task = 0; task + 1 < forest.treeStart.length; task++) {
        const first = forest.treeStart[task]!;
        for (const [i, bits] of keptBits(a.set, b.set, task, first, forest.treeStart[task + 1]!).entries())
          expect(bits).toBe((a.kept.has(first + i) ? A : 0) + (b.kept.has(first + i) ? B : 0));
      }
      const isWhole = (kept: ReadonlySet<number>, r: number): boolean =>
        [...forest.trajectories.leaf].every((leaf, t) => forest.trajectories.rollout[t] !== r || kept.has(leaf));
      for (const [r, bits] of wholeBits(forest, rollouts.length, a.set, b.set).entries())
        expect(bits).toBe((isWhole(a.kept, r) ? A : 0) + (isWhole(b.kept, r) ? B : 0));
    }),
  );
});

it('is 1 for a set and itself, and for two empty ones', () => {
  expect(jaccard({ a: 4, b: 4, both: 4, either: 4 })).toBe(1);
  expect(jaccard({ a: 3, b: 2, both: 1, either: 4 })).toBe(0.25);
  expect(jaccard({ a: 0, b: 0, both: 0, either: 0 })).toBe(1);
});
