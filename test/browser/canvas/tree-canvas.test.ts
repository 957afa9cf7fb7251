/** The tree on a real canvas: what is drawn, what it answers to, and that nothing rests on colour alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTreeCanvas } from '../../../src/app/canvas/tree-canvas.ts';
import { mix, type Rgb } from '../../../src/app/canvas/theme.ts';
import type { Hover, TreeCanvas } from '../../../src/app/canvas/tree-canvas.ts';
import { randomTree } from '../../unit/core/layout/trees.ts';
import { columns, drawn, drawTree, makeStage, point, press, readPixels, tokenColour } from './stage.ts';
import type { Stage } from './stage.ts';

const WIDTH = 800;
const HEIGHT = 240;
/** The drawing's top and bottom margin. */
const TOP = 8;

let stage: Stage;
let canvas: TreeCanvas;
let selected: (number | null)[];
let focused: (number | null)[];
let hovers: (Hover | null)[];
let surface: HTMLElement;

beforeEach(() => {
  stage = makeStage(WIDTH, HEIGHT);
  selected = [];
  focused = [];
  hovers = [];
  canvas = createTreeCanvas(stage.host, {
    onSelect: (node) => selected.push(node),
    onHover: (hover) => hovers.push(hover),
    onFocus: (node) => focused.push(node),
    describe: (node) => `node ${node}`,
  });
  const root = stage.host.querySelector<HTMLElement>('[role=application]');
  if (!root) throw new Error('expected the canvas to have the role application');
  surface = root;
  // Synthetic pointers cannot be captured.
  surface.setPointerCapture = () => {};
});

afterEach(() => {
  canvas.dispose();
  stage.remove();
});

const PAPER = '250 249 245';
const rgbOf = (colour: string): Rgb => colour.split(' ').map(Number) as unknown as Rgb;

/** Four nodes of 200 pixels each: system, then two rows of thinking, memory, call. */
const tree = drawTree(`
  S:100 T1:100 M1:100 C1:100
  S:100 T2:100 M2:100 C2:100
`);

describe('what is drawn', () => {
  it('tells kept, dropped and pinned apart in grey', async () => {
    canvas.setTree(tree);
    // T2 and all after it are dropped.
    canvas.setRank(
      Int32Array.from(tree.names, (name) => (name.endsWith('2') ? 9 : 0)),
      5,
    );
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    const greys = (x0: number, y0: number): number[] => {
      const list: number[] = [];
      for (let y = y0; y < y0 + 24; y++) for (let x = x0; x < x0 + 24; x++) list.push(Math.round(pixels.grey(x, y)));
      return list;
    };
    // Away from labels, edges and gaps: T1, M1 and T2 in the lower half of their boxes.
    const kept = greys(260, 80);
    const pinnedInside = greys(460, 80);
    const dropped = greys(260, 190);
    expect(new Set(kept).size).toBe(1);
    expect(new Set(pinnedInside).size).toBe(1);
    expect(Math.max(...dropped) - Math.min(...dropped)).toBeGreaterThan(20);
    // Diagonal: the pattern repeats along x + y.
    for (let i = 0; i < 20; i++) {
      expect(pixels.grey(260 + i, 200)).toBe(pixels.grey(261 + i, 199));
      expect(pixels.grey(260 + i, 200)).toBe(pixels.grey(266 + i, 200));
    }
    // Pinned: a dark edge from top to bottom and a notch in the corner. Favoured: an edge without one. Kept: neither.
    const fill = pixels.grey(460, 90);
    expect(fill - pixels.grey(400, 90)).toBeGreaterThan(40);
    expect(fill - pixels.grey(403, TOP + 1)).toBeGreaterThan(40);
    expect(pixels.grey(640, 90) - pixels.grey(600, 90)).toBeGreaterThan(40);
    expect(pixels.grey(603, TOP + 1)).toBe(pixels.grey(640, 90));
    expect(pixels.grey(200, 90)).toBe(pixels.grey(260, 90));
  });

  it('draws what carries no loss pale with a dotted edge, from the right', async () => {
    canvas.setTree(tree);
    canvas.setTrained(Float32Array.from(tree.names, (name) => ({ T1: 0.5, C1: 0, S: Number.NaN })[name] ?? 1));
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    const rows = (x: number): Set<string> => new Set(Array.from({ length: 20 }, (_, i) => pixels.colour(x, 80 + i)));
    const [paper, think, call] = [PAPER, tokenColour('k-think'), tokenColour('k-call')].map(rgbOf);
    const paleOf = (fill: Rgb): string => mix(paper!, fill, 0.2).join(' ');
    const edge = (from: number): Set<string> => new Set(Array.from({ length: 12 }, (_, i) => pixels.colour(from + i, TOP)));
    expect(rows(100).size).toBe(1);
    expect([...rows(260)]).toEqual([tokenColour('k-think')]);
    expect([...rows(350)]).toEqual([paleOf(think!)]);
    expect([...rows(460)]).toEqual([tokenColour('k-memory')]);
    expect([...rows(700)]).toEqual([paleOf(call!)]);
    expect(edge(650)).toEqual(new Set([paleOf(call!), tokenColour('ink3')]));
    expect(edge(240).has(tokenColour('ink3'))).toBe(false);
    canvas.setTrained(null);
    await drawn();
    expect([...new Set(Array.from({ length: 20 }, (_, i) => readPixels(stage.host, 'tree').colour(700, 80 + i)))]).toHaveLength(1);
  });

  it('draws the frontier as a solid line where kept meets dropped, and nowhere else', async () => {
    canvas.setTree(tree);
    canvas.setRank(
      Int32Array.from(tree.names, (name) => (name.endsWith('2') ? 9 : 0)),
      5,
    );
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    const cut = tokenColour('cut');
    for (let y = 124; y < 228; y++) expect(pixels.colour(199, y)).toBe(cut);
    for (let y = TOP; y < 118; y++) expect(pixels.colour(199, y)).not.toBe(cut);
    for (let x = 202; x < WIDTH; x++) expect(pixels.colour(x, 180)).not.toBe(cut);
  });

  it('follows the cut in the next frame, without a new layout', async () => {
    canvas.setTree(tree);
    const rank = Int32Array.from({ length: tree.length }, (_, n) => n);
    canvas.setRank(rank, tree.length);
    await drawn();
    expect(readPixels(stage.host, 'tree').colour(260, 190)).toBe(tokenColour('k-think'));
    canvas.setRank(rank, 4);
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    expect(pixels.colour(260, 190)).not.toBe(tokenColour('k-think'));
    expect(pixels.colour(260, 90)).toBe(tokenColour('k-think'));
  });

  it('marks unknown entropy with dots and the highest with a dotted line', async () => {
    const entropy = Float32Array.from(tree.names, (name) => (name === 'T1' ? 1.4 : name === 'C1' ? 0 : Number.NaN));
    canvas.setTree({ ...tree, figures: { entropy } });
    canvas.setColour('entropy');
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    const count = (x0: number, x1: number, y0: number, y1: number): number => {
      const base = pixels.grey(x0, y0);
      let different = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (Math.abs(pixels.grey(x, y) - base) > 15) different++;
      return different;
    };
    expect(count(260, 300, 70, 110)).toBe(0);
    expect(count(460, 500, 70, 110)).toBeGreaterThan(30);
    const line: number[] = [];
    for (let x = 210; x < 390; x++) line.push(pixels.grey(x, TOP + 112 - 3));
    expect(new Set(line.map(Math.round)).size).toBe(2);
  });

  it('says once that a reward is unknown', async () => {
    const write = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText');
    canvas.setTree(tree);
    canvas.setColour('reward');
    await drawn();
    // Of the first box only, in one frame.
    const places = new Set(write.mock.calls.filter(([text, x]) => text === 'unknown' && x < 200).map(([, x, y]) => `${x} ${y}`));
    write.mockRestore();
    expect(places.size).toBe(1);
  });

  it('gives every trajectory its own strip in the rollouts view', async () => {
    canvas.setTree(tree);
    await drawn();
    expect(readPixels(stage.host, 'tree').colour(100, 119)).toBe(tokenColour('k-context'));
    canvas.setView('rollouts');
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    expect(pixels.colour(100, 119)).toBe('250 249 245');
    expect(pixels.colour(100, 90)).toBe(tokenColour('k-context'));
    expect(pixels.colour(100, 180)).toBe(tokenColour('k-context'));
  });

  it('reads its colours again when the theme changes', async () => {
    canvas.setTree(drawTree('S:10 T:10\nS:10'));
    await drawn();
    expect(readPixels(stage.host, 'tree').colour(600, 200)).toBe('250 249 245');
    document.documentElement.dataset['theme'] = 'dark';
    await drawn();
    expect(readPixels(stage.host, 'tree').colour(600, 200)).toBe('18 21 15');
  });

  it('draws a tree of 100,000 nodes in every view', async () => {
    const large = columns(randomTree(11, { trajectories: 40_000, nodes: 100_000, chain: 0.6, ends: 0.02, longest: 200 }));
    expect(large.length).toBeGreaterThan(50_000);
    canvas.setTree(large);
    for (const view of ['icicle', 'left-heavy', 'rollouts', 'tree'] as const) {
      canvas.setView(view);
      await drawn();
      const pixels = readPixels(stage.host, 'tree');
      let inked = 0;
      for (let y = 0; y < pixels.height; y += 4)
        for (let x = 0; x < pixels.width; x += 4) if (pixels.colour(x, y) === tokenColour('k-text')) inked++;
      expect(inked).toBeGreaterThan(20);
    }
  });
});

describe('what it answers to', () => {
  it('hits the node that is drawn there', async () => {
    canvas.setTree(tree);
    await drawn();
    const pixels = readPixels(stage.host, 'tree');
    const colourOf = (node: number): string =>
      tokenColour({ S: 'k-context', T: 'k-think', M: 'k-memory', C: 'k-call' }[tree.names[node][0]] ?? '');
    let compared = 0;
    for (let y = 45; y < HEIGHT - 20; y += 13) {
      for (let x = 13; x < WIDTH; x += 17) {
        if (Math.abs((x % 200) - 100) > 85 || Math.abs(y - 120) < 4 || (y > 120 && y < 160)) continue;
        point(surface, 'pointermove', x, y);
        const hover = hovers.at(-1);
        expect(pixels.colour(x, y)).toBe(colourOf(hover?.node ?? -1));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('selects on click, lets go on Escape, and shows a subtree on double-click', async () => {
    canvas.setTree(tree);
    await drawn();
    point(surface, 'pointerdown', 300, 100);
    point(surface, 'pointerup', 300, 100);
    surface.dispatchEvent(new MouseEvent('dblclick', { clientX: 300, clientY: 100, bubbles: true }));
    press(surface, 'Escape');
    press(surface, 'Escape');
    expect(selected).toEqual([1, null]);
    expect(focused).toEqual([1, null]);
  });

  it('pans on drag instead of selecting', async () => {
    canvas.setTree(tree);
    await drawn();
    canvas.zoom(4);
    await drawn();
    point(surface, 'pointermove', 400, 200);
    const before = hovers.at(-1)?.node;
    point(surface, 'pointerdown', 400, 200);
    point(surface, 'pointermove', 700, 200);
    point(surface, 'pointerup', 700, 200);
    point(surface, 'pointermove', 700, 200);
    expect(hovers.at(-1)?.node).toBe(before);
    expect(selected).toEqual([]);
  });

  it('moves the selection with the arrow keys and says where it is', async () => {
    canvas.setTree(tree);
    await drawn();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowUp']) press(surface, key);
    // S, T1, T2, M2, T2, T1
    expect(selected).toEqual([0, 1, 4, 5, 4, 1]);
    expect(stage.host.querySelector('[aria-live]')?.textContent).toBe('node 1');
  });

  it('zooms at the pointer', async () => {
    canvas.setTree(tree);
    await drawn();
    point(surface, 'pointermove', 590, 100);
    const before = hovers.at(-1)?.node;
    surface.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: 590, clientY: 100, bubbles: true, cancelable: true }));
    point(surface, 'pointermove', 590, 100);
    expect(hovers.at(-1)?.node).toBe(before);
    point(surface, 'pointermove', 610, 100);
    expect(hovers.at(-1)?.node).toBe(before);
  });

  it('says what has come to lie under a pointer that rests', async () => {
    canvas.setTree(tree);
    await drawn();
    point(surface, 'pointermove', 250, 100);
    expect(tree.names[hovers.at(-1)?.node ?? 0]).toBe('T1');
    canvas.setView('tree');
    await drawn();
    const under = hovers.at(-1)?.node;
    point(surface, 'pointermove', 250, 100);
    expect(under).toBe(hovers.at(-1)?.node);
    canvas.setView('icicle');
    await drawn();
    expect(tree.names[hovers.at(-1)?.node ?? 0]).toBe('T1');
    canvas.zoom(4);
    canvas.pan(-2000, 0);
    await drawn();
    expect(tree.names[hovers.at(-1)?.node ?? 0]).not.toBe('T1');
    point(surface, 'pointerleave', 250, 100);
    canvas.setView('rollouts');
    await drawn();
    expect(hovers.at(-1)).toBe(null);
  });

  it('shows a map of the whole as soon as not everything is in view, and goes where it is clicked', async () => {
    canvas.setTree(tree);
    await drawn();
    const map = stage.host.querySelector<HTMLCanvasElement>('canvas[data-part="minimap"]');
    if (!map) throw new Error('expected a minimap');
    map.setPointerCapture = () => {};
    expect(map.style.visibility).toBe('hidden');
    canvas.zoom(4);
    await drawn();
    expect(map.style.visibility).toBe('visible');
    const box = map.getBoundingClientRect();
    point(map, 'pointerdown', box.left + 2, box.top + 2);
    await drawn();
    point(surface, 'pointermove', 20, 100);
    expect(hovers.at(-1)?.node).toBe(0);
    point(map, 'pointerdown', box.right - 2, box.bottom - 2);
    await drawn();
    point(surface, 'pointermove', 600, 100);
    expect(tree.names[hovers.at(-1)?.node ?? 0]).toBe('C2');
  });

  it('stays where it is when the same nodes come with other figures', async () => {
    canvas.setTree(tree);
    const rank = Int32Array.from({ length: tree.length }, (_, n) => n);
    canvas.setRank(rank, 4);
    canvas.setSelection(2);
    canvas.zoom(4);
    await drawn();
    const before = readPixels(stage.host, 'tree');
    const marks = readPixels(stage.host, 'marks');
    canvas.setTree({ ...tree, figures: { entropy: new Float32Array(tree.length).fill(0.4) } });
    await drawn();
    const after = readPixels(stage.host, 'tree');
    for (let x = 0; x < WIDTH; x += 7) for (let y = 0; y < HEIGHT; y += 7) expect(after.colour(x, y)).toBe(before.colour(x, y));
    expect(readPixels(stage.host, 'marks').colour(400, 120)).toBe(marks.colour(400, 120));
    canvas.setTree(drawTree('S:10 T:10'));
    await drawn();
    expect(readPixels(stage.host, 'tree').colour(600, 60)).toBe(tokenColour('k-think'));
  });

  it('leaves nothing behind', () => {
    canvas.dispose();
    expect(stage.host.childElementCount).toBe(0);
  });
});

describe('what cannot be drawn one to one', () => {
  it('says so: stubs in the tree, merged runs in the icicle', async () => {
    const note = (): string | null => stage.host.querySelector('[data-part=notice]')?.textContent ?? null;
    canvas.setTree(tree);
    await drawn();
    expect(note()).toBe('');
    // 2,500 leaves below one node.
    canvas.setTree(drawTree(Array.from({ length: 2_500 }, (_, i) => `S:5 T${i}:5`).join('\n')));
    canvas.setView('tree');
    await drawn();
    expect(note()).toMatch(/^501 nodes are folded into/);
    canvas.setView('icicle');
    await drawn();
    expect(note()).toBe('');
    const row = Array.from({ length: 700 }, (_, i) => `T${i}`).join(' ');
    canvas.setTree(drawTree(Array.from({ length: 240 }, (_, i) => `S T${i}x ${row}`).join('\n')));
    await drawn();
    expect(note()).toMatch(/^runs shorter than \d+ px are merged/);
  });
});

describe('an empty tree', () => {
  it('draws the ground and answers nothing', async () => {
    canvas.setTree(null);
    await drawn();
    point(surface, 'pointermove', 100, 100);
    press(surface, 'ArrowRight');
    expect(readPixels(stage.host, 'tree').colour(100, 100)).toBe('250 249 245');
    expect({ hovers, selected }).toEqual({ hovers: [], selected: [] });
  });
});
