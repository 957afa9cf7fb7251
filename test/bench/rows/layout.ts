/** Placing and culling a million nodes: against d3-hierarchy, and against looking at every node in every frame. */
import { icicle } from '../../../src/core/layout/icicle.ts';
import type { LayoutTree, Viewport } from '../../../src/core/layout/layout-tree.ts';
import { makeSpine } from '../../../src/core/layout/spine.ts';
import { tidy } from '../reference/tidy.ts';
import { FRAME_LIMIT, makeBoxes, visible } from '../../../src/core/layout/visible.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { forestOf, rolloutTree, type TreeShape } from '../data/forests.ts';
import { partitionWithD3, plainTree, tidyWithD3 } from '../reference/d3-layouts.ts';
import { expectEqual, faster, inTurn, timed, type Row, type Scale } from './row.ts';

const ZOOMS = [1, 8, 64, 512, 4096] as const;
const PIXELS = { columns: 1600, rows: 1000 };
/** Where the overview map begins to merge. */
const SMALL_LIMIT = 9_000;

export function layoutRows(scale: Scale): Row[] {
  const nodes = scale.quick ? 20_000 : 1_000_000;
  scale.say(`laying out ${nodes} nodes`);
  const mixed = layoutTree(rolloutTree(nodes, nodes, [16, 64], 32, 7));
  const plain = plainTree(mixed);
  // Compiling takes longer than placing does: more runs than elsewhere.
  const boxes = inTurn(
    2 * scale.runs,
    () => icicle(mixed),
    () => partitionWithD3(plain),
  );
  expectEqual('rows of the icicle', boxes.oursResult.height, boxes.referenceResult.value ?? 0);
  const points = inTurn(
    2 * scale.runs,
    () => tidy(mixed),
    () => tidyWithD3(plain, nodes),
  );
  const shift = points.referenceResult[0] - points.oursResult.across[0];
  let apart = 0;
  for (let n = 0; n < nodes; n++) apart = Math.max(apart, Math.abs(points.oursResult.across[n] + shift - points.referenceResult[n]));
  if (!(apart < 0.05)) throw new Error(`the tidy layouts differ by ${apart} rows`);
  return [
    faster(`layout of ${nodes} nodes: icicle vs d3 hierarchy + sum + partition`, boxes, '>= 50', 'd3 from nested objects made beforehand'),
    faster(
      `layout of ${nodes} nodes: tidy vs d3 hierarchy + tree`,
      points,
      '>= 20',
      `largest difference ${apart.toExponential(1)} of the distance between siblings`,
    ),
    cullingRow('rollouts that fork', mixed, scale),
    cullingRow('wide: all fork near the root', layoutTree(rolloutTree(nodes, nodes, [2, 4], 32, 8)), scale),
    cullingRow('deep chains', layoutTree(rolloutTree(nodes, nodes, [nodes / 200, nodes / 100], 4, 9)), scale),
  ];
}

function layoutTree(shape: TreeShape): LayoutTree {
  const { length, parent, subtreeEnd, depth, reachCount, trajectories } = forestOf(shape);
  return { length, trajectories: trajectories.length, parent, subtreeEnd, depth, tokens: shape.tokens, reachCount };
}

/** The worst frame of random views at every zoom. */
function cullingRow(name: string, tree: LayoutTree, scale: Scale): Row {
  const spine = makeSpine(tree, icicle(tree, 'left-heavy'));
  const { width, height } = spine.layout;
  const boxes = makeBoxes();
  const worstOf = (limit: number): { readonly looked: number; readonly ms: number; readonly drawn: number } => {
    const random = makeRandom(11);
    const worst = { looked: 0, ms: 0, drawn: 0 };
    for (const zoom of ZOOMS) {
      for (let view = 0; view < (scale.quick ? 4 : 40); view++) {
        const left = random() * (width - width / zoom);
        const top = random() * (height - height / zoom);
        const viewport: Viewport = { ...PIXELS, left, right: left + width / zoom, top, bottom: top + height / zoom };
        const begun = performance.now();
        visible(spine, viewport, boxes, 1, limit);
        worst.ms = Math.max(worst.ms, performance.now() - begun);
        worst.looked = Math.max(worst.looked, boxes.visited + boxes.probed);
        worst.drawn = Math.max(worst.drawn, boxes.count);
      }
    }
    return worst;
  };
  const small = worstOf(SMALL_LIMIT);
  const page = worstOf(FRAME_LIMIT);
  const scan = timed(() => everyNode(spine.layout, width, height));
  return {
    name: `culling, ${name}: nodes looked at in the worst frame vs all`,
    value: page.looked,
    unit: 'nodes',
    reference: tree.length,
    ratio: tree.length / page.looked,
    goal: '< 20,000 nodes',
    note:
      `${PIXELS.columns} x ${PIXELS.rows} pixels, zoom 1 to ${ZOOMS[ZOOMS.length - 1]}, short runs merged beyond ` +
      `${FRAME_LIMIT} nodes: ${page.drawn} boxes at most, slowest frame ${page.ms.toFixed(1)} ms; beyond ` +
      `${SMALL_LIMIT}, as the overview map has it: ${small.looked} nodes, ${small.drawn} ` +
      `boxes, ${small.ms.toFixed(1)} ms; deciding on every node takes ${scan.ms.toFixed(1)} ms`,
  };
}

/** What a frame without culling has to do at least: each node's rectangle against the window. */
function everyNode({ length, x0, x1, y0, y1 }: ReturnType<typeof icicle>, right: number, bottom: number): number {
  let inside = 0;
  for (let n = 0; n < length; n++) if (x1[n] > 0 && x0[n] < right && y1[n] > 0 && y0[n] < bottom) inside++;
  return inside;
}
