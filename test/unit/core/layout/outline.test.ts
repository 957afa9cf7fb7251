/** The collapsed tree: runs, stubs that account for every hidden node, and an arrangement without overlap. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outline } from '../../../../src/core/layout/outline.ts';
import type { Outline } from '../../../../src/core/layout/outline.ts';
import { randomTree, treeFromRows } from './trees.ts';

const tree = treeFromRows(`
  A:10 B:5 C:5 D:1
  A:10 B:5 C:5 E:2 F:3
  A:10 B:5 C:5 E:2 F:3
  A:10 G:7
`);

function lines({ items }: Outline): string[] {
  return items.map((item) => {
    const what =
      item.hiddenNodes > 0
        ? `+${item.hiddenNodes} nodes in ${item.hiddenRuns} runs`
        : `${tree.names.slice(item.first, item.end).join('')} ${item.tokens} tok`;
    return `${'  '.repeat(item.level)}${what} reach ${item.reachCount} row ${item.across}`;
  });
}

describe('outline', () => {
  it('makes one item of a run without forks', () => {
    expect(lines(outline(tree))).toEqual([
      'A 10 tok reach 4 row 1',
      '  BC 10 tok reach 3 row 0.5',
      '    D 1 tok reach 1 row 0',
      '    EF 5 tok reach 2 row 1',
      '  G 7 tok reach 1 row 1.5',
    ]);
  });

  it('shows one subtree', () => {
    expect(lines(outline(tree, 1))).toEqual(['BC 10 tok reach 3 row 0.5', '  D 1 tok reach 1 row 0', '  EF 5 tok reach 2 row 1']);
  });

  it('keeps the runs with most reach and says what the others were', () => {
    expect(lines(outline(tree, null, 3)).map((line) => line.replace(/ row .*/, ''))).toEqual([
      'A 10 tok reach 4',
      '  BC 10 tok reach 3',
      '    +1 nodes in 1 runs reach 1',
      '    EF 5 tok reach 2',
      '  +1 nodes in 1 runs reach 1',
    ]);
  });

  it('accounts for every node once, shown or hidden, and every reach of a stub', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (seed, trajectories, limit) => {
        const random = randomTree(seed, { trajectories, nodes: 300, chain: 0.5, ends: 0.1, longest: 5 });
        const { items, hiddenNodes } = outline(random, null, limit);
        let nodes = 0;
        for (const item of items) nodes += item.hiddenNodes > 0 ? item.hiddenNodes : item.end - item.first;
        expect(nodes).toBe(random.length);
        expect(items.filter((item) => item.hiddenNodes === 0).length).toBeLessThanOrEqual(limit);
        expect(hiddenNodes).toBe(items.reduce((sum, item) => sum + item.hiddenNodes, 0));
        // A stub names exactly the nodes that it stands for.
        const named = new Uint8Array(random.length);
        for (const { hidden } of items)
          for (let i = 0; i < hidden.length; i += 2) for (let n = hidden[i]!; n < hidden[i + 1]!; n++) named[n]!++;
        for (const item of items) {
          let own = 0;
          for (let i = 0; i < item.hidden.length; i += 2) own += item.hidden[i + 1]! - item.hidden[i]!;
          expect(own).toBe(item.hiddenNodes);
          if (item.hiddenNodes === 0) named.fill(1, item.first, item.end);
        }
        expect(named.every((times) => times === 1)).toBe(true);
        const below = items.map(() => 0);
        for (const item of items) if (item.parent >= 0) below[item.parent] += item.reachCount;
        for (const [i, item] of items.entries()) expect(below[i]).toBeLessThanOrEqual(item.reachCount);
      }),
      { numRuns: 60 },
    );
  });

  it('never lets two items of a level come closer than a row', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { items } = outline(randomTree(seed, { trajectories: 40, nodes: 400, chain: 0.4, ends: 0.1, longest: 5 }));
        const last = new Map<number, number>();
        for (const { level, across } of items) {
          expect(across - (last.get(level) ?? -1)).toBeGreaterThan(1 - 1e-9);
          last.set(level, across);
        }
      }),
      { numRuns: 40 },
    );
  });
});
