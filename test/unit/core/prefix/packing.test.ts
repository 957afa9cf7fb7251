/** Records in blocks: nothing too long, everything there, and what stands twice counted by an independent walk. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFitDecreasing } from '../../../../src/core/prefix/first-fit.ts';
import { packingFigures, packRecords, RUN_KINDS, type PackedBlocks } from '../../../../src/core/prefix/packing.ts';
import { treeOfRows, type RecordTree } from '../../../../src/core/prefix/record-tree.ts';
import { distinctBeginnings, someRecords, type Written } from './written-out.ts';

const treeOf = (records: readonly Written[]): RecordTree =>
  treeOfRows(records.map(({ ids }) => ({ ids: Int32Array.from(ids), weight: new Float64Array(ids.length) })));

const tokensBy = ({ runTokens, runKind }: PackedBlocks, kind: string): number =>
  runTokens.reduce((sum, tokens, run) => sum + (RUN_KINDS[runKind[run]] === kind ? tokens : 0), 0);

const sizes = ({ start, runTokens }: PackedBlocks): number[] =>
  Array.from({ length: start.length - 1 }, (_, b) => runTokens.subarray(start[b], start[b + 1]).reduce((sum, tokens) => sum + tokens, 0));

describe('first-fit decreasing', () => {
  it('puts each where a walk over all blocks finds room first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 40 }), (items) => {
        const slow: number[][] = [];
        for (const item of [...items.keys()].sort((a, b) => items[b] - items[a] || a - b)) {
          const block = slow.find((own) => own.reduce((sum, i) => sum + items[i], 0) + items[item] <= 20);
          if (block) block.push(item);
          else slow.push([item]);
        }
        expect(firstFitDecreasing(Int32Array.from(items), 20)).toEqual(slow);
      }),
    );
  });

  it('refuses what fits nowhere', () => {
    expect(() => firstFitDecreasing(Int32Array.of(3), 2)).toThrow('an item of 3 does not fit into a block of 2');
  });
});

describe('packed records', () => {
  const tasks = fc.array(someRecords, { minLength: 1, maxLength: 3 });

  it('fill blocks of at most so many tokens, each record once, or each distinct token and what ends of blocks repeat', () => {
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 30 }), fc.boolean(), (own, room, across) => {
        const { flat, tree, tooLong, shape } = packRecords(own.map(treeOf), room, across);
        const fitting = own.map((records) => records.filter(({ ids }) => ids.length <= room));
        const long = own.flat().filter(({ ids }) => ids.length > room);
        expect(tooLong).toEqual({ records: long.length, tokens: long.reduce((sum, { ids }) => sum + ids.length, 0) });
        const written = fitting.flat().reduce((sum, { ids }) => sum + ids.length, 0);
        const distinct = fitting.reduce((sum, records) => sum + distinctBeginnings(records).length, 0);
        expect(Array.from(shape.tokens)).toEqual(fitting.flat().map(({ ids }) => ids.length));
        for (const size of [...sizes(flat), ...sizes(tree)]) {
          expect(size).toBeGreaterThan(0);
          expect(size).toBeLessThanOrEqual(room);
        }
        const figures = { flat: packingFigures(flat, written, written, room), tree: packingFigures(tree, distinct, written, room) };
        expect(figures.flat).toMatchObject({ tokens: written, repeated: written - distinct, err: 0 });
        expect(figures.tree.tokens - figures.tree.repeated).toBe(distinct);
        for (const { blocks, fewest } of Object.values(figures)) expect(blocks).toBeGreaterThanOrEqual(fewest);
        expect(figures.tree.tokens).toBeLessThanOrEqual(written);
        expect(figures.tree.err).toBeCloseTo(written === 0 ? 0 : 1 - figures.tree.tokens / written, 12);
        // Of several records: distinct beginnings that more than one has.
        const shared = fitting.flatMap((records) =>
          distinctBeginnings(records).filter((own) => records.filter(({ ids }) => own.every((id, i) => ids[i] === id)).length > 1),
        );
        expect(tokensBy(flat, 'shared')).toBe(shared.length);
        expect(tokensBy(tree, 'shared')).toBe(shared.length);
        expect(tokensBy(tree, 'own')).toBe(distinct - shared.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are whole in the blocks of a tree, and repeat there what a walk over the blocks meets again', () => {
    fc.assert(
      fc.property(someRecords, fc.integer({ min: 4, max: 30 }), (records, room) => {
        const { tree, shape } = packRecords([treeOf(records)], room, true);
        const blocks = Array.from({ length: tree.start.length - 1 }, (_, b) =>
          Array.from(tree.runSegment.subarray(tree.start[b], tree.start[b + 1])),
        );
        const pathOf = (s: number): number[] => (s < 0 ? [] : [...pathOf(shape.parent[s]), s]);
        for (const end of shape.end) expect(blocks.some((block) => pathOf(end).every((s) => block.includes(s)))).toBe(true);
        const met = new Set<number>();
        let again = 0;
        for (const block of blocks) {
          for (const s of block) {
            expect(shape.parent[s] < 0 || block.includes(shape.parent[s])).toBe(true);
            if (met.has(s)) again += shape.tokenStart[s + 1] - shape.tokenStart[s];
            met.add(s);
          }
        }
        expect(met.size).toBe(shape.length);
        expect(tokensBy(tree, 'repeated')).toBe(again);
      }),
      { numRuns: 200 },
    );
  });

  it('are those of a worked example', () => {
    const record = (...ids: number[]): Written => ({ ids, trains: ids.map(() => false) });
    const { flat, tree } = packRecords([treeOf([record(1, 2, 3, 4), record(1, 2, 5), record(1, 2, 6)])], 5, true);
    // Three records of 4, 3 and 3 tokens: none fits beside another one.
    expect(sizes(flat)).toEqual([4, 3, 3]);
    expect(Array.from(flat.runTokens)).toEqual([2, 2, 2, 1, 2, 1]);
    expect(Array.from(flat.runKind, (kind) => RUN_KINDS[kind])).toEqual(['shared', 'own', 'repeated', 'own', 'repeated', 'own']);
    // A tree of six tokens: two blocks, the second with 1 2 once more.
    expect(sizes(tree)).toEqual([5, 3]);
    expect(packingFigures(tree, 6, 10, 5)).toEqual({ tokens: 8, repeated: 2, blocks: 2, fewest: 2, err: 1 - 8 / 10 });
  });
});
