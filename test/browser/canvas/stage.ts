/** A stage for canvas tests: design tokens, a host of a fixed size, drawn trees, and pixels read back as luminance. */
import { FLAG, KIND } from '../../../src/core/model/kinds.ts';
import type { Kind } from '../../../src/core/model/kinds.ts';
import type { LayoutTree } from '../../../src/core/layout/layout-tree.ts';
import type { DrawnTree } from '../../../src/engine/answers/drawing.ts';
import { treeFromRows } from '../../unit/core/layout/trees.ts';

/** Colours far apart from each other, so that a pixel says what it is; the two themes differ in their ground. */
const TOKENS: Readonly<Record<string, string>> = {
  card: '#ffffff',
  sunk: '#f1efe8',
  line: '#dfdcd1',
  line2: '#c9c5b6',
  ink: '#1d211c',
  ink2: '#545a50',
  ink3: '#666b60',
  leaf: '#1f6f43',
  'leaf-soft': '#e0eee4',
  cut: '#b4532a',
  focus: '#0b62c4',
  'k-context': '#dcdcd2',
  'k-text': '#4f8fc9',
  'k-think': '#9b86cf',
  'k-call': '#e0992b',
  'k-result': '#c6d6cd',
  'k-memory': '#cf6fa0',
  'k-error': '#c8452f',
  h0: '#faf9f5',
  h1: '#fbe7b2',
  h2: '#f7c36b',
  h3: '#ee8f3d',
  h4: '#d2552a',
  good: '#0e7c86',
  bad: '#8a3b12',
  font: 'sans-serif',
  mono: 'monospace',
};

export interface Stage {
  readonly host: HTMLElement;
  remove(): void;
}

export function makeStage(width: number, height: number): Stage {
  const style = document.createElement('style');
  const names = Object.entries(TOKENS)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
  style.textContent = `:root{--paper:#faf9f5;${names}}[data-theme=dark]{--paper:#12150f}`;
  document.head.append(style);
  const host = document.createElement('div');
  host.style.cssText = `position:absolute;left:0;top:0;width:${width}px;height:${height}px`;
  document.body.append(host);
  return {
    host,
    remove() {
      host.remove();
      style.remove();
      delete document.documentElement.dataset['theme'];
    },
  };
}

/** Lets everything that was asked for be drawn. */
export async function drawn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

const KIND_OF: Readonly<Record<string, Kind>> = { S: 'system', T: 'thinking', X: 'text', C: 'call', R: 'result', M: 'memory' };

/** Rows as in `treeFromRows`; a word's first letter is its kind: S T X C R M. Memory is pinned, calls are favoured. */
export function drawTree(text: string, more: Partial<DrawnTree> = {}): DrawnTree & { readonly names: readonly string[] } {
  const tree = treeFromRows(text);
  const kinds = tree.names.map((name) => KIND_OF[name[0]] ?? 'text');
  return {
    ...columns(tree),
    names: tree.names,
    kind: Uint8Array.from(kinds, (kind) => KIND[kind]),
    flags: Uint8Array.from(kinds, (kind) => (kind === 'system' || kind === 'result' ? 0 : FLAG.sampled)),
    protection: Uint8Array.from(kinds, (kind) => (kind === 'memory' ? 2 : kind === 'call' ? 1 : 0)),
    ...more,
  };
}

/** Completes a layout tree with columns that say nothing: sampled text, no tools, nothing known, nothing protected. */
export function columns(tree: LayoutTree): DrawnTree {
  return {
    ...tree,
    task: 0,
    view: 'tokens',
    keys: Uint32Array.from({ length: 2 * tree.length }, (_, i) => (i % 2 === 0 ? 0 : i >> 1)),
    tools: [],
    kind: new Uint8Array(tree.length).fill(KIND.text),
    flags: new Uint8Array(tree.length).fill(FLAG.sampled),
    tool: new Int32Array(tree.length).fill(-1),
    orderId: 1,
    rank: null,
    costSums: null,
    figures: {},
    protection: new Uint8Array(tree.length),
  };
}

/** Pixels of the layer named by `data-part`, with what a colour-blind eye would still see. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** "r g b" */
  colour(x: number, y: number): string;
  /** 0..255 */
  grey(x: number, y: number): number;
}

export function readPixels(host: HTMLElement, part: string): Pixels {
  const canvas = host.querySelector<HTMLCanvasElement>(`canvas[data-part="${part}"]`);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) throw new Error(`expected a canvas for ${part}, found none`);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const at = (x: number, y: number): [number, number, number] => {
    const i = 4 * (Math.floor(y) * width + Math.floor(x));
    return [data[i], data[i + 1], data[i + 2]];
  };
  return {
    width,
    height,
    colour: (x, y) => at(x, y).join(' '),
    grey(x, y) {
      const [r, g, b] = at(x, y);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    },
  };
}

/** "r g b" of a token. */
export function tokenColour(name: string): string {
  const hex = TOKENS[name] ?? '';
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)).join(' ');
}

export function point(target: Element, type: string, x: number, y: number, more: PointerEventInit = {}): void {
  target.dispatchEvent(
    new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, pointerId: 1, button: 0, ...more }),
  );
}

export function press(target: Element, key: string, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true, cancelable: true, ...more }));
}
