/** Blocks of packed records, one below the other: what is where, and how it is drawn. */
import { RUN_KINDS, type RunKind } from '../../core/prefix/packing.ts';
import type { PackingPicture } from '../../engine/answers/prefix-cost.ts';
import { clearLayer, type Layer } from './layer.ts';
import type { Theme } from './theme.ts';

/** CSS pixels. */
export const PACKING = { row: 20, bar: 14, gutter: 52, right: 8 } as const;

export interface PackingView {
  readonly picture: PackingPicture;
  /** run -> tokens left of it in its block */
  readonly left: Int32Array;
  /** Tokens of a block. */
  readonly room: number;
  readonly width: number;
}

export function packingView(picture: PackingPicture, room: number, width: number): PackingView {
  const { start, runTokens } = picture;
  const left = new Int32Array(runTokens.length);
  for (let block = 0; block < picture.blocks; block++)
    for (let run = start[block]! + 1; run < start[block + 1]!; run++) left[run] = left[run - 1]! + runTokens[run - 1]!;
  return { picture, left, room, width };
}

function pixelsPerToken({ width, room }: PackingView): number {
  return Math.max(1, width - PACKING.gutter - PACKING.right) / room;
}

/** Left and right edge of a run, CSS pixels. */
export function runSpan(view: PackingView, run: number): { readonly from: number; readonly to: number } {
  const scale = pixelsPerToken(view);
  const from = PACKING.gutter + view.left[run]! * scale;
  return { from, to: from + view.picture.runTokens[run]! * scale };
}

export function blockOfRun({ picture: { start, blocks } }: PackingView, run: number): number {
  let low = 0;
  let high = blocks;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (start[middle]! <= run) low = middle;
    else high = middle;
  }
  return low;
}

/** The run of a block at that many tokens from its left; beyond the last one, the last. */
export function runAtToken({ picture: { start }, left }: PackingView, block: number, token: number): number {
  let low = start[block]!;
  let high = start[block + 1]!;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (left[middle]! <= token) low = middle;
    else high = middle;
  }
  return low;
}

/** null: there is none. @param y from the top of the first block */
export function runAtPoint(view: PackingView, x: number, y: number): number | null {
  const block = Math.floor(y / PACKING.row);
  if (block < 0 || block >= view.picture.blocks || x < PACKING.gutter) return null;
  const token = (x - PACKING.gutter) / pixelsPerToken(view);
  const run = runAtToken(view, block, token);
  return token < view.left[run]! + view.picture.runTokens[run]! ? run : null;
}

export interface PackingPaint {
  readonly theme: Theme;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  readonly fills: Readonly<Record<RunKind, string | CanvasPattern>>;
}

/** Told apart without colour: plain, dotted, striped. */
export function packingPaint(context: CanvasRenderingContext2D, theme: Theme, cutSoft: string, scale: number): PackingPaint {
  return {
    theme,
    scale,
    fills: {
      shared: theme.css.leaf,
      own: tiled(context, 5, scale, theme.css['k-text'], (ink) => {
        ink.fillStyle = theme.css.card;
        ink.beginPath();
        ink.arc(2.5, 2.5, 0.9, 0, 2 * Math.PI);
        ink.fill();
      }),
      repeated: tiled(context, 6, scale, cutSoft, (ink) => {
        ink.strokeStyle = theme.css.cut;
        ink.lineWidth = 1.5;
        ink.beginPath();
        for (const shift of [-6, 0, 6]) {
          ink.moveTo(shift - 1, 7);
          ink.lineTo(shift + 7, -1);
        }
        ink.stroke();
      }),
    },
  };
}

function tiled(
  context: CanvasRenderingContext2D,
  size: number,
  scale: number,
  ground: string,
  draw: (ink: OffscreenCanvasRenderingContext2D) => void,
): CanvasPattern {
  const pixels = Math.round(size * scale);
  const tile = new OffscreenCanvas(pixels, pixels);
  const ink = tile.getContext('2d');
  const pattern = ((): CanvasPattern | null => {
    if (!ink) return null;
    ink.fillStyle = ground;
    ink.fillRect(0, 0, pixels, pixels);
    ink.scale(pixels / size, pixels / size);
    draw(ink);
    return context.createPattern(tile, 'repeat');
  })();
  if (!pattern) throw new Error('expected a 2d canvas context, found none');
  pattern.setTransform(new DOMMatrix([size / pixels, 0, 0, size / pixels, 0, 0]));
  return pattern;
}

/** @param scrolled CSS pixels above what is seen. @param at the run that is looked at */
export function drawPacking(
  layer: Layer,
  view: PackingView,
  paint: PackingPaint,
  height: number,
  scrolled: number,
  at: number | null,
): void {
  const { context } = layer;
  const { picture, room } = view;
  const { theme, fills } = paint;
  clearLayer(layer, paint.scale);
  const scale = pixelsPerToken(view);
  const first = Math.max(0, Math.floor(scrolled / PACKING.row));
  const last = Math.min(picture.blocks, Math.ceil((scrolled + height) / PACKING.row));
  context.font = `400 11px ${theme.font}`;
  context.textAlign = 'right';
  context.lineWidth = 1;
  for (let block = first; block < last; block++) {
    const y = block * PACKING.row - scrolled + (PACKING.row - PACKING.bar) / 2;
    context.fillStyle = theme.css.ink2;
    context.fillText((block + 1).toLocaleString('en'), PACKING.gutter - 8, y + PACKING.bar - 3);
    const end = picture.start[block + 1]!;
    for (let run = picture.start[block]!; run < end;) {
      // Neighbours of one kind in one stroke: there may be more of them than pixels.
      const kind = picture.runKind[run]!;
      const from = PACKING.gutter + view.left[run]! * scale;
      let to = from;
      for (; run < end && picture.runKind[run] === kind; run++) to = PACKING.gutter + (view.left[run]! + picture.runTokens[run]!) * scale;
      context.fillStyle = fills[RUN_KINDS[kind]!];
      context.fillRect(from, y, to - from, PACKING.bar);
    }
    context.fillStyle = theme.css.paper;
    for (let run = picture.start[block]! + 1; run < end; run++)
      if (picture.runTokens[run]! * scale >= 4) context.fillRect(PACKING.gutter + view.left[run]! * scale - 0.5, y, 1, PACKING.bar);
    context.strokeStyle = theme.css.line2;
    context.strokeRect(PACKING.gutter - 0.5, y - 0.5, room * scale + 1, PACKING.bar + 1);
  }
  if (at === null) return;
  const { from, to } = runSpan(view, at);
  const y = blockOfRun(view, at) * PACKING.row - scrolled + (PACKING.row - PACKING.bar) / 2;
  context.strokeStyle = theme.css.ink;
  context.lineWidth = 2;
  context.strokeRect(from - 1, y - 2, Math.max(3, to - from + 2), PACKING.bar + 4);
}
