/** Packed trees against what they are made of: every row unfolds to samples, every loss stands once with its weight, masks are ancestry. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTrees, sampleTree, type Sample, type SampleTree } from '../../../../src/core/export/sample-tree.ts';
import { packTree, paddedLength } from '../../../../src/core/export/tree-bins.ts';
import { treeRows, type TreeRow } from '../../../../src/core/export/tree-rows.ts';

const LONGEST = 12;

/** Samples over few ids, hence with many shared beginnings, ends inside others, and equals. */
const samples = fc
  .array(
    fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 2 }),
        weight: fc.constantFrom(0, 0, 1, 0.5, 1 / 3),
        advantage: fc.constantFrom(-1, 0.25, 3, NaN),
      }),
      { minLength: 1, maxLength: LONGEST },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((lists) => lists.map((tokens) => sampleFrom(tokens)));

function sampleFrom(tokens: readonly { id: number; weight: number; advantage: number }[]): Sample {
  const prefixSum = tokens.map(
    (
      (sum) =>
      ({ id }) =>
        (sum = (sum * 7 + id + 1) % 1009)
    )(0),
  );
  return {
    ids: Int32Array.from(tokens, ({ id }) => id),
    weight: Float64Array.from(tokens, ({ weight }) => weight),
    advantage: Float64Array.from(tokens, ({ advantage }) => advantage),
    // Of a prefix, hence the same in all samples.
    logprob: Float32Array.from(prefixSum, (sum) => -sum),
  };
}

function sampleOfIds(ids: readonly number[]): Sample {
  return sampleFrom(ids.map((id) => ({ id, weight: 1, advantage: 0 })));
}

const keyOf = (ids: ArrayLike<number>, length: number): string => Array.from(ids).slice(0, length).join(' ');

/** prefix -> what all samples train at its last token */
function slowLosses(list: readonly Sample[]): Map<string, { weight: number; advantage: number; logprob: number; first: number }> {
  const found = new Map<string, { weight: number; advantage: number; logprob: number; first: number }>();
  for (const [first, { ids, weight, advantage, logprob }] of list.entries()) {
    for (let i = 1; i < ids.length; i++) {
      if (weight[i] === 0) continue;
      const key = keyOf(ids, i + 1);
      const known = found.get(key) ?? { weight: 0, advantage: 0, logprob: logprob[i], first };
      known.weight += weight[i];
      known.advantage += weight[i] * advantage[i];
      found.set(key, known);
    }
  }
  for (const each of found.values()) each.advantage /= each.weight;
  return found;
}

/** Tokens of a row up to and with the one at `at`, by walking up. */
function pathOf(row: TreeRow, at: number): number[] {
  const path: number[] = [];
  let s = segmentOf(row, at);
  for (let end = at + 1; s >= 0; s = row.segmentParents[s], end = s >= 0 ? row.segmentOffsets[s + 1] : 0)
    path.unshift(...row.ids.subarray(row.segmentOffsets[s], end));
  return path;
}

const segmentOf = ({ segmentOffsets }: TreeRow, at: number): number => segmentOffsets.findIndex((offset) => offset > at) - 1;

function expectRow(row: TreeRow, limit: number, multiple: number): void {
  const { segmentOffsets, segmentParents, ids, positions } = row;
  const tokens = segmentOffsets[segmentParents.length];
  expect(tokens).toBeLessThanOrEqual(limit);
  expect(ids.length).toBe(paddedLength(tokens, multiple));
  expect(ids.subarray(tokens).every((id) => id === 0)).toBe(true);
  const children = new Set<string>();
  for (const [s, parent] of segmentParents.entries()) {
    expect(parent).toBeLessThan(s);
    expect(segmentOffsets[s + 1]).toBeGreaterThan(segmentOffsets[s]);
    // A prefix stands once: no two segments below one begin alike.
    children.add(`${parent} ${ids[segmentOffsets[s]]}`);
    for (let at = segmentOffsets[s]; at < segmentOffsets[s + 1]; at++) expect(positions[at]).toBe(pathOf(row, at).length - 1);
  }
  expect(children.size).toBe(segmentParents.length);
  // A segment ends where samples part or one of them ends.
  const ends = new Set(row.samplePaths.map((path) => path.at(-1)));
  for (const s of segmentParents.keys()) expect(segmentParents.filter((parent) => parent === s).length !== 1 || ends.has(s)).toBe(true);
  const shown = new Set(row.samplePaths.flatMap((path) => Array.from(path)));
  expect(shown.size).toBe(segmentParents.length);
}

const packed = (tree: SampleTree, limit: number, multiple: number): TreeRow[] => treeRows(tree, packTree(tree, limit, multiple), multiple);

const settings = fc.record({ limit: fc.integer({ min: LONGEST, max: 40 }), multiple: fc.constantFrom(1, 4, 8) });

describe('rows of packed trees', () => {
  it('unfold to every sample once', () => {
    let several = 0;
    fc.assert(
      fc.property(samples, settings, (list, { limit, multiple }) => {
        const rows = packed(sampleTree(list), limit, multiple);
        if (rows.length > 1) several++;
        const unfolded = new Map<number, number[]>();
        for (const row of rows) {
          expectRow(row, limit, multiple);
          for (const [i, path] of row.samplePaths.entries()) {
            expect(unfolded.has(row.samples[i])).toBe(false);
            unfolded.set(
              row.samples[i],
              Array.from(path).flatMap((s) => [...row.ids.subarray(row.segmentOffsets[s], row.segmentOffsets[s + 1])]),
            );
          }
        }
        expect([...unfolded.keys()].sort((a, b) => a - b)).toEqual([...list.keys()]);
        for (const [sample, ids] of unfolded) expect(ids).toEqual([...list[sample].ids]);
      }),
      { numRuns: 200 },
    );
    expect(several).toBeGreaterThan(40);
  });

  it('have every loss once, with the sum of its weights, at the token before it', () => {
    fc.assert(
      fc.property(samples, settings, (list, { limit, multiple }) => {
        const wanted = slowLosses(list);
        const found = new Set<string>();
        for (const row of packed(sampleTree(list), limit, multiple)) {
          for (const [i, at] of row.predIndex.entries()) {
            const path = [...pathOf(row, at), row.targetId[i]];
            const key = keyOf(path, path.length);
            expect(found.has(key)).toBe(false);
            found.add(key);
            const loss = wanted.get(key);
            expect(row.weight[i]).toBeCloseTo(loss?.weight ?? NaN, 12);
            if (Number.isNaN(loss?.advantage)) expect(row.advantage[i]).toBeNaN();
            else expect(row.advantage[i]).toBeCloseTo(loss?.advantage ?? NaN, 12);
            expect(row.logprob[i]).toBe(loss?.logprob);
            expect(row.samples[row.sampleId[i]]).toBe(loss?.first);
            // The sample has the token.
            const own = row.samplePaths[row.sampleId[i]];
            expect(own).toContain(segmentOf(row, at));
          }
        }
        expect(found).toEqual(new Set(wanted.keys()));
      }),
      { numRuns: 200 },
    );
  });

  it('never have more tokens than samples put into the first row with room, one after the other', () => {
    let fewer = 0;
    fc.assert(
      fc.property(samples, settings, (list, { limit, multiple }) => {
        const tree = sampleTree(list);
        const ours = packTree(tree, limit, 1).reduce((sum, { tokens }) => sum + tokens, 0);
        const naive = firstFit(tree, limit);
        expect(ours).toBeLessThanOrEqual(naive);
        if (ours < naive) fewer++;
        const padded = packTree(tree, limit, multiple).reduce((sum, { tokens }) => sum + paddedLength(tokens, multiple), 0);
        expect(padded).toBeGreaterThanOrEqual(tree.ids.length);
      }),
      { numRuns: 200 },
    );
    expect(fewer).toBeGreaterThan(0);
  });

  it('of several tasks are those of each task where nothing but the limit is shared', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 3 }), settings, (tasks, { limit, multiple }) => {
        const joined = joinTrees(tasks.map(sampleTree));
        const rows = packed(joined, limit, multiple);
        const own = tasks.flatMap((list) => packed(sampleTree(list), limit, multiple));
        const weightOf = (list: readonly TreeRow[]): number => list.reduce((sum, { weight }) => sum + weight.reduce((a, b) => a + b, 0), 0);
        expect(weightOf(rows)).toBeCloseTo(weightOf(own), 9);
        const ends: number[][] = [];
        for (const row of rows)
          for (const [i, path] of row.samplePaths.entries())
            ends[row.samples[i]] = Array.from(path).flatMap((s) => [...row.ids.subarray(row.segmentOffsets[s], row.segmentOffsets[s + 1])]);
        expect(ends).toEqual(tasks.flat().map(({ ids }) => [...ids]));
      }),
      { numRuns: 200 },
    );
  });

  it('take a task of many deep forks and of many small pieces in little time', () => {
    // A comb: each sample leaves the one before it one token later, as the calls of one rollout do.
    const comb = Array.from({ length: 2000 }, (_, k) => sampleOfIds([...new Array<number>(k + 1).fill(1), 2]));
    const rows = packed(sampleTree(comb.reverse()), 2048, 1);
    expect(rows.reduce((sum, { samples: own }) => sum + own.length, 0)).toBe(2000);
    // Pieces of which no two fit into one row.
    const wide = Array.from({ length: 20_000 }, (_, k) => sampleOfIds([0, ...new Array<number>(11).fill(k + 1)]));
    const begun = performance.now();
    expect(packed(sampleTree(wide), 16, 1)).toHaveLength(20_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('refuse a sample that is longer than a row', () => {
    const long = sampleFrom(Array.from({ length: 5 }, (_, id) => ({ id, weight: 1, advantage: 0 })));
    expect(() => packTree(sampleTree([long]), 4, 1)).toThrow('more than 4 tokens');
  });
});

/** Largest subtrees that fit, in their order, each into the first bin with room. */
function firstFit(tree: SampleTree, limit: number): number {
  const bins: Set<number>[] = [];
  const lengthOf = (set: Iterable<number>): number => [...set].reduce((sum, s) => sum + tree.tokenStart[s + 1] - tree.tokenStart[s], 0);
  const withAbove = (s: number): number[] => (s < 0 ? [] : [...withAbove(tree.parent[s]), s]);
  for (let s = 0; s < tree.length;) {
    const piece = new Set(withAbove(s));
    for (let below = s; below < tree.subtreeEnd[s]; below++) piece.add(below);
    if (lengthOf(piece) > limit) {
      s++;
      continue;
    }
    const bin = bins.find((each) => lengthOf([...each, ...[...piece].filter((one) => !each.has(one))]) <= limit);
    if (bin) for (const each of piece) bin.add(each);
    else bins.push(piece);
    s = tree.subtreeEnd[s];
  }
  return bins.reduce((sum, bin) => sum + lengthOf(bin), 0);
}
