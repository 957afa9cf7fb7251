import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { cutFigures } from '../../../../src/core/rollouts/cut-figures.ts';
import { measureRollouts } from '../../../../src/core/rollouts/measures.ts';
import { nodeEntropy } from '../../../../src/core/signal/entropy.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import { batches } from '../../../helpers/randomBatches.ts';

const drawn = batches({ maxRollouts: 6 }).map((batch) => {
  const builder = makeForestBuilder();
  builder.add(batch);
  const { forest, rollouts } = freeze(builder);
  return { forest, count: rollouts.length };
});
type Forest = ReturnType<typeof freeze>['forest'];

/** The tokens of a rollout one by one, as node and place in the edge, with whether one of its trajectories sampled them. */
function tokensOf(forest: Forest, rollout: number): Map<number, boolean> {
  const tokens = new Map<number, boolean>();
  for (let t = 0; t < forest.trajectories.length; t++) {
    if (forest.trajectories.rollout[t] !== rollout) continue;
    for (let n = forest.trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
      for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
        const isSampled = sampledAt(forest.trajectories, t, forest.depth[n] + i - forest.edgeStart[n]);
        tokens.set(i, (tokens.get(i) ?? false) || isSampled);
      }
    }
  }
  return tokens;
}

it('counts each token of a rollout once, on however many of its trajectories it lies', () => {
  fc.assert(
    fc.property(drawn, ({ forest, count }) => {
      const made = measureRollouts(forest, count, nodeEntropy(forest, 'sum'));
      const { entropy } = forest.channels;
      for (let r = 0; r < count; r++) {
        const tokens = tokensOf(forest, r);
        const sampled = [...tokens].filter(([, isSampled]) => isSampled).map(([at]) => at);
        expect([made.tokens[r], made.sampled[r]]).toEqual([tokens.size, sampled.length]);
        expect(made.trajectories[r]).toBe(forest.trajectories.rollout.filter((rollout) => rollout === r).length);
        if (entropy === null || sampled.some((at) => Number.isNaN(entropy[at]))) continue;
        const mean = sampled.reduce((sum, at) => sum + entropy[at], 0) / sampled.length;
        if (sampled.length === 0) expect(made.entropy[r]).toBeNaN();
        else expect(made.entropy[r]).toBeCloseTo(mean, 5);
      }
    }),
  );
});

it('says what share of a rollout is kept, and how many of its tokens are trained', () => {
  fc.assert(
    fc.property(drawn, fc.infiniteStream(fc.boolean()), ({ forest, count }, coins) => {
      const isKept = Uint8Array.from({ length: forest.length }, () => Number(coins.next().value));
      for (let n = 0; n < forest.length; n++) if (forest.parent[n] !== NONE && isKept[forest.parent[n]] === 0) isKept[n] = 0;
      // Every second token of a node.
      const trained = (n: number): number => Math.ceil((forest.edgeStart[n + 1] - forest.edgeStart[n]) / 2);
      const made = cutFigures(forest, count, (n) => isKept[n] === 1, trained);
      const nodeOf = new Map<number, number>();
      for (let n = 0; n < forest.length; n++) for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) nodeOf.set(i, n);
      for (let r = 0; r < count; r++) {
        const tokens = [...tokensOf(forest, r)].map(([at, isSampled]) => ({ at, isSampled, node: nodeOf.get(at) ?? NONE }));
        const kept = tokens.filter(({ node }) => isKept[node] === 1);
        expect(made.kept[r]).toBe(tokens.length === 0 ? Number.NaN : kept.length / tokens.length);
        expect(made.trained[r]).toBe(kept.filter(({ at, node, isSampled }) => isSampled && (at - forest.edgeStart[node]) % 2 === 0).length);
      }
    }),
  );
});
