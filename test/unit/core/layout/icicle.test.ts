/** Where nodes stand: exact rectangles for drawn trees, tiling for random ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { icicle } from '../../../../src/core/layout/icicle.ts';
import type { Layout } from '../../../../src/core/layout/layout-tree.ts';
import { randomTree, treeFromRows } from './trees.ts';

function rectangles(tree: ReturnType<typeof treeFromRows>, layout: Layout): string[] {
  return tree.names.map((name, n) => `${name} x ${layout.x0[n]}..${layout.x1[n]} y ${layout.y0[n]}..${layout.y1[n]}`);
}

describe('icicle', () => {
  const tree = treeFromRows(`
    A:5 B:2
    A:5 C:3 D:4
    A:5 C:3 E:9
    A:5
  `);

  it('gives every node its tokens across and its trajectories down, in row order', () => {
    expect(rectangles(tree, icicle(tree))).toEqual([
      'A x 0..5 y 0..4',
      'B x 5..7 y 0..1',
      'C x 5..8 y 1..3',
      'D x 8..12 y 1..2',
      'E x 8..17 y 2..3',
    ]);
  });

  it('puts the heaviest sibling first in left-heavy order', () => {
    expect(rectangles(tree, icicle(tree, 'left-heavy'))).toEqual([
      'A x 0..5 y 0..4',
      'B x 5..7 y 2..3',
      'C x 5..8 y 0..2',
      'D x 8..12 y 1..2',
      'E x 8..17 y 0..1',
    ]);
  });

  it('measures the longest trajectory and the number of trajectories', () => {
    expect(icicle(tree)).toMatchObject({ width: 17, height: 4 });
  });

  it('lays out an empty tree', () => {
    expect(icicle({ ...treeFromRows('A'), length: 0, trajectories: 0 })).toMatchObject({ width: 0, height: 0 });
  });

  it('tiles children inside their parent, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('arrival' as const, 'left-heavy' as const),
        (seed, trajectories, order) => {
          const tree = randomTree(seed, { trajectories, nodes: 200, chain: 0.5, ends: 0.1, longest: 30 });
          const layout = icicle(tree, order);
          const covered = new Int32Array(tree.length);
          for (let n = 0; n < tree.length; n++) {
            expect(layout.y1[n] - layout.y0[n]).toBe(tree.reachCount[n]);
            const above = tree.parent[n];
            if (above < 0) continue;
            expect(layout.x0[n]).toBe(layout.x1[above]);
            expect(layout.y0[n]).toBeGreaterThanOrEqual(layout.y0[above]);
            covered[above] += tree.reachCount[n];
            expect(layout.y1[n]).toBeLessThanOrEqual(layout.y1[above]);
            for (let sibling = tree.subtreeEnd[n]; sibling < tree.subtreeEnd[above]; sibling = tree.subtreeEnd[sibling]) {
              expect(layout.y1[n] <= layout.y0[sibling] || layout.y1[sibling] <= layout.y0[n]).toBe(true);
            }
          }
          // Disjoint, inside, and packed to the top: the lowest child ends where the sum of reaches does.
          for (let n = 0; n < tree.length; n++) {
            if (tree.parent[n] >= 0) expect(layout.y1[n] - layout.y0[tree.parent[n]]).toBeLessThanOrEqual(covered[tree.parent[n]]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
