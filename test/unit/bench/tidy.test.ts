/** The tidy tree: drawn positions, agreement with d3-hierarchy, and what makes a drawing tidy. */
import { hierarchy, tree as d3Tree } from 'd3-hierarchy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayoutTree } from '../../../src/core/layout/layout-tree.ts';
import { tidy } from '../../bench/reference/tidy.ts';
import { fromParents, randomTree, treeFromRows } from '../core/layout/trees.ts';

const shapes = fc.record({
  trajectories: fc.integer({ min: 1, max: 80 }),
  nodes: fc.constantFrom(3, 30, 300),
  chain: fc.constantFrom(0.1, 0.5, 0.9),
  ends: fc.constantFrom(0, 0.2),
  longest: fc.constant(3),
});

interface Row {
  readonly node: number;
  readonly children: Row[];
}

/** The same drawing by d3, the roots below one invisible parent. */
function byD3(tree: LayoutTree, siblings: number, cousins: number): number[] {
  const top: Row = { node: -1, children: [] };
  const rows: Row[] = [];
  for (let n = 0; n < tree.length; n++) {
    const row: Row = { node: n, children: [] };
    rows.push(row);
    (rows[tree.parent[n]] ?? top).children.push(row);
  }
  const across: number[] = Array.from({ length: tree.length }, () => 0);
  d3Tree<Row>()
    .nodeSize([1, 1])
    .separation((a, b) => (a.parent === b.parent ? siblings : cousins))(hierarchy(top))
    .each(({ data, x }) => {
      if (data.node >= 0) across[data.node] = x;
    });
  const low = across.reduce((least, x) => Math.min(least, x), Infinity);
  return across.map((x) => x - low);
}

describe('tidy', () => {
  it('centres parents over their children', () => {
    const tree = treeFromRows(`
      A B
      A C D
      A C E
    `);
    const { across, level, breadth, levels } = tidy(tree, { siblings: 1, cousins: 1 });
    expect(tree.names.map((name, n) => `${name} ${across[n]} level ${level[n]}`)).toEqual([
      'A 0.5 level 0',
      'B 0 level 1',
      'C 1 level 1',
      'D 0.5 level 2',
      'E 1.5 level 2',
    ]);
    expect({ breadth, levels }).toEqual({ breadth: 1.5, levels: 3 });
  });

  it('draws what d3 draws', () => {
    fc.assert(
      fc.property(fc.nat(), shapes, fc.constantFrom(1, 2), (seed, shape, cousins) => {
        const tree = randomTree(seed, shape);
        const { across } = tidy(tree, { siblings: 1, cousins });
        const expected = byD3(tree, 1, cousins);
        for (let n = 0; n < tree.length; n++) expect(across[n]).toBeCloseTo(expected[n], 6);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps neighbours on a level apart and in order, and parents in the middle', () => {
    fc.assert(
      fc.property(fc.nat(), shapes, (seed, shape) => {
        const tree = randomTree(seed, shape);
        const { across, level } = tidy(tree);
        const rightmost = new Map<number, { node: number; across: number }>();
        for (let n = 0; n < tree.length; n++) {
          const left = rightmost.get(level[n]);
          if (left) expect(across[n] - left.across).toBeGreaterThan((tree.parent[n] === tree.parent[left.node] ? 1 : 2) - 1e-9);
          rightmost.set(level[n], { node: n, across: across[n] });
          if (tree.subtreeEnd[n] === n + 1) continue;
          let last = n + 1;
          while (tree.subtreeEnd[last] < tree.subtreeEnd[n]) last = tree.subtreeEnd[last];
          expect(across[n]).toBeCloseTo((across[n + 1] + across[last]) / 2, 6);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('lays out a path of 200,000 nodes', () => {
    const length = 200_000;
    const path = fromParents(
      Int32Array.from({ length }, (_, n) => n - 1),
      new Int32Array(length).fill(1),
      new Int32Array(length).fill(1),
      1,
    );
    expect(tidy(path)).toMatchObject({ breadth: 0, levels: length });
  });

  it('lays out an empty tree', () => {
    expect(tidy({ ...treeFromRows('A'), length: 0 })).toMatchObject({ breadth: 0, levels: 0 });
  });
});
