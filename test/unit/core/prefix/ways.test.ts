/** Counts of tokens and keys in three ways, against records written out pair by pair. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { nodeCosts } from '../../../../src/core/prune/cost.ts';
import { forwardFlops, keyValueBytes, wayFlops } from '../../../../src/core/prefix/flops.ts';
import { treeOfPaths, treeOfRows, type RecordTree } from '../../../../src/core/prefix/record-tree.ts';
import { shapeOf } from '../../../../src/core/prefix/record-shape.ts';
import { countWays, keysBetween } from '../../../../src/core/prefix/ways.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';
import { flatOracle, grouperOracle, someRecords, treeOracle, type Written } from './written-out.ts';

const treeOf = (records: readonly Written[]): RecordTree =>
  treeOfRows(records.map(({ ids, trains }) => ({ ids: Int32Array.from(ids), weight: Float64Array.from(trains, Number) })));

describe('the three ways', () => {
  it('count what pairs of query and key add up to, one by one', () => {
    fc.assert(
      fc.property(someRecords, fc.integer({ min: 1, max: 5 }), (records, block) => {
        expect(countWays(treeOf(records), block)).toEqual({
          flat: flatOracle(records, block),
          grouper: grouperOracle(records, block),
          tree: treeOracle(records, block),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('count blocks of groups that are longer than 2^31 tokens written out', () => {
    const [shared, own, records] = [1_000_000_000, 1000, 4];
    // A prompt of one token; then what all share, which a record trains, so that a group has it once for each.
    const tree: RecordTree = {
      ...shapeOf(
        Int32Array.of(NONE, 0, 0, 0, 0),
        Int32Array.of(0, shared, shared, shared, shared),
        Int32Array.from([0, 1, 2, 3, 4, 5], (s) => (s === 0 ? 0 : shared + (s - 1) * own)),
        { end: Int32Array.of(1, 2, 3, 4), tokens: new Int32Array(records).fill(shared + own) },
      ),
      back: Int32Array.of(shared, own - 1, own - 1, own - 1, own - 1),
      firstTrained: new Int32Array(records).fill(1),
      recordBack: new Int32Array(records).fill(shared + own - 1),
    };
    const block = 1 << 20;
    const { flat, grouper } = countWays(tree, block);
    expect(grouper.tokens).toBe(1 + records * (shared + own - 1));
    expect(grouper.blockKeys / flat.blockKeys).toBeCloseTo(1, 2);
  });

  it('share more from one to the next, and save nothing where there is one record', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const { flat, grouper, tree } = countWays(treeOf(records), 2);
        for (const name of ['tokens', 'keys', 'backTokens', 'backKeys'] as const) {
          expect(grouper[name]).toBeLessThanOrEqual(flat[name]);
          expect(tree[name]).toBeLessThanOrEqual(grouper[name]);
        }
        const alone = countWays(treeOf(records.slice(0, 1)), 2);
        expect(alone.tree).toEqual(alone.flat);
        expect(alone.grouper).toEqual(alone.flat);
      }),
    );
  });

  it('give a token the same keys: flat counts each as often as records have it', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const tree = treeOf(records);
        const { flat } = countWays(tree, 1);
        let keys = 0;
        for (let s = 0; s < tree.length; s++)
          for (let at = 0; at < tree.tokenStart[s + 1] - tree.tokenStart[s]; at++) keys += tree.reach[s] * (tree.depth[s] + at + 1);
        expect(flat.keys).toBe(keys);
      }),
    );
  });

  it('are those of a worked example', () => {
    // 1 2 3 and 1 2 4 5, of which 3, 4 and 5 train.
    const records = [
      { ids: [1, 2, 3], trains: [false, false, true] },
      { ids: [1, 2, 4, 5], trains: [false, false, true, true] },
    ];
    const { flat, grouper, tree } = countWays(treeOf(records), 4);
    expect(flat).toEqual({ tokens: 7, keys: 6 + 10, backTokens: 2 + 3, backKeys: 3 + 6, blockKeys: 2 * 16 });
    // The prompt 1 2 once; 3, 4 and 5 see it.
    expect(grouper).toEqual({ tokens: 5, keys: 3 + 3 + 3 + 4, backTokens: 3, backKeys: 1 + 2 + 3, blockKeys: 3 * 16 });
    expect(tree).toEqual(grouper);
  });

  it('count keys in pieces as at once', () => {
    fc.assert(
      fc.property(fc.nat(2e6), fc.nat(2e6), fc.nat(2e6), (a, b, c) => {
        expect(keysBetween(a, a + b) + keysBetween(a + b, a + b + c)).toBe(keysBetween(a, a + b + c));
      }),
    );
    expect(keysBetween(0, 4)).toBe(10);
  });
});

describe('paths of a forest', () => {
  it('make the tree that their tokens make', () => {
    const word = fc.constantFrom('A', 'B', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const { forest, batch } = treeFromText(rows.map((row) => row.join(' ')).join('\n'));
        const written = rows.map((row, r) => ({
          ids: Array.from(batch.tokens.subarray(batch.trajectoryStart[r], batch.trajectoryStart[r + 1])),
          trains: row.map((text) => text < 'a'),
        }));
        const paths = written.map(({ trains }, r) => ({
          end: forest.trajectories.leaf[r],
          first: trains.findIndex((is, i) => is && i > 0),
          last: trains.lastIndexOf(true),
        }));
        const trainedUpTo = (n: number): number => (forest.sampledCount[n] > 0 ? forest.edgeStart[n + 1] - forest.edgeStart[n] : 0);
        const tree = treeOfPaths(forest, 0, forest.length, paths, trainedUpTo);
        expect(countWays(tree, 3)).toEqual(countWays(treeOf(written), 3));
      }),
    );
  });
});

describe('FLOPs', () => {
  it('of a forward are those that a budget counts, and what tokens attend to themselves', () => {
    const { forest } = treeFromText('a b C D\na b C e F\na G');
    const model = { parameters: 1000, layers: 3, width: 8 };
    const paths = Array.from(forest.trajectories.leaf, (end) => ({ end, first: NONE, last: NONE }));
    const { tree } = countWays(
      treeOfPaths(forest, 0, forest.length, paths, () => 0),
      1,
    );
    const budgeted = nodeCosts(forest, 'flops', model).reduce((sum, cost) => sum + cost, 0);
    expect(forwardFlops(tree.tokens, tree.keys, model)).toBe(budgeted + 4 * 3 * 8 * tree.tokens);
  });

  it('of a backward are twice the forward, once more where it is computed again; some could be skipped', () => {
    const model = { parameters: 10, layers: 1, width: 1, keyWidth: 1 };
    const counts = { tokens: 5, keys: 15, backTokens: 3, backKeys: 6, blockKeys: 0 };
    expect(wayFlops(counts, model, false)).toEqual({ forward: 160, backward: 320, recompute: 0, total: 480, skippable: 2 * (160 - 84) });
    expect(wayFlops(counts, model, true)).toEqual({ forward: 160, backward: 320, recompute: 160, total: 640, skippable: 3 * (160 - 84) });
    expect(keyValueBytes(5, { ...model, layers: 2, keyWidth: 3 })).toBe(5 * 2 * 3 * 4);
  });
});
