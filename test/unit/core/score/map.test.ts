import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapNode, mapTreeInSteps } from '../../../../src/core/score/map.ts';
import { planScores } from '../../../../src/core/score/plan.ts';
import type { TokenTree } from '../../../../src/core/score/token-tree.ts';
import type { Tokenizer } from '../../../../src/core/tokens/tokenizer.ts';
import { allSteps } from '../../../helpers/allSteps.ts';
import { replay, slowScores } from './replay.ts';

const encoder = new TextEncoder();

/** Byte tokens 0..255, then the given words; longest match first. */
function wordTokenizer(name: string, words: readonly string[]): Tokenizer {
  const spelled = words.map((word) => encoder.encode(word));
  return {
    name,
    encode(text) {
      const bytes = encoder.encode(text);
      const ids: number[] = [];
      for (let at = 0; at < bytes.length;) {
        let best = -1;
        spelled.forEach((word, w) => {
          if (word.every((byte, i) => bytes[at + i] === byte) && (best < 0 || word.length > spelled[best].length)) best = w;
        });
        ids.push(best < 0 ? bytes[at] : 256 + best);
        at += best < 0 ? 1 : spelled[best].length;
      }
      return ids;
    },
    bytes: (id) => (id < 256 ? Uint8Array.of(id) : (spelled[id - 256] ?? null)),
  };
}

const TREE_TOKENIZER = wordTokenizer('tree', ['ab', 'abc', 'é', 'cé', '  ']);
const SCORER = wordTokenizer('scorer', ['bc', 'ca', 'a ', 'éa', 'abcabc', '€']);

/** Nodes with random ids of the tree's tokenizer: parents before children, as the forest has them. */
const trees: fc.Arbitrary<TokenTree> = fc
  .array(
    fc.tuple(
      fc.nat(),
      fc.array(fc.oneof(fc.integer({ min: 256, max: 260 }), fc.constantFrom(97, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 999)), { maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((drawn) => {
    const length = drawn.length;
    const parent = new Int32Array(length).fill(-1);
    const depth = new Int32Array(length);
    const subtreeEnd = new Int32Array(length);
    const edgeStart = new Int32Array(length + 1);
    drawn.forEach(([pick, tokens], n) => {
      edgeStart[n + 1] = edgeStart[n] + tokens.length;
      if (n === 0) return;
      // Any node on the rightmost path keeps pre-order.
      const path = [n - 1];
      while (parent[path.at(-1)!] >= 0) path.push(parent[path.at(-1)!]);
      parent[n] = path[pick % path.length];
      depth[n] = depth[parent[n]] + edgeStart[parent[n] + 1] - edgeStart[parent[n]];
    });
    for (let n = length - 1; n >= 0; n--) {
      subtreeEnd[n] = Math.max(subtreeEnd[n], n + 1);
      if (parent[n] >= 0) subtreeEnd[parent[n]] = Math.max(subtreeEnd[parent[n]], subtreeEnd[n]);
    }
    return {
      length,
      parent,
      subtreeEnd,
      depth,
      edgeStart,
      edgeTokens: Int32Array.from(drawn.flatMap(([, tokens]) => tokens)),
      treeStart: Int32Array.of(0, length),
    };
  });

function bytesOf(tokenizer: Tokenizer, ids: Iterable<number>): number[] {
  return [...ids].flatMap((id) => [...(tokenizer.bytes(id) ?? [])]);
}

/** Roots of one task, each with these bytes as tokens. */
function rootsOf(...runs: number[][]): TokenTree {
  const edgeStart = Int32Array.from([0, ...runs.map((_, n) => runs.slice(0, n + 1).flat().length)]);
  return {
    length: runs.length,
    parent: new Int32Array(runs.length).fill(-1),
    subtreeEnd: Int32Array.from(runs, (_, n) => n + 1),
    depth: new Int32Array(runs.length),
    edgeStart,
    edgeTokens: Int32Array.from(runs.flat()),
    treeStart: Int32Array.of(0, runs.length),
  };
}

const mapWhole = (...given: Parameters<typeof mapTreeInSteps>) => allSteps(mapTreeInSteps(...given));

describe('mapTreeInSteps', () => {
  it('tells bytes apart that all read as the same unreadable text', () => {
    const runs = [
      [0xe2, 0xc3, 0xa9],
      [0xc3, 0xc3, 0xa9],
      [0xf0, 0x9f, 0x98, 0x61],
    ];
    const tree = rootsOf(...runs);
    const mapped = mapWhole(tree, new Uint8Array(tree.edgeTokens.length).fill(1), TREE_TOKENIZER, SCORER);
    expect(runs.map((_, n) => bytesOf(SCORER, mapped.edgeTokens.subarray(mapped.edgeStart[n], mapped.edgeStart[n + 1])))).toEqual(runs);
    expect(mapped.inexact).toBe(0);
  });

  it('spells every needed node with the same bytes, character boundaries cut or not', () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.boolean()), (tree, coins) => {
        const wanted = Uint8Array.from(tree.edgeTokens, () => (coins.next().value === true ? 1 : 0));
        const mapped = mapWhole(tree, wanted, TREE_TOKENIZER, SCORER);
        expect(mapped.unknown + tree.edgeTokens.filter((id) => id !== 999).length).toBeLessThanOrEqual(tree.edgeTokens.length);
        for (let n = 0; n < tree.length; n++) {
          const own = tree.edgeTokens.subarray(tree.edgeStart[n], tree.edgeStart[n + 1]);
          const spelled = mapped.edgeTokens.subarray(mapped.edgeStart[n], mapped.edgeStart[n + 1]);
          if (spelled.length > 0) expect(bytesOf(SCORER, spelled)).toEqual(bytesOf(TREE_TOKENIZER, own));
          if (wanted.subarray(tree.edgeStart[n], tree.edgeStart[n + 1]).includes(1))
            expect(bytesOf(SCORER, spelled)).toEqual(bytesOf(TREE_TOKENIZER, own));
          if (tree.parent[n] >= 0)
            expect(mapped.depth[n]).toBe(
              mapped.depth[tree.parent[n]] + mapped.edgeStart[tree.parent[n] + 1] - mapped.edgeStart[tree.parent[n]],
            );
        }
        expect(mapped.inexact).toBe(0);
      }),
    );
  });

  it('shares out mass with its sum', () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.double({ min: 0, max: 5, noNaN: true })), (tree, draws) => {
        const wanted = new Uint8Array(tree.edgeTokens.length).fill(1);
        const mapped = mapWhole(tree, wanted, TREE_TOKENIZER, SCORER);
        const values = Float32Array.from(mapped.edgeTokens, () => draws.next().value as number);
        for (let n = 0; n < tree.length; n++) {
          const shared = mapNode(mapped, tree, n, values);
          expect(shared.length).toBe(tree.edgeStart[n + 1] - tree.edgeStart[n]);
          let sum = 0;
          for (let i = mapped.edgeStart[n]; i < mapped.edgeStart[n + 1]; i++) sum += values[i];
          expect(shared.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0)).toBeCloseTo(sum, 6);
        }
      }),
    );
  });

  it('gives a tree that can be planned, nodes without text included', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 3, max: 9 }), fc.integer({ min: 1, max: 5 }), fc.boolean(), (tree, context, chunk, start) => {
        const mapped = mapWhole(tree, new Uint8Array(tree.edgeTokens.length).fill(1), TREE_TOKENIZER, SCORER);
        const plan = planScores(mapped, mapped.wanted, {
          context,
          overlap: 2,
          chunk,
          batch: 2,
          cacheTokens: 1000,
          start: start ? 0 : null,
        });
        const seen = replay(plan);
        const slow = slowScores(mapped, mapped.wanted, context, plan.limits.overlap, start);
        expect(new Map([...seen.contexts].sort((a, b) => a[0] - b[0]))).toEqual(slow.contexts);
        expect(plan.forwarded).toBe(slow.forwarded.size);
      }),
      { numRuns: 300 },
    );
  });

  it('tokenises a node by itself: no scorer token reaches over a fork', () => {
    // "abc" then "abc": the scorer has a token for "abcabc", which the fork between them forbids.
    const tree: TokenTree = {
      length: 3,
      parent: Int32Array.of(-1, 0, 0),
      subtreeEnd: Int32Array.of(3, 2, 3),
      treeStart: Int32Array.of(0, 3),
      depth: Int32Array.of(0, 1, 1),
      edgeStart: Int32Array.of(0, 1, 2, 3),
      edgeTokens: Int32Array.of(257, 257, 97),
    };
    const mapped = mapWhole(tree, Uint8Array.of(0, 1, 0), TREE_TOKENIZER, SCORER);
    const texts = Array.from({ length: 3 }, (_, n) =>
      [...mapped.edgeTokens.subarray(mapped.edgeStart[n], mapped.edgeStart[n + 1])].map((id) => String.fromCharCode(...SCORER.bytes(id)!)),
    );
    expect(texts).toEqual([['a', 'bc'], ['a', 'bc'], []]);
    expect([...mapNode(mapped, tree, 1, Float32Array.of(0, 0, 1, 2))]).toEqual([3]);
  });
});
