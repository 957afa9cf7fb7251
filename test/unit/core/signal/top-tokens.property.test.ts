/** Top tokens and forks against sorting all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { loggedSourceOf, loggedValue } from '../../../../src/core/signal/entropy-source.ts';
import { nodeOfToken, topForks, topTokens } from '../../../../src/core/signal/top-tokens.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches } from '../../../helpers/randomBatches.ts';

const forests = batches({ keys: 3, maxRollouts: 10 }).map((batch) => {
  const builder = makeForestBuilder();
  builder.add(batch);
  return freeze(builder).forest;
});

describe('top tokens', () => {
  it('are the first of all sampled ones, sorted by value, node key and place', () => {
    fc.assert(
      // Rounded values tie often.
      fc.property(forests, fc.integer({ min: 1, max: 12 }), fc.boolean(), fc.boolean(), (forest, count, ofOne, isRounded) => {
        const sizeOf = (at: number): number => {
          const value = loggedValue(forest.channels, loggedSourceOf(forest.channels, at), at);
          return isRounded ? Math.round(value / 4) : value;
        };
        const task = ofOne ? 0 : null;
        const all = Array.from({ length: forest.length }, (_, node) =>
          Array.from({ length: forest.edgeStart[node + 1] - forest.edgeStart[node] }, (__, offset) => {
            const at = forest.edgeStart[node] + offset;
            return { at, node, size: sizeOf(at), key: nodeKeyOf(forest.keys, node) };
          }),
        )
          .flat()
          .filter(({ node }) => forest.sampledCount[node] > 0 && (task === null || node < forest.treeStart[1]));
        const known = all.filter(({ size }) => !Number.isNaN(size));
        const sorted = known.toSorted((a, b) => b.size - a.size || (a.key === b.key ? a.at - b.at : a.key < b.key ? -1 : 1));
        expect(topTokens(forest, sizeOf, task, count)).toEqual({
          tokens: sorted.slice(0, count).map(({ at, node, size }) => ({ at, node, size })),
          sampled: all.length,
          known: known.length,
        });
        for (const { at, node } of all) expect(nodeOfToken(forest, at)).toBe(node);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the most frequent forks', () => {
  it('are the first of all forks, sorted by who leaves the most frequent way', () => {
    fc.assert(
      fc.property(forests, fc.integer({ min: 1, max: 5 }), (forest, count) => {
        const forks = Array.from({ length: forest.length }, (_, node) => {
          const children = Array.from({ length: forest.length }, (__, child) => child).filter((child) => forest.parent[child] === node);
          const reach = children.map((child) => forest.reachCount[child]);
          return {
            node,
            ways: children.length,
            parted: forest.reachCount[node] - Math.max(0, ...reach),
            key: nodeKeyOf(forest.keys, node),
          };
        }).filter(({ ways }) => ways >= 2);
        const sorted = forks.toSorted((a, b) => b.parted - a.parted || (a.key < b.key ? -1 : 1));
        expect(topForks(forest, null, count)).toEqual({
          forks: sorted.slice(0, count).map(({ node, parted }) => ({ node, parted })),
          of: forks.length,
        });
      }),
      { numRuns: 300 },
    );
  });
});
