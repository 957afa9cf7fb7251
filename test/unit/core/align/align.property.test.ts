/** Alignment in linear space against the quadratic textbook programme, and what a diff of texts must keep. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, ALONE, pairCost, type AlignedList } from '../../../../src/core/align/align.ts';
import { alignInStretches } from '../../../../src/core/align/stretches.ts';
import { makeSketches, sketch, wordSet } from '../../../../src/core/align/sketch.ts';
import { diffWords, MOST_PIECES } from '../../../../src/core/align/word-diff.ts';
import { jaccard } from '../../../../src/base/min-hash.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';

interface Entry {
  readonly tool: number;
  readonly words: readonly string[];
}

function listOf(entries: readonly Entry[]): AlignedList {
  const sketches = makeSketches(entries.length);
  entries.forEach(({ words }, at) => sketch(sketches, at, wordSet(words.join(' '))));
  return {
    length: entries.length,
    // Equal entries are equal numbers in any list: few tools and words leave room for all of them in one number.
    identity: Int32Array.from(entries, ({ tool, words }) => words.reduce((sum, word) => sum * 7 + WORDS.indexOf(word) + 1, tool + 2)),
    group: Int32Array.from(entries, ({ tool }) => tool),
    sketches,
  };
}

const WORDS = ['read', 'write', 'a', 'b', 'c'];
const entry = fc.record({ tool: fc.integer({ min: NONE, max: 1 }), words: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }) });
const list = fc.array(entry, { maxLength: 14 }).map(listOf);

function textbook(a: AlignedList, b: AlignedList): number {
  const cost = Array.from({ length: a.length + 1 }, () => new Float64Array(b.length + 1));
  for (let i = 0; i <= a.length; i++)
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) cost[i][j] = (i + j) * ALONE;
      else cost[i][j] = Math.min(cost[i - 1][j - 1] + pairCost(a, i - 1, b, j - 1), cost[i - 1][j] + ALONE, cost[i][j - 1] + ALONE);
    }
  return cost[a.length][b.length];
}

describe('an alignment in stretches', () => {
  it('has every entry once and in order, costs the least where one stretch holds all, and never less', async () => {
    await fc.assert(
      fc.asyncProperty(list, list, fc.constantFrom(2, 3, 5, 100), async (a, b, most) => {
        const { left, right, cost, inStretches } = await alignInStretches(a, b, most);
        expect([...left].filter((i) => i !== NONE)).toEqual(Array.from({ length: a.length }, (_, i) => i));
        expect([...right].filter((j) => j !== NONE)).toEqual(Array.from({ length: b.length }, (_, j) => j));
        expect([...left].every((i, at) => i !== NONE || right[at] !== NONE)).toBe(true);
        expect(cost).toBeGreaterThanOrEqual(textbook(a, b));
        if (most === 100) expect([cost, inStretches]).toEqual([textbook(a, b), false]);
      }),
    );
  });

  it('pairs what is the same far from the beginning, with something else before it', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ tool: 0, words: [WORDS[i % 5]!, WORDS[(i * i) % 5]!, WORDS[(i >> 3) % 5]!] }));
    const a = listOf([{ tool: 1, words: ['a'] }, ...many]);
    const b = listOf([...many, { tool: 1, words: ['b'] }]);
    const { cost, inStretches } = await alignInStretches(a, b, 40);
    expect([cost, inStretches]).toEqual([2 * ALONE, true]);
  });
});

describe('an alignment', () => {
  it('costs what the textbook says, however small the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(list, list, fc.constantFrom(1, 6, 1 << 20), async (a, b, block) => {
        const { left, right, cost } = await align(a, b, { block });
        expect(cost).toBe(textbook(a, b));
        expect([...left].filter((i) => i !== NONE)).toEqual(Array.from({ length: a.length }, (_, i) => i));
        expect([...right].filter((j) => j !== NONE)).toEqual(Array.from({ length: b.length }, (_, j) => j));
        expect([...left].every((i, at) => i !== NONE || right[at] !== NONE)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
  it('pairs a list with itself', async () => {
    await fc.assert(
      fc.asyncProperty(list, async (a) => {
        const { left, right, cost } = await align(a, a);
        expect(cost).toBe(0);
        expect(left).toEqual(right);
      }),
    );
  });
  it('pairs near entries of a tool, and never those of two', async () => {
    const a = listOf([{ tool: 0, words: ['read', 'a', 'b', 'c'] }]);
    const near = listOf([{ tool: 0, words: ['read', 'a', 'b'] }]);
    const other = listOf([{ tool: 1, words: ['read', 'a', 'b', 'c'] }]);
    expect((await align(a, near)).left).toHaveLength(1);
    expect((await align(a, other)).left).toHaveLength(2);
  });
  it('breathes, and ends where a breath throws', async () => {
    const many = listOf(Array.from({ length: 3000 }, (_, i) => ({ tool: NONE, words: [WORDS[(i * i) % 5]] })));
    const reversed = listOf(Array.from({ length: 3000 }, (_, i) => ({ tool: NONE, words: [WORDS[(i * 3) % 5]] })));
    const told: number[] = [];
    await align(many, reversed, {
      breathe: (done, total) => {
        told.push(done / total);
        return null;
      },
    });
    expect(told.length).toBeGreaterThan(2);
    expect(Math.max(...told)).toBeLessThanOrEqual(1);
    expect(told).toEqual(told.toSorted((x, y) => x - y));
    await expect(align(many, reversed, { breathe: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('a sketch', () => {
  it('tells the similarity of two sets of words, to within its noise', () => {
    const words = Array.from({ length: 400 }, (_, i) => `w${i}`);
    for (const shared of [0, 100, 200, 300, 400]) {
      let off = 0;
      for (let trial = 0; trial < 40; trial++) {
        const name = (at: number): string => `${words[at]}x${trial}`;
        const a = wordSet(Array.from({ length: 400 }, (_, i) => name(i)).join(' '));
        const b = wordSet(Array.from({ length: 400 }, (_, i) => (i < shared ? name(i) : `${name(i)}other`)).join(' '));
        const sketches = makeSketches(2);
        sketch(sketches, 0, a);
        sketch(sketches, 1, b);
        const differ = [sketches.low, sketches.high]
          .map((half) => ((half[0] ^ half[1]) >>> 0).toString(2).replaceAll('0', '').length)
          .reduce((sum, bits) => sum + bits, 0);
        off += 1 - (2 * differ) / 64 - jaccard(a, b);
      }
      expect(Math.abs(off / 40)).toBeLessThan(0.08);
    }
  });
});

describe('a diff of texts', () => {
  it('keeps both texts, and what it says is common is', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom('ls', ' ', '-l', '\n', '/', 'é')).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const { left, right, isWhole } = await diffWords(a, b);
        const joined = (runs: typeof left, wanted: (isChanged: boolean) => boolean = () => true): string =>
          runs
            .filter(([, isChanged]) => wanted(isChanged))
            .map(([each]) => each)
            .join('');
        expect([joined(left), joined(right), isWhole]).toEqual([a, b, true]);
        expect(joined(left, (isChanged) => !isChanged)).toBe(joined(right, (isChanged) => !isChanged));
      }),
    );
  });
  it('says where it stopped comparing', async () => {
    const long = 'a '.repeat(MOST_PIECES);
    const { left, isWhole } = await diffWords(long, 'b');
    expect(isWhole).toBe(false);
    expect(left.map(([each]) => each).join('')).toBe(long);
  });
});
