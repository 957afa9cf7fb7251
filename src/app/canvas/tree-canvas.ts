/** The tree on screen: canvases, camera, hover and selection, outside of any component. */
import type { RowEnd } from '../../core/layout/spine.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { makeFrame } from './frame.ts';
import { attachGestures } from './gestures.ts';
import { clearLayer, makeLayer, sizeLayer } from './layer.ts';
import { makeIcicleScene } from './icicle-scene.ts';
import type { Words } from './box-words.ts';
import { makeMinimap } from './minimap.ts';
import { describe, neighbour, sameNodes } from './node-steps.ts';
import { makeOutlineScene } from './outline-scene.ts';
import type { NodeMarks } from './filter-marks.ts';
import type { Cut } from './cut.ts';
import type { Colour } from './palette.ts';
import type { Scene } from './scene.ts';
import { readTheme, watchTheme } from './theme.ts';

export type CanvasView = 'icicle' | 'left-heavy' | 'tree' | 'rollouts';

/** A node under the pointer; x and y are CSS pixels from the canvas's top left corner. */
export interface Hover {
  readonly node: number;
  readonly x: number;
  readonly y: number;
}

/** Node numbers are local to the tree given to `setTree`. */
export interface TreeCanvasEvents {
  readonly onSelect: (node: number | null) => void;
  readonly onHover: (hover: Hover | null) => void;
  readonly onFocus: (node: number | null) => void;
  /** A row that is a trajectory was clicked, at a node of it, or Enter was pressed on one. */
  readonly onRead?: (node: number, row: RowEnd) => void;
  /** Boxes at rest have room for the first words of these nodes: give them by `setWords`. */
  readonly onWordsWanted?: (nodes: readonly number[]) => void;
  /** What is read out when the keyboard moves the selection; a plain description by default. */
  readonly describe?: (node: number) => string;
}

export interface TreeCanvas {
  /** The same nodes with other figures (another rule's protection, entropy still coming in) leave camera, cut and selection alone. */
  setTree(tree: DrawnTree | null): void;
  /** kept(n) = rank[n] < cut; null: everything is kept. Costs a repaint, no layout. */
  setRank(rank: Int32Array | null, cut: number): void;
  /** node -> share of its sampled tokens that carry loss, NaN where it is not sampled; null: not shown. */
  setTrained(trained: Float32Array | null): void;
  /** What the filter says of the nodes; null: there is none. */
  setMarks(marks: NodeMarks | null): void;
  /** node -> bits of `KEPT_BY`: which of two settings keep it; null: nothing is compared. */
  setCompared(compared: Uint8Array | null): void;
  setWords(words: Words): void;
  setView(view: CanvasView): void;
  setColour(colour: Colour): void;
  setSelection(node: number | null): void;
  setFocus(node: number | null): void;
  fit(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  invalidate(): void;
  dispose(): void;
}

const KEYS_OF = {
  tree: 'Prefix tree. Arrow keys move the selection, Enter shows its subtree, plus and minus zoom, 0 shows everything.',
  rows:
    'Prefix tree, a row for each trajectory. Arrow keys move the selection, Enter reads its first trajectory, ' +
    'plus and minus zoom, 0 shows everything.',
} as const;

export function createTreeCanvas(host: HTMLElement, events: TreeCanvasEvents): TreeCanvas {
  const root = document.createElement('div');
  root.style.cssText = 'position:absolute;inset:0;overflow:hidden;outline-offset:-2px;touch-action:none;user-select:none';
  root.tabIndex = 0;
  root.setAttribute('role', 'application');
  root.setAttribute('aria-roledescription', 'prefix tree');
  root.setAttribute('aria-label', KEYS_OF.tree);
  if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
  host.append(root);
  const base = makeLayer(root, 'tree');
  const marks = makeLayer(root, 'marks');
  const speech = document.createElement('div');
  speech.setAttribute('aria-live', 'polite');
  speech.style.cssText = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
  root.append(speech);
  const note = document.createElement('output');
  note.dataset['part'] = 'notice';
  note.style.cssText =
    'position:absolute;left:12px;bottom:12px;padding:3px 8px;border:1px solid ' +
    'var(--line2);border-radius:5px;background:var(--card);color:var(--ink2);font:11px/16px var(--font);pointer-events:none';
  note.hidden = true;
  root.append(note);

  const scenes: Partial<Record<CanvasView, Scene>> = {};
  let view: CanvasView = 'icicle';
  let tree: DrawnTree | null = null;
  let pruned: Cut = { rank: null, cut: 0 };
  let words: Words = new Map();
  let colour: Colour = 'kind';
  let theme = readTheme(root);
  let selection: number | null = null;
  let hovered: number | null = null;
  /** Where the pointer rests on the canvas. */
  let pointer: { readonly x: number; readonly y: number } | null = null;
  let focus: number | null = null;
  let width = 0;
  let height = 0;
  let scale = 1;
  let notice = '';
  let baseDirty = true;

  const sceneOf = (which: CanvasView): Scene => {
    let scene = scenes[which];
    if (!scene) {
      scene = makeScene(which);
      scenes[which] = scene;
      scene.setTheme(theme);
      scene.setColour(colour);
      scene.setSize(width, height, scale);
      scene.setTree(tree);
      scene.setPruned(pruned);
      scene.setWords(words);
      scene.setFocus(focus);
      scene.fit(false);
    }
    return scene;
  };
  const eachScene = (change: (scene: Scene) => void): void => {
    for (const scene of Object.values(scenes)) change(scene);
    redraw();
  };
  const nodeAt = (at: { readonly x: number; readonly y: number }): number | null => {
    const node = sceneOf(view).pick(at.x, at.y);
    return node === NONE ? null : node;
  };
  const hover = (at: { readonly x: number; readonly y: number } | null): void => {
    pointer = at;
    const next = at && nodeAt(at);
    if (next === null && hovered === null) return;
    if (next !== hovered) frame.request();
    hovered = next;
    events.onHover(next === null || !at ? null : { node: next, x: at.x, y: at.y });
  };
  const frame = makeFrame((now) => {
    const scene = sceneOf(view);
    if (width === 0 || height === 0) return;
    const moves = scene.step(now);
    if (moves) {
      baseDirty = true;
      frame.request();
    }
    if (baseDirty) {
      baseDirty = false;
      base.context.setTransform(1, 0, 0, 1, 0, 0);
      scene.draw(base.context);
      const wanted = moves ? [] : scene.wordsWanted();
      if (wanted.length > 0) events.onWordsWanted?.(wanted);
      // What was drawn anew may lie under a pointer that has not moved.
      if (pointer !== null && nodeAt(pointer) !== hovered) hover(pointer);
      minimap.draw(scene, theme, scale);
      const text = scene.notice();
      if (text !== notice) {
        notice = text;
        note.textContent = text;
        note.hidden = text === '';
      }
    }
    clearLayer(marks, scale);
    scene.drawMarks(marks.context, selection, hovered);
  });
  const redraw = (): void => {
    baseDirty = true;
    frame.request();
  };
  const minimap = makeMinimap(root, (x, y) => {
    sceneOf(view).centre(x, y);
    redraw();
  });

  const select = (node: number | null): void => {
    if (node === selection) return;
    selection = node;
    frame.request();
    events.onSelect(node);
  };
  const read = (node: number | null, row: RowEnd | null | undefined): void => {
    if (node !== null && row) events.onRead?.(node, row);
  };
  const focusOn = (node: number | null): void => {
    focus = node;
    for (const scene of Object.values(scenes)) scene.setFocus(node);
    sceneOf(view).fit(true);
    redraw();
  };
  const changeFocus = (node: number | null): void => {
    if (node === focus) {
      focusOn(node);
      return;
    }
    focusOn(node);
    events.onFocus(node);
  };
  const detach = attachGestures(root, {
    zoom(factor, x, y) {
      sceneOf(view).zoom(factor, x, y);
      redraw();
    },
    pan(dx, dy) {
      sceneOf(view).pan(dx, dy);
      redraw();
    },
    hover,
    click(x, y) {
      const row = sceneOf(view).rowAt?.(y);
      // Behind its end a row is still a row.
      const node = nodeAt({ x, y }) ?? row?.node ?? null;
      select(node);
      read(node, row);
    },
    doubleClick(x, y) {
      // The first of the two clicks has opened it.
      if (!sceneOf(view).rowAt) changeFocus(nodeAt({ x, y }));
    },
    move(direction) {
      if (!tree || tree.length === 0) return;
      const node = selection === null ? 0 : neighbour(tree, selection, direction);
      select(node);
      sceneOf(view).show(node, true);
      redraw();
      const isKept = pruned.rank === null ? null : pruned.rank[node]! < pruned.cut;
      speech.textContent = events.describe?.(node) ?? describe(tree, node, { isKept, words: words.get(node) ?? null });
    },
    fit() {
      changeFocus(null);
    },
    enter() {
      if (selection === null) return;
      const scene = sceneOf(view);
      if (scene.rowOf) read(selection, scene.rowOf(selection));
      else changeFocus(selection);
    },
    escape() {
      if (selection !== null) select(null);
      else if (focus !== null) changeFocus(null);
    },
  });

  const resize = (): void => {
    const box = root.getBoundingClientRect();
    const nextScale = devicePixelRatio || 1;
    if (box.width === width && box.height === height && nextScale === scale) return;
    width = box.width;
    height = box.height;
    scale = nextScale;
    for (const layer of [base, marks]) sizeLayer(layer, width, height, scale);
    eachScene((scene) => scene.setSize(width, height, scale));
  };
  const observer = new ResizeObserver(resize);
  observer.observe(root);
  const unwatch = watchTheme(() => {
    theme = readTheme(root);
    eachScene((scene) => scene.setTheme(theme));
  });
  resize();

  return {
    setTree(next) {
      const before = tree;
      tree = next;
      if (before && next && sameNodes(before, next)) {
        eachScene((scene) => scene.setFigures(next));
        return;
      }
      selection = null;
      focus = null;
      if (hovered !== null) events.onHover(null);
      hovered = null;
      pruned = { rank: null, cut: 0 };
      eachScene((scene) => {
        scene.setPruned(pruned);
        scene.setTree(next);
      });
    },
    setRank(rank, cut) {
      if (rank === pruned.rank && cut === pruned.cut) return;
      pruned = { ...pruned, rank, cut };
      eachScene((scene) => scene.setPruned(pruned));
    },
    setTrained(trained) {
      if (trained === (pruned.trained ?? null)) return;
      pruned = { ...pruned, trained };
      eachScene((scene) => scene.setPruned(pruned));
    },
    setMarks(marks) {
      if (marks === (pruned.marks ?? null)) return;
      pruned = { ...pruned, marks };
      eachScene((scene) => scene.setPruned(pruned));
    },
    setCompared(compared) {
      if (compared === (pruned.compared ?? null)) return;
      pruned = { ...pruned, compared };
      eachScene((scene) => scene.setPruned(pruned));
    },
    setWords(next) {
      words = next;
      eachScene((scene) => scene.setWords(next));
    },
    setView(next) {
      view = next;
      root.setAttribute('aria-label', KEYS_OF[next === 'rollouts' ? 'rows' : 'tree']);
      if (selection !== null) sceneOf(next).show(selection, false);
      redraw();
    },
    setColour(next) {
      colour = next;
      eachScene((scene) => scene.setColour(next));
    },
    setSelection(node) {
      // What was clicked here comes back from the page: it is where the person is looking already.
      if (node === selection) return;
      selection = node;
      if (node !== null) sceneOf(view).show(node, true);
      redraw();
    },
    setFocus(node) {
      if (node !== focus) focusOn(node);
    },
    fit() {
      sceneOf(view).fit(true);
      redraw();
    },
    zoom(factor) {
      sceneOf(view).zoom(factor, width / 2, height / 2);
      redraw();
    },
    pan(dx, dy) {
      sceneOf(view).pan(dx, dy);
      redraw();
    },
    invalidate: redraw,
    dispose() {
      frame.dispose();
      observer.disconnect();
      unwatch();
      detach();
      minimap.dispose();
      root.remove();
    },
  };
}

function makeScene(view: CanvasView): Scene {
  if (view === 'tree') return makeOutlineScene();
  return makeIcicleScene({ order: view === 'left-heavy' ? 'left-heavy' : 'arrival', strips: view === 'rollouts' });
}
