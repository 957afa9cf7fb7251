/** Rows of trajectories on a real canvas, which are read at a click, and the filter's hits in the tidy tree. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { outline } from '../../../src/core/layout/outline.ts';
import { CARD, drawHits, hatchPattern } from '../../../src/app/canvas/card.ts';
import { readTheme } from '../../../src/app/canvas/theme.ts';
import { createTreeCanvas } from '../../../src/app/canvas/tree-canvas.ts';
import type { TreeCanvas } from '../../../src/app/canvas/tree-canvas.ts';
import { drawn, drawTree, makeStage, point, press, readPixels, tokenColour } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
let canvas: TreeCanvas;
let focused: (number | null)[];
let read: string[];
let surface: HTMLElement;

beforeEach(() => {
  stage = makeStage(800, 240);
  focused = [];
  read = [];
  canvas = createTreeCanvas(stage.host, {
    onSelect: () => undefined,
    onHover: () => undefined,
    onFocus: (node) => focused.push(node),
    onRead: (node, row) => read.push(`${node} of ${row.node}.${row.nth}`),
  });
  surface = stage.host.querySelector<HTMLElement>('[role=application]')!;
  // Synthetic pointers cannot be captured.
  surface.setPointerCapture = () => {};
});

afterEach(() => {
  canvas.dispose();
  stage.remove();
});

const tree = drawTree(`
  S:100 T1:100 M1:100 C1:100
  S:100 T2:100 M2:100 C2:100
`);

it('reads a trajectory where its row is clicked, behind its end too, and by Enter', async () => {
  canvas.setTree(drawTree('S:100 T1:100 M1:100\nS:100 T2:100 M2:100 C2:100\nS:100'));
  canvas.setView('rollouts');
  await drawn();
  const click = (x: number, y: number): void => {
    point(surface, 'pointerdown', x, y);
    point(surface, 'pointerup', x, y);
  };
  click(250, 40);
  click(100, 120);
  click(700, 40);
  click(50, 200);
  press(surface, 'Enter');
  // S T1 M1 T2 M2 C2: the first two rows end at M1 and C2, the third at S itself.
  expect(read).toEqual(['1 of 2.0', '0 of 5.0', '2 of 2.0', '0 of 0.0', '0 of 2.0']);
  expect(focused).toEqual([]);
  canvas.setView('icicle');
  click(250, 40);
  expect(read).toHaveLength(5);
});

it('sets a bar over the cards of the tidy tree where a word of the filter stands, and over no other', async () => {
  canvas.setTree(tree);
  canvas.setView('tree');
  canvas.setMarks({
    passed: new Uint8Array(tree.length).fill(1),
    hits: Uint8Array.from(tree.names, (name) => (name === 'M1' ? 1 : 0)),
  });
  await drawn();
  const placesOf = (name: string): (readonly [x: number, y: number])[] => {
    const pixels = readPixels(stage.host, 'tree');
    const places: (readonly [number, number])[] = [];
    for (let y = 0; y < pixels.height; y++)
      for (let x = 0; x < pixels.width; x++) if (pixels.colour(x, y) === tokenColour(name)) places.push([x, y]);
    return places;
  };
  // Text is drawn in other colours than ink, but for rewards, of which there are none.
  const inked = (): number => placesOf('ink').length;
  const inkWith = placesOf('ink');
  const withBar = inked();
  canvas.setMarks({ passed: new Uint8Array(tree.length).fill(1), hits: new Uint8Array(tree.length) });
  await drawn();
  // A third of a card of three nodes, three pixels high.
  expect(withBar - inked()).toBeGreaterThan(60);
  // All of it lies over the box of the memory in the upper card, from one end to the other, and over no other.
  const inkWithout = new Set(placesOf('ink').map(([x, y]) => `${x} ${y}`));
  const bar = inkWith.filter(([x, y]) => !inkWithout.has(`${x} ${y}`));
  const memories = placesOf('k-memory');
  const top = Math.min(...memories.map(([, y]) => y));
  const upper = memories.filter(([, y]) => y < top + CARD.height);
  expect(upper.length).toBeLessThan(memories.length);
  const [left, right] = [Math.min(...upper.map(([x]) => x)), Math.max(...upper.map(([x]) => x))];
  for (const [x, y] of bar) {
    expect(x).toBeGreaterThanOrEqual(left - 2);
    expect(x).toBeLessThanOrEqual(right + 2);
    expect(y).toBeGreaterThanOrEqual(top - 2);
    expect(y).toBeLessThanOrEqual(top + 2);
  }
  expect(new Set(bar.map(([x]) => x)).size).toBeGreaterThan(right - left - 4);
  canvas.setMarks(null);
  await drawn();
  expect(withBar - inked()).toBeGreaterThan(60);
});

it('sets a bar over a stub that hides a node with a word, and over none where only shown nodes beside it have one', () => {
  // Three runs are shown: the root, and those that two trajectories pass; S1, S2 and S4 are hidden, S3 lies between.
  const many = drawTree(`
    S:100 S1:100
    S:100 S2:100
    S:100 S3:100
    S:100 S3:100
    S:100 S4:100 M4:100
    S:100 S5:100
    S:100 S5:100
  `);
  const stub = outline(many, null, 3).items.find(({ hiddenNodes }) => hiddenNodes > 0)!;
  expect(stub.hiddenNodes).toBe(4);
  const theme = readTheme(stage.host);
  const inkedFor = (name: string): number => {
    const context = new OffscreenCanvas(200, 40).getContext('2d') as unknown as CanvasRenderingContext2D;
    const marks = { passed: new Uint8Array(many.length).fill(1), hits: Uint8Array.from(many.names, (own) => (own === name ? 1 : 0)) };
    const hatch = hatchPattern(context, theme, 1);
    drawHits(
      context,
      { tree: many, swatchOf: new Uint8Array(many.length), swatches: [], pruned: { rank: null, cut: 0, marks }, theme, hatch, zoom: 1 },
      stub,
      10,
      10,
      CARD.width,
    );
    const { data } = context.getImageData(0, 0, 200, 40);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255 && data.slice(i, i + 3).join(' ') === tokenColour('ink')) count++;
    return count;
  };
  const whole = 3 * CARD.width;
  expect(['S1', 'S2', 'S4', 'M4'].map(inkedFor)).toEqual([whole, whole, whole, whole]);
  expect(['S', 'S3', 'S5', 'none'].map(inkedFor)).toEqual([0, 0, 0, 0]);
});
