/** Rows of trajectories on a real canvas, which are read at a click, and the filter's hits in the tidy tree. */
import { afterEach, beforeEach, expect, it } from 'vitest';
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
  const inked = (): number => {
    const pixels = readPixels(stage.host, 'tree');
    let count = 0;
    // Text is drawn in other colours than ink, but for rewards, of which there are none.
    for (let y = 0; y < pixels.height; y++) for (let x = 0; x < pixels.width; x++) if (pixels.colour(x, y) === tokenColour('ink')) count++;
    return count;
  };
  const withBar = inked();
  canvas.setMarks({ passed: new Uint8Array(tree.length).fill(1), hits: new Uint8Array(tree.length) });
  await drawn();
  // A third of a card of three nodes, three pixels high.
  expect(withBar - inked()).toBeGreaterThan(60);
  canvas.setMarks(null);
  await drawn();
  expect(withBar - inked()).toBeGreaterThan(60);
});
