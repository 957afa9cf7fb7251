/** Draws a task as a tidy node-link tree of its unbranched runs: where do rollouts part, and what became of each way? */
import { outline } from '../../core/layout/outline.ts';
import type { Outline, OutlineItem } from '../../core/layout/outline.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { fitCamera, keepInside, panCamera, zoomCamera } from './camera.ts';
import type { Bounds, Camera } from './camera.ts';
import { CARD, drawCard, drawFigures, drawHits, drawStub, hatchPattern, nodeAt, shareOf } from './card.ts';
import type { CardStyle } from './card.ts';
import { makeGlide } from './glide.ts';
import { isKept } from './paint-boxes.ts';
import type { Cut } from './cut.ts';
import { swatchColumn } from './palette.ts';
import type { Colour } from './palette.ts';
import { makeSwatches } from './swatches.ts';
import type { Swatch } from './swatches.ts';
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';

const NO_MARGIN = { x: 0, y: 0 };
const PAD = 24;
/** Room at the right of the last card for a reward. */
const TAIL = 44;
/** Most pixels of a row when a small tree is spread over the window's height, at zoom 1. */
const ROW_MAX = 96;
/** Closest and furthest zoom that a fit uses: a small tree is not blown up, a large one starts where text can be read. */
const FIT_MAX = 1.25;
const FIT_MIN = 0.5;
const CLOSEST = 3;
/** Pixels of a link: at least, and at zoom 1 at most. */
const THINNEST = 0.75;
const THICKEST = 8;

export function makeOutlineScene(): Scene {
  const glide = makeGlide({ left: 0, top: 0, perX: 1, perY: 1 });
  let tree: DrawnTree | null = null;
  let shape: Outline | null = null;
  let focus: number | null = null;
  /** Subtree that `shape` was made for. */
  let shapeOf: number | null = null;
  let swatchOf: Uint8Array = new Uint8Array(0);
  let swatches: readonly Swatch[] = [];
  let colour: Colour = 'kind';
  let pruned: Cut = { rank: null, cut: 0 };
  let theme: Theme | null = null;
  let hatch: CanvasPattern | null = null;
  let size = { width: 0, height: 0 };
  let scale = 1;
  let wasFit = true;
  /** Height of a row in world units; see `world`. */
  let row: number = CARD.row;

  const shapeNow = (): Outline | null => {
    if (tree && tree.length > 0 && (!shape || shapeOf !== focus)) {
      shape = outline(tree, focus);
      shapeOf = focus;
      row = world().row;
    }
    return shape;
  };
  /** World units, and the height of a row: a tree that is wide and low is spread over the window. */
  const world = (): { width: number; height: number; row: number } => {
    const now = shapeNow();
    if (!now || now.rows === 0) return { width: 1, height: 1, row: CARD.row };
    const width = (now.levels - 1) * CARD.column + CARD.width + TAIL;
    const per = Math.max((width + 2 * PAD) / Math.max(1, size.width), 1 / FIT_MAX);
    const row = Math.min(ROW_MAX, Math.max(CARD.row, (size.height * per - 2 * PAD) / now.rows));
    return { width, height: now.rows * row, row };
  };
  /** The drawing, padded to the window's proportions so that both axes have one scale. */
  const bounds = (): Bounds => {
    const { width, height } = world();
    const per = Math.max((width + 2 * PAD) / Math.max(1, size.width), (height + 2 * PAD) / Math.max(1, size.height), 1 / FIT_MAX);
    const wide = per * size.width;
    const high = per * size.height;
    return { left: -PAD, top: (height - high) / 2, width: wide, height: high, minPerX: 1 / CLOSEST, minPerY: 1 / CLOSEST };
  };
  const fitted = (): Camera => {
    const whole = fitCamera(bounds(), size, NO_MARGIN);
    const root = shapeNow()?.items[0];
    if (whole.perX <= 1 / FIT_MIN || !root) return whole;
    const per = 1 / FIT_MIN;
    return keepInside(
      { left: -PAD, top: (root.across + 0.5) * world().row - (size.height / 2) * per, perX: per, perY: per },
      bounds(),
      size,
      NO_MARGIN,
    );
  };
  const corner = (item: OutlineItem): { x: number; y: number } => {
    const { left, top, perX, perY } = glide.camera;
    return { x: (item.level * CARD.column - left) / perX, y: ((item.across + 0.5) * row - CARD.height / 2 - 6 - top) / perY };
  };
  const itemOf = (node: number): OutlineItem | null => shapeNow()?.items.find((item) => item.first <= node && node < item.end) ?? null;
  /** Adds the curve to the path at hand; false: no pixel of it would be in a window that is `wide` and `high`. */
  const curve = (context: CanvasPath, from: OutlineItem, to: OutlineItem, zoom: number, wide: number, high: number): boolean => {
    const a = corner(from);
    const b = corner(to);
    const x0 = a.x + CARD.width * zoom;
    const y0 = a.y + (CARD.height / 2) * zoom;
    const y1 = b.y + (CARD.height / 2) * zoom;
    if (Math.max(x0, b.x) < -THICKEST || Math.min(x0, b.x) > wide + THICKEST) return false;
    if (Math.max(y0, y1) < -THICKEST || Math.min(y0, y1) > high + THICKEST) return false;
    const middle = (x0 + b.x) / 2;
    context.moveTo(x0, y0);
    context.bezierCurveTo(middle, y0, middle, y1, b.x, y1);
    return true;
  };
  const link = (context: CanvasRenderingContext2D, from: OutlineItem, to: OutlineItem, zoom: number): void => {
    context.beginPath();
    if (curve(context, from, to, zoom, size.width, size.height)) context.stroke();
  };
  /** The links of a map are too thin to differ in width: all that are kept in one path, and all that are not in another. */
  const mapLinks = (context: CanvasRenderingContext2D, now: Outline, style: CardStyle): void => {
    for (const kept of [false, true]) {
      context.beginPath();
      for (const item of now.items)
        if (item.parent !== NONE && (item.hiddenNodes === 0 && isKept(pruned, item.first)) === kept)
          curve(context, now.items[item.parent]!, item, style.zoom, Infinity, Infinity);
      context.strokeStyle = kept ? style.theme.css.ink3 : style.theme.css.line2;
      context.globalAlpha = kept ? 0.55 : 1;
      context.lineWidth = THINNEST;
      context.setLineDash(kept ? [] : [3, 3]);
      context.stroke();
    }
  };
  const inView = (x: number, y: number, zoom: number): boolean =>
    x < size.width && x + (CARD.column + TAIL) * zoom > 0 && y < size.height && y + row * zoom > 0;

  const paint = (context: CanvasRenderingContext2D, now: Outline, style: CardStyle, onMap: boolean): void => {
    const { zoom } = style;
    const all = style.tree.trajectories;
    const isThin = onMap && zoom * THICKEST <= THINNEST;
    if (isThin) mapLinks(context, now, style);
    for (const item of isThin ? [] : now.items) {
      if (item.parent === NONE) continue;
      context.beginPath();
      if (!curve(context, now.items[item.parent]!, item, zoom, onMap ? Infinity : size.width, onMap ? Infinity : size.height)) continue;
      const kept = item.hiddenNodes === 0 && isKept(pruned, item.first);
      context.strokeStyle = kept ? style.theme.css.ink3 : style.theme.css.line2;
      context.globalAlpha = kept ? 0.55 : 1;
      context.lineWidth = Math.max(THINNEST, Math.min(1, zoom) * (kept ? 1 + (THICKEST - 1) * (item.reachCount / all) : 1));
      context.setLineDash(kept ? [] : [3, 3]);
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    const wide = CARD.width * zoom;
    const high = Math.max(1.5, CARD.height * zoom);
    const readable = wide >= 64 && row * zoom >= high + 16;
    for (const item of now.items) {
      const { x, y } = corner(item);
      if (!onMap && !inView(x, y, zoom)) continue;
      // Nobody whom the filter takes passes here.
      context.globalAlpha = pruned.marks?.passed[item.first] === 0 ? 0.3 : 1;
      if (item.hiddenNodes > 0) drawStub(context, style.theme, item, x, y, wide, high, !onMap && readable);
      else drawCard(context, style, item, x, y, wide, high);
      context.globalAlpha = 1;
      drawHits(context, style, item, x, y, Math.max(wide, 8));
      if (!onMap && readable && item.hiddenNodes === 0) drawFigures(context, style, item, x, y, wide, high);
    }
  };

  return {
    setTree(next) {
      const grows = next !== null && tree !== null && next.task === tree.task && next.view === tree.view && !wasFit;
      tree = next;
      shape = null;
      focus = null;
      wasFit = !grows;
      swatchOf = next ? swatchColumn(next, colour) : new Uint8Array(0);
      glide.jump(grows ? keepInside(glide.camera, bounds(), size, NO_MARGIN) : fitted());
    },
    setFigures(next) {
      tree = next;
      swatchOf = swatchColumn(next, colour);
    },
    setPruned(next) {
      pruned = next;
    },
    setColour(next) {
      colour = next;
      if (tree) swatchOf = swatchColumn(tree, colour);
    },
    setTheme(next) {
      theme = next;
      swatches = makeSwatches(next);
      hatch = null;
    },
    setSize(width, height, nextScale) {
      size = { width, height };
      scale = nextScale;
      hatch = null;
      row = world().row;
      glide.jump(wasFit ? fitted() : keepInside(glide.camera, bounds(), size, NO_MARGIN));
    },
    setFocus(node) {
      focus = node;
    },
    fit(animate) {
      wasFit = true;
      glide.go(fitted(), animate && shapeOf === focus);
    },
    show(node, animate) {
      const item = itemOf(node);
      if (!item) return;
      const { x, y } = corner(item);
      const zoom = 1 / glide.camera.perX;
      const pad = 16;
      const dx = x < pad ? pad - x : Math.min(0, size.width - pad - x - (CARD.width + TAIL) * zoom);
      const dy = y < pad ? pad - y : Math.min(0, size.height - pad - y - row * zoom);
      if (dx !== 0 || dy !== 0) glide.go(panCamera(glide.camera, dx, dy, bounds(), size, NO_MARGIN), animate);
    },
    zoom(factor, x, y) {
      wasFit = false;
      glide.jump(zoomCamera(glide.camera, factor, x, y, bounds(), size, NO_MARGIN));
    },
    pan(dx, dy) {
      wasFit = false;
      glide.jump(panCamera(glide.camera, dx, dy, bounds(), size, NO_MARGIN));
    },
    centre(x, y) {
      wasFit = false;
      const whole = bounds();
      const { perX, perY } = glide.camera;
      glide.jump(
        keepInside(
          {
            perX,
            perY,
            left: whole.left + x * whole.width - (size.width / 2) * perX,
            top: whole.top + y * whole.height - (size.height / 2) * perY,
          },
          whole,
          size,
          NO_MARGIN,
        ),
      );
    },
    // Its cards have no room for them.
    setWords: () => undefined,
    wordsWanted: () => [],
    step: (now) => glide.step(now),
    pick(x, y) {
      const zoom = 1 / glide.camera.perX;
      for (const item of shapeNow()?.items ?? []) {
        const at = corner(item);
        if (x < at.x || x >= at.x + CARD.width * zoom || y < at.y || y >= at.y + (CARD.height + 16) * zoom || !tree) continue;
        // A stub answers with the node above what it hides, so that focusing there opens it.
        if (item.hiddenNodes > 0) return item.parent === NONE ? NONE : shapeNow()!.items[item.parent]!.end - 1;
        return nodeAt(tree, item, (x - at.x) / (CARD.width * zoom));
      }
      return NONE;
    },
    draw(context) {
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      const now = shapeNow();
      if (!now || !tree || !theme) return;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      hatch ??= hatchPattern(context, theme, scale);
      paint(context, now, { tree, swatchOf, swatches, pruned, theme, hatch, zoom: 1 / glide.camera.perX }, false);
    },
    drawMarks(context, selection, hover) {
      const now = shapeNow();
      if (!now || !tree || !theme) return;
      const zoom = 1 / glide.camera.perX;
      const outlineNode = (node: number, style: string, thick: number): void => {
        const item = itemOf(node);
        if (!item || !tree) return;
        const { x, y } = corner(item);
        const { left, right } = shareOf(tree, item, node);
        context.strokeStyle = style;
        context.lineWidth = thick;
        context.strokeRect(
          x + left * CARD.width * zoom - 0.5,
          y - 0.5,
          Math.max(3, (right - left) * CARD.width * zoom),
          CARD.height * zoom + 1,
        );
      };
      if (hover !== null && hover !== selection) outlineNode(hover, theme.css.ink, 1);
      if (selection === null) return;
      context.strokeStyle = theme.css.focus;
      context.lineWidth = 1.5;
      for (let item = itemOf(selection); item && item.parent !== NONE; item = now.items[item.parent]!)
        link(context, now.items[item.parent]!, item, zoom);
      outlineNode(selection, theme.css.card, 4);
      outlineNode(selection, theme.css.focus, 2);
    },
    drawMap(context, width, height, at) {
      const now = shapeNow();
      if (!now || !tree || !theme || !hatch) return;
      const camera = glide.camera;
      const whole = bounds();
      const per = Math.max(whole.width / width, whole.height / height);
      glide.jump({ left: whole.left, top: whole.top - (per * height - whole.height) / 2, perX: per, perY: per });
      context.setTransform(at, 0, 0, at, 0, 0);
      paint(context, now, { tree, swatchOf, swatches, pruned, theme, hatch, zoom: 1 / per }, true);
      glide.jump(camera);
    },
    windowShare() {
      const whole = bounds();
      const { left, top, perX, perY } = glide.camera;
      return {
        left: (left - whole.left) / whole.width,
        right: (left + size.width * perX - whole.left) / whole.width,
        top: (top - whole.top) / whole.height,
        bottom: (top + size.height * perY - whole.top) / whole.height,
      };
    },
    notice() {
      const now = shapeNow();
      if (!now || now.hiddenNodes === 0) return '';
      return `${now.hiddenNodes.toLocaleString('en-US')} nodes are folded into "+n nodes"; double-click one to expand it`;
    },
  };
}
