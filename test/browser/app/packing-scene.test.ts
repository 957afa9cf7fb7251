/** The picture of a packing: every run is found where it is drawn, and drawn in the colour of its kind. */
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { RUN_KINDS } from '../../../src/core/prefix/packing.ts';
import type { PackingPicture } from '../../../src/engine/answers/prefix-cost.ts';
import { makeLayer, sizeLayer } from '../../../src/app/canvas/layer.ts';
import { blockOfRun, drawPacking, PACKING, packingPaint, packingView, runAtPoint, runSpan } from '../../../src/app/canvas/packing-scene.ts';
import { readTheme } from '../../../src/app/canvas/theme.ts';

const ROOM = 100;

function pictureOf(blocks: readonly (readonly (readonly [tokens: number, kind: number])[])[]): PackingPicture {
  const runs = blocks.flat();
  const start = [0];
  for (const block of blocks) start.push((start.at(-1) ?? 0) + block.length);
  return {
    tokens: 0,
    repeated: 0,
    blocks: blocks.length,
    fewest: 0,
    padding: 0,
    err: 0,
    start: Int32Array.from(start),
    runTokens: Int32Array.from(runs, ([tokens]) => tokens),
    runKind: Uint8Array.from(runs, ([, kind]) => kind),
    runTask: new Int32Array(runs.length),
    runDepth: new Int32Array(runs.length),
    runRecords: new Int32Array(runs.length),
  };
}

afterEach(() => document.body.replaceChildren());

it('finds every run where it lies, and none beside them', () => {
  const block = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.integer({ min: 200, max: 900 }), (blocks, width) => {
      const view = packingView(pictureOf(blocks), ROOM, width);
      let run = 0;
      for (const [at, runs] of blocks.entries()) {
        let right: number = PACKING.gutter;
        for (const _ of runs) {
          const { from, to } = runSpan(view, run);
          expect(from).toBeCloseTo(right, 6);
          expect(blockOfRun(view, run)).toBe(at);
          expect(runAtPoint(view, (from + to) / 2, (at + 0.5) * PACKING.row)).toBe(run);
          right = to;
          run++;
        }
        if (right < width - PACKING.right - 1) expect(runAtPoint(view, right + 0.5, (at + 0.5) * PACKING.row)).toBeNull();
        expect(runAtPoint(view, PACKING.gutter - 1, (at + 0.5) * PACKING.row)).toBeNull();
      }
      expect(runAtPoint(view, PACKING.gutter + 1, blocks.length * PACKING.row + 1)).toBeNull();
    }),
  );
});

it('draws what is in view, each kind in a fill of its own, and a frame around the run that is looked at', () => {
  const host = document.createElement('div');
  host.style.cssText =
    'position:relative;width:460px;height:40px;--leaf:#1f6f43;--k-text:#4f8fc9;--card:#fff;--cut:#b4532a;--ink:#000;--paper:#faf9f5';
  document.body.append(host);
  const layer = makeLayer(host, 'packing');
  sizeLayer(layer, 460, 40, 1);
  const blocks = [[[50, 0] as const], [[25, 0] as const, [25, 1] as const, [25, 2] as const], [[100, 1] as const]];
  const view = packingView(pictureOf(blocks), ROOM, 460);
  const theme = readTheme(host);
  const paint = packingPaint(layer.context, theme, '#fdf5f0', 1);
  // The first block is above what is seen.
  drawPacking(layer, view, paint, 40, PACKING.row, null);
  /** Mean colour of the middle of a run of block `row` of what is seen. */
  const seen = (run: number, row: number): string => {
    const { from, to } = runSpan(view, run);
    const { data } = layer.context.getImageData(from + 4, row * PACKING.row + 5, to - from - 8, 10);
    const sums = [0, 0, 0].map((_, c) => data.reduce((sum, value, i) => sum + (i % 4 === c ? value : 0), 0));
    return sums.map((sum) => Math.round(sum / (data.length / 4))).join(' ');
  };
  const fills = [1, 2, 3].map((run) => seen(run, 0));
  expect(new Set(fills).size).toBe(RUN_KINDS.length);
  expect(fills[0]).toBe('31 111 67');
  expect(seen(4, 1)).toBe(fills[1]);
  /** How opaque the place above the middle of a run is, where its frame would lie. */
  const edge = (): number => layer.context.getImageData(runSpan(view, 2).from + 20, 1, 1, 1).data[3] ?? 0;
  expect(edge()).toBe(0);
  drawPacking(layer, view, paint, 40, PACKING.row, 2);
  expect(edge()).toBe(255);
});
