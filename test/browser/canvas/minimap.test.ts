/** The map in the corner: drawn in its own time, and right at last. */
import { expect, it, vi } from 'vitest';
import { createTreeCanvas } from '../../../src/app/canvas/tree-canvas.ts';
import { drawn, drawTree, makeStage } from './stage.ts';

const tree = drawTree(`
  S:100 T1:100 M1:100 C1:100
  S:100 T2:100 M2:100 C2:100
`);

it('draws the map after the drawing, and at last as it would at once', async () => {
  const stage = makeStage(800, 240);
  const canvas = createTreeCanvas(stage.host, { onSelect: () => undefined, onHover: () => undefined, onFocus: () => undefined });
  const map = (): readonly number[] => {
    const found = stage.host.querySelector<HTMLCanvasElement>('canvas[data-part="minimap"]');
    const context = found?.getContext('2d');
    if (!found || !context) throw new Error('expected a minimap');
    return [...context.getImageData(0, 0, found.width, found.height).data];
  };
  const rank = Int32Array.from({ length: tree.length }, (_, n) => n);
  for (const view of ['icicle', 'tree'] as const) {
    canvas.setTree(tree);
    canvas.setView(view);
    canvas.fit();
    canvas.zoom(4);
    canvas.setRank(rank, 2);
    await drawn();
    const early = await vi.waitFor(() => {
      const seen = map();
      expect(new Set(seen).size).toBeGreaterThan(3);
      return seen;
    });
    // A drag: many cuts within the time of one map.
    for (const cut of [3, 4, 5, 6, 7]) {
      canvas.setRank(rank, cut);
      await drawn();
    }
    await vi.waitFor(() => expect(map()).not.toEqual(early));
    await new Promise((resolve) => setTimeout(resolve, 250));
    const late = map();
    canvas.invalidate();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(map()).toEqual(late);
  }
  canvas.dispose();
  stage.remove();
});
