/** Culling and hit test against a scan of all nodes, and how many nodes a frame looks at in a tree of a million. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { icicle } from '../../../../src/core/layout/icicle.ts';
import type { Layout, LayoutTree, Viewport } from '../../../../src/core/layout/layout-tree.ts';
import { hitTest, makeSpine, rowEnd } from '../../../../src/core/layout/spine.ts';
import { makeBoxes, visible } from '../../../../src/core/layout/visible.ts';
import type { Boxes } from '../../../../src/core/layout/visible.ts';
import { fromParents, randomFrom, randomTree, scanForHit, treeFromRows } from './trees.ts';

/** Pixel -> node, from boxes; throws where two boxes cover one pixel. */
function paint(boxes: Boxes, view: Viewport): Int32Array {
  const pixels = new Int32Array(view.columns * view.rows).fill(-1);
  for (let box = 0; box < boxes.count; box++) {
    for (let row = boxes.row0[box]; row < boxes.row1[box]; row++) {
      for (let column = boxes.column0[box]; column < boxes.column1[box]; column++) {
        if (pixels[row * view.columns + column] !== -1) throw new Error(`pixel ${column},${row} is covered twice`);
        pixels[row * view.columns + column] = boxes.node[box];
      }
    }
  }
  return pixels;
}

function scanPixels(layout: Layout, view: Viewport): Int32Array {
  const pixels = new Int32Array(view.columns * view.rows);
  for (let row = 0; row < view.rows; row++) {
    const y = view.top + ((row + 0.5) * (view.bottom - view.top)) / view.rows;
    for (let column = 0; column < view.columns; column++) {
      const x = view.left + ((column + 0.5) * (view.right - view.left)) / view.columns;
      pixels[row * view.columns + column] = scanForHit(layout, x, y);
    }
  }
  return pixels;
}

const shapes = fc.record({
  trajectories: fc.integer({ min: 1, max: 120 }),
  nodes: fc.constantFrom(5, 60, 400),
  chain: fc.constantFrom(0.1, 0.6, 0.95),
  ends: fc.constantFrom(0, 0.15),
  longest: fc.constantFrom(1, 8, 200),
});
/** Edges at odd fractions, so that no pixel centre falls on an edge of a node, where rounding could decide. */
const windows = fc.record({
  left: fc.double({ min: -0.2, max: 0.9, noNaN: true }),
  top: fc.double({ min: -0.2, max: 0.9, noNaN: true }),
  zoom: fc.constantFrom(1, 1.7, 6, 40),
});

function windowOn(layout: Layout, at: { left: number; top: number; zoom: number }): Viewport {
  const left = at.left * layout.width + 0.0137;
  const top = at.top * layout.height + 0.00713;
  return {
    left,
    right: left + (layout.width * 1.0313) / at.zoom,
    top,
    bottom: top + (layout.height * 1.0171) / at.zoom,
    columns: 47,
    rows: 29,
  };
}

describe('visible', () => {
  it('shows at every pixel the node that a scan of all nodes finds at its centre', () => {
    fc.assert(
      fc.property(fc.nat(), shapes, windows, fc.constantFrom('arrival' as const, 'left-heavy' as const), (seed, shape, at, order) => {
        const tree = randomTree(seed, shape);
        const layout = icicle(tree, order);
        const view = windowOn(layout, at);
        const boxes = visible(makeSpine(tree, layout), view, makeBoxes(1), 1, Infinity);
        expect(boxes.grain).toBe(1);
        expect(paint(boxes, view)).toEqual(scanPixels(layout, view));
      }),
      { numRuns: 150 },
    );
  });

  it('links each box to the one on its left', () => {
    const tree = treeFromRows(`
      A:10 B:10
      A:10 C:10 D:10
    `);
    const layout = icicle(tree);
    const boxes = visible(makeSpine(tree, layout), { left: 0, right: 30, top: 0, bottom: 2, columns: 300, rows: 20 }, makeBoxes());
    const text = Array.from(
      { length: boxes.count },
      (_, box) =>
        `${tree.names[boxes.node[box]]} from ${boxes.from[box] < 0 ? '-' : tree.names[boxes.node[boxes.from[box]]]} ` +
        `x ${boxes.column0[box]}..${boxes.column1[box]} y ${boxes.row0[box]}..${boxes.row1[box]}`,
    );
    expect(text.sort()).toEqual([
      'A from - x 0..100 y 0..20',
      'B from A x 100..200 y 0..10',
      'C from A x 100..200 y 10..20',
      'D from C x 200..300 y 10..20',
    ]);
  });

  it('looks once at a node that makes a box right behind the one before', () => {
    const tree = treeFromRows('A:10 B:10 C:10 D:10');
    const window = { left: 0, right: 40, top: 0, bottom: 1, columns: 400, rows: 20 };
    const { count, visited, probed } = visible(makeSpine(tree, icicle(tree)), window, makeBoxes());
    expect({ count, visited, probed }).toEqual({ count: 4, visited: 4, probed: 0 });
  });

  it('merges short runs when there are too many, without gaps and without reaching past a leaf', () => {
    let shown = 0;
    let merging = 0;
    fc.assert(
      fc.property(fc.nat(), windows, (seed, at) => {
        const tree = randomTree(seed, { trajectories: 200, nodes: 3_000, chain: 0.9, ends: 0.02, longest: 20 });
        const layout = icicle(tree);
        const view = windowOn(layout, at);
        const spine = makeSpine(tree, layout);
        const exact = paint(visible(spine, view, makeBoxes(), 1, Infinity), view);
        const merged = visible(spine, view, makeBoxes(), 5, Infinity);
        const pixels = paint(merged, view);
        for (let pixel = 0; pixel < pixels.length; pixel++) {
          // A merged box may end up to a grain before a node with trajectories that end in it, never after.
          if (pixels[pixel] === -1) continue;
          shown++;
          if (pixels[pixel] !== exact[pixel]) merging++;
          expect(exact[pixel]).not.toBe(-1);
        }
        for (let box = 0; box < merged.count; box++) {
          const node = merged.node[box];
          const leaf = tree.subtreeEnd[node] === node + 1;
          if (!leaf) expect(merged.column1[box] - merged.column0[box]).toBeGreaterThanOrEqual(5);
        }
      }),
      { numRuns: 40 },
    );
    expect(shown).toBeGreaterThan(4000);
    expect(merging).toBeGreaterThan(100);
  });
});

describe('hitTest', () => {
  it('finds the node that a scan of all nodes finds', () => {
    fc.assert(
      fc.property(fc.nat(), shapes, fc.constantFrom('arrival' as const, 'left-heavy' as const), (seed, shape, order) => {
        const tree = randomTree(seed, shape);
        const layout = icicle(tree, order);
        const spine = makeSpine(tree, layout);
        const random = randomFrom(seed + 1);
        for (let i = 0; i < 40; i++) {
          const x = (random() * 1.1 - 0.05) * layout.width;
          const y = (random() * 1.1 - 0.05) * layout.height;
          expect(hitTest(spine, x, y)).toBe(scanForHit(layout, x, y));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('rowEnd', () => {
  it('finds the deepest node whose band holds the row, and each trajectory once', () => {
    fc.assert(
      fc.property(fc.nat(), shapes, fc.constantFrom('arrival' as const, 'left-heavy' as const), (seed, shape, order) => {
        const tree = randomTree(seed, shape);
        const layout = icicle(tree, order);
        const spine = makeSpine(tree, layout);
        const seen = new Set<string>();
        for (let row = 0; row < layout.height; row++) {
          // Rows are in pre-order, so the last that holds it is the deepest.
          let deepest = -1;
          for (let n = 0; n < tree.length; n++) if (layout.y0[n] <= row && row < layout.y1[n]) deepest = n;
          const end = rowEnd(spine, row);
          expect(end?.node ?? -1).toBe(deepest);
          if (end === null) continue;
          let goOn = 0;
          for (let n = 0; n < tree.length; n++) if (tree.parent[n] === end.node) goOn += tree.reachCount[n];
          expect(end.nth).toBeGreaterThanOrEqual(0);
          expect(end.nth).toBeLessThan(tree.reachCount[end.node] - goOn);
          seen.add(`${end.node}.${end.nth}`);
        }
        let roots = 0;
        for (let n = 0; n < tree.length; n = tree.subtreeEnd[n]) roots += tree.reachCount[n];
        expect(seen.size).toBe(roots);
        expect(rowEnd(spine, -1)).toBeNull();
        expect(rowEnd(spine, layout.height)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a million nodes', () => {
  const million = 1_000_000;
  const trees: Record<string, () => LayoutTree> = {
    mixed: () => randomTree(3, { trajectories: 400_000, nodes: million, chain: 0.5, ends: 0.05, longest: 300 }),
    'deep chains': () => {
      const parent = new Int32Array(million);
      for (let n = 0; n < million; n++) parent[n] = n % 1_000 === 0 ? (n === 0 ? -1 : 0) : n - 1;
      const reach = new Int32Array(million).fill(1);
      reach[0] = 1_000;
      return fromParents(parent, new Int32Array(million).fill(40), reach, 1_000);
    },
    'one path with a leaf at every node': () => {
      const parent = new Int32Array(million);
      const reach = new Int32Array(million).fill(1);
      for (let n = 0; n < million; n++) {
        parent[n] = n === 0 ? -1 : n % 2 === 1 ? n - 1 : n - 2;
        if (n % 2 === 0) reach[n] = (million - n) / 2;
      }
      return fromParents(parent, new Int32Array(million).fill(3), reach, million / 2);
    },
    'a hub with every other node below it': () => {
      const reach = new Int32Array(million).fill(1);
      reach[0] = million - 1;
      const parent = new Int32Array(million);
      parent[0] = -1;
      return fromParents(parent, new Int32Array(million).fill(9), reach, million - 1);
    },
  };
  for (const [name, make] of Object.entries(trees)) {
    it(`looks at fewer than 20,000 nodes a frame: ${name}`, () => {
      const tree = make();
      const layout = icicle(tree);
      const spine = makeSpine(tree, layout);
      const boxes = makeBoxes();
      const random = randomFrom(5);
      for (const zoom of [1, 4, 64, 1024]) {
        for (let i = 0; i < (zoom === 1 ? 1 : 10); i++) {
          const left = random() * layout.width * (1 - 1 / zoom);
          const top = random() * layout.height * (1 - 1 / zoom);
          visible(
            spine,
            { left, right: left + layout.width / zoom, top, bottom: top + layout.height / zoom, columns: 1600, rows: 1000 },
            boxes,
          );
          expect(boxes.visited + boxes.probed).toBeLessThan(20_000);
          expect(boxes.count).toBeLessThanOrEqual(boxes.visited);
          if (zoom === 1) expect(boxes.count).toBeGreaterThan(500);
        }
      }
    });
  }
});
