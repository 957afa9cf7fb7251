/** Draws a task as an icicle (row order, heaviest first, or one strip for each trajectory). */
import { icicle } from '../../core/layout/icicle.ts';
import type { SiblingOrder, Viewport } from '../../core/layout/layout-tree.ts';
import { hitTest, makeSpine, rowEnd } from '../../core/layout/spine.ts';
import type { Spine } from '../../core/layout/spine.ts';
import { FRAME_LIMIT, makeBoxes, visible } from '../../core/layout/visible.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { fitCamera, keepInside, panCamera, zoomCamera } from './camera.ts';
import type { Bounds, Camera } from './camera.ts';
import { makeGlide } from './glide.ts';
import { drawLabels, drawRewards, makeMeasure } from './labels.ts';
import type { Words } from './box-words.ts';
import type { Labelling } from './labelling.ts';
import { makeInks, paintBoxes } from './paint-boxes.ts';
import type { Inks, Painting } from './paint-boxes.ts';
import type { Cut } from './cut.ts';
import { swatchColumn } from './palette.ts';
import type { Colour } from './palette.ts';
import { makeSwatches } from './swatches.ts';
import type { Surface } from './raster.ts';
import type { Scene } from './scene.ts';
import type { Theme } from './theme.ts';

const MARGIN = { x: 0, y: 8 };
/** Closest: a token is 24 pixels wide (an action 480), a trajectory 480 high. */
const MIN_PER_X = { tokens: 1 / 24, actions: 1 / 480 } as const;
const MIN_PER_Y = 1 / 480;
/** Pixels of a trajectory in a fitted drawing at most: one rollout is a band, not a wall. */
const FIT_ROW = 112;
const REWARD_ROOM = 44;
/** Strips lower than this many pixels are not set apart. */
const MIN_STRIP = 3;

export interface IcicleOptions {
  readonly order: SiblingOrder;
  /** One strip for each trajectory, root to leaf. */
  readonly strips: boolean;
}

interface Drawing {
  readonly tree: DrawnTree;
  readonly spine: Spine;
}

interface Raster {
  readonly image: ImageData;
  readonly surface: Surface;
  readonly inks: Inks;
}

export function makeIcicleScene(options: IcicleOptions): Scene {
  const boxes = makeBoxes();
  const mapBoxes = makeBoxes();
  const measure = makeMeasure();
  const glide = makeGlide({ left: 0, top: 0, perX: 1, perY: 1 });
  let drawing: Drawing | null = null;
  let swatchOf: Uint8Array = new Uint8Array(0);
  let colour: Colour = 'kind';
  let words: Words = new Map();
  const wanted: number[] = [];
  let pruned: Cut = { rank: null, cut: 0 };
  let theme: Theme | null = null;
  let focus: number | null = null;
  let size = { width: 0, height: 0 };
  let scale = 1;
  let raster: Raster | null = null;
  let mapRaster: Raster | null = null;
  /** The camera for which `boxes` were found. */
  let boxesAt: Camera | null = null;
  let mapAt: Spine | null = null;
  let wasFit = true;
  /** Of the last frame: see `look`. */
  let grain = 1;

  const bounds = (): Bounds => {
    const layout = drawing?.spine.layout;
    const height = Math.max(1, layout?.height ?? 1, (size.height - 2 * MARGIN.y) / FIT_ROW);
    // Strips end with a reward.
    const tail = options.strips && size.width > 4 * REWARD_ROOM ? size.width / (size.width - REWARD_ROOM) : 1;
    return {
      left: 0,
      top: 0,
      width: Math.max(1, layout?.width ?? 1) * tail,
      height,
      minPerX: MIN_PER_X[drawing?.tree.view ?? 'tokens'],
      minPerY: MIN_PER_Y,
    };
  };
  const viewport = (): Viewport => {
    const { left, top, perX, perY } = glide.camera;
    const columns = Math.round(size.width * scale);
    const rows = Math.round(size.height * scale);
    return { left, top, right: left + (columns / scale) * perX, bottom: top + (rows / scale) * perY, columns, rows };
  };
  /** The camera that shows a subtree as a whole. */
  const cameraOn = (node: number | null): Camera => {
    if (node === null || !drawing) return fitCamera(bounds(), size, MARGIN);
    const {
      tree,
      spine: { layout },
    } = drawing;
    let right = layout.x1[node]!;
    for (let n = node; n < tree.subtreeEnd[node]!; n++) if (layout.x1[n]! > right) right = layout.x1[n]!;
    const area: Bounds = {
      ...bounds(),
      left: layout.x0[node]!,
      width: right - layout.x0[node]!,
      top: layout.y0[node]!,
      height: layout.y1[node]! - layout.y0[node]!,
    };
    return keepInside(fitCamera(area, size, { x: 12, y: 8 }), bounds(), size, MARGIN);
  };
  const makeRaster = (width: number, height: number, at: number): Raster | null => {
    if (width < 1 || height < 1 || !theme) return null;
    const image = new ImageData(width, height);
    const surface = { width, height, pixels: new Uint32Array(image.data.buffer) };
    return { image, surface, inks: makeInks(theme, makeSwatches(theme), width, at) };
  };
  /** First row of pixels of every trajectory in the window. */
  const stripRows = (view: Viewport): Painting['strips'] => {
    const perRow = view.rows / (view.bottom - view.top);
    if (!options.strips || perRow < MIN_STRIP * scale) return null;
    const first = Math.max(0, Math.floor(view.top));
    const last = Math.min(drawing?.spine.layout.height ?? 0, Math.ceil(view.bottom));
    const row = new Int32Array(Math.max(0, last - first) + 1);
    for (let i = 0; i < row.length; i++) row[i] = Math.ceil((first + i - view.top) * perRow - 0.5);
    return row;
  };

  /** Finds the boxes, with the grain of the frame before; finer in the same frame where that leaves most of the limit unused. */
  const look = (spine: Spine, view: Viewport): void => {
    visible(spine, view, boxes, grain, FRAME_LIMIT);
    for (let again = 0; again < 2 && boxes.grain > 1 && boxes.visited + boxes.probed < 0.4 * FRAME_LIMIT; again++) {
      const finer = Math.max(1, Math.floor((boxes.grain * (boxes.visited + boxes.probed)) / (0.6 * FRAME_LIMIT)));
      if (finer >= boxes.grain) break;
      visible(spine, view, boxes, finer, FRAME_LIMIT);
    }
    grain = boxes.grain;
    boxesAt = glide.camera;
  };

  return {
    setTree(tree) {
      const grows = tree !== null && drawing !== null && tree.task === drawing.tree.task && tree.view === drawing.tree.view && !wasFit;
      drawing =
        tree && tree.length > 0 ? { tree, spine: tree.spines?.[options.order] ?? makeSpine(tree, icicle(tree, options.order)) } : null;
      swatchOf = tree ? swatchColumn(tree, colour) : new Uint8Array(0);
      focus = null;
      boxesAt = null;
      mapAt = null;
      wasFit = !grows;
      grain = 1;
      glide.jump(grows ? keepInside(glide.camera, bounds(), size, MARGIN) : fitCamera(bounds(), size, MARGIN));
    },
    setFigures(tree) {
      if (drawing) drawing = { tree, spine: drawing.spine };
      swatchOf = swatchColumn(tree, colour);
    },
    setPruned(next) {
      pruned = next;
    },
    setColour(next) {
      colour = next;
      if (drawing) swatchOf = swatchColumn(drawing.tree, colour);
    },
    setTheme(next) {
      theme = next;
      raster = null;
      mapRaster = null;
    },
    setSize(width, height, nextScale) {
      size = { width, height };
      scale = nextScale;
      raster = null;
      mapRaster = null;
      boxesAt = null;
      mapAt = null;
      glide.jump(wasFit ? cameraOn(focus) : keepInside(glide.camera, bounds(), size, MARGIN));
    },
    setFocus(node) {
      focus = node;
    },
    fit(animate) {
      wasFit = true;
      glide.go(cameraOn(focus), animate);
    },
    show(node, animate) {
      if (!drawing) return;
      const { layout } = drawing.spine;
      const { left, top, perX, perY } = glide.camera;
      const x = (layout.x0[node]! - left) / perX;
      const y = (layout.y0[node]! - top) / perY;
      const right = (layout.x1[node]! - left) / perX;
      const bottom = (layout.y1[node]! - top) / perY;
      const pad = 24;
      const dx = x < pad ? pad - x : right > size.width - pad ? Math.max(pad - x, size.width - pad - right) : 0;
      const dy = y < 0 ? -y : bottom > size.height ? Math.max(-y, size.height - bottom) : 0;
      if (dx === 0 && dy === 0) return;
      glide.go(panCamera(glide.camera, dx, dy, bounds(), size, MARGIN), animate);
    },
    zoom(factor, x, y) {
      wasFit = false;
      // About a point of the drawing: a small one would otherwise leave the window.
      const { left, top, perX, perY } = glide.camera;
      const at = { x: Math.min(x, (bounds().width - left) / perX), y: Math.min(y, (bounds().height - top) / perY) };
      glide.jump(zoomCamera(glide.camera, factor, at.x, at.y, bounds(), size, MARGIN));
    },
    pan(dx, dy) {
      wasFit = false;
      glide.jump(panCamera(glide.camera, dx, dy, bounds(), size, MARGIN));
    },
    centre(x, y) {
      wasFit = false;
      const { perX, perY } = glide.camera;
      const world = bounds();
      const camera = { perX, perY, left: x * world.width - (size.width / 2) * perX, top: y * world.height - (size.height / 2) * perY };
      glide.jump(keepInside(camera, world, size, MARGIN));
    },
    setWords(next) {
      words = next;
    },
    wordsWanted: () => wanted,
    step: (now) => glide.step(now),
    pick(x, y) {
      const { left, top, perX, perY } = glide.camera;
      return drawing ? hitTest(drawing.spine, left + x * perX, top + y * perY) : NONE;
    },
    ...(options.strips && {
      rowAt: (y: number) => drawing && rowEnd(drawing.spine, Math.floor(glide.camera.top + y * glide.camera.perY)),
      rowOf: (node: number) => drawing && rowEnd(drawing.spine, drawing.spine.layout.y0[node] ?? 0),
    }),
    draw(context) {
      const view = viewport();
      raster ??= makeRaster(view.columns, view.rows, scale);
      if (!raster || !theme) return;
      const { surface, inks, image } = raster;
      if (!drawing) {
        surface.pixels.fill(inks.ground);
        context.putImageData(image, 0, 0);
        return;
      }
      if (boxesAt !== glide.camera) look(drawing.spine, view);
      const { left, top, perX, perY } = glide.camera;
      paintBoxes({
        surface,
        boxes,
        tree: drawing.tree,
        swatchOf,
        inks,
        pruned,
        scale,
        shiftX: Math.round((left / perX) * scale),
        shiftY: Math.round((top / perY) * scale),
        strips: stripRows(view),
        plain: false,
        atStart: left <= 0,
      });
      context.putImageData(image, 0, 0);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const labelling: Labelling = {
        context,
        boxes,
        tree: drawing.tree,
        swatchOf,
        swatches: inks.swatches,
        theme,
        colour,
        pruned,
        words,
        wanted,
        scale,
        measure,
        columns: view.columns,
        atEnd: view.right >= drawing.spine.layout.width,
      };
      wanted.length = 0;
      if (options.strips) drawRewards(labelling, size.width);
      else drawLabels(labelling);
    },
    drawMarks(context, selection, hover) {
      if (!drawing || !theme) return;
      const { layout } = drawing.spine;
      const { left, top, perX, perY } = glide.camera;
      const outline = (node: number, style: string, thick: number): void => {
        const x = (layout.x0[node]! - left) / perX;
        const y = (layout.y0[node]! - top) / perY;
        const wide = Math.max(2, (layout.x1[node]! - layout.x0[node]!) / perX - 0.8);
        const high = Math.max(2, (layout.y1[node]! - layout.y0[node]!) / perY - 0.8);
        context.strokeStyle = style;
        context.lineWidth = thick;
        const right = Math.min(x + wide, size.width + 8);
        const bottom = Math.min(y + high, size.height + 8);
        context.strokeRect(Math.max(x, -8), Math.max(y, -8), right - Math.max(x, -8), bottom - Math.max(y, -8));
      };
      if (hover !== null && hover !== selection && hover < layout.length) outline(hover, theme.css.ink, 1);
      if (selection !== null && selection < layout.length) {
        outline(selection, theme.css.card, 4);
        outline(selection, theme.css.focus, 2);
      }
    },
    drawMap(context, width, height, at) {
      mapRaster ??= makeRaster(Math.round(width * at), Math.round(height * at), at);
      if (!mapRaster || !drawing) return;
      const { spine, tree } = drawing;
      const { surface, image, inks } = mapRaster;
      if (mapAt !== spine) {
        visible(
          spine,
          { left: 0, right: bounds().width, top: 0, bottom: bounds().height, columns: surface.width, rows: surface.height },
          mapBoxes,
        );
        mapAt = spine;
      }
      paintBoxes({
        surface,
        boxes: mapBoxes,
        tree,
        swatchOf,
        inks,
        pruned,
        scale: at,
        shiftX: 0,
        shiftY: 0,
        strips: null,
        plain: true,
        atStart: true,
      });
      context.putImageData(image, 0, 0);
    },
    windowShare() {
      const world = bounds();
      const { left, top, perX, perY } = glide.camera;
      return {
        left: share(left / world.width),
        right: share((left + size.width * perX) / world.width),
        top: share(top / world.height),
        bottom: share((top + size.height * perY) / world.height),
      };
    },
    notice: () => (boxes.grain > 1 ? `runs shorter than ${Math.ceil(boxes.grain / scale)} px are merged at this zoom` : ''),
  };
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
