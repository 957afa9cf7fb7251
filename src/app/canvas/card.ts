/** One run of nodes drawn as a card: its kinds as a strip, what is dropped hatched, and its figures below. */
import { NONE } from '../../core/model/kinds.ts';
import type { OutlineItem } from '../../core/layout/outline.ts';
import { KEPT_BY } from '../../engine/answers/comparing.ts';
import type { DrawnTree } from '../../engine/answers/drawing.ts';
import { endFigure } from './figure-column.ts';
import { hitNodes } from './filter-marks.ts';
import { lengthOf } from './labels.ts';
import { isKept, solidShare } from './paint-boxes.ts';
import type { Cut } from './cut.ts';
import type { Swatch } from './swatches.ts';
import { hatchArea, hatchPeriod, makeHatch } from './raster.ts';
import { mix, packed } from './theme.ts';
import type { Theme } from './theme.ts';

/** World units of a card (pixels at zoom 1). */
export const CARD = { width: 148, height: 20, column: 216, row: 46 } as const;

const whole = new Intl.NumberFormat('en-US');

/** Everything a card is drawn with. */
export interface CardStyle {
  readonly tree: DrawnTree;
  readonly swatchOf: Uint8Array;
  readonly swatches: readonly Swatch[];
  readonly pruned: Cut;
  readonly theme: Theme;
  readonly hatch: CanvasPattern;
  /** Pixels per world unit. */
  readonly zoom: number;
}

/** A repeating pattern of one period, for contexts whose transform is `scale`. */
export function hatchPattern(context: CanvasRenderingContext2D, theme: Theme, scale: number): CanvasPattern {
  const { rgb } = theme;
  const period = hatchPeriod(scale);
  const hatch = makeHatch(period, scale, packed(rgb.sunk), packed(rgb.line2), packed(mix(rgb.sunk, rgb.line2, 0.22)));
  const image = new ImageData(period, period);
  const surface = { width: period, height: period, pixels: new Uint32Array(image.data.buffer) };
  hatchArea(surface, { column0: 0, column1: period, row0: 0, row1: period }, hatch, 0);
  const tile = new OffscreenCanvas(period, period);
  const ink = tile.getContext('2d');
  if (!ink) throw new Error('expected a 2d canvas context, found none');
  ink.putImageData(image, 0, 0);
  const pattern = context.createPattern(tile, 'repeat');
  if (!pattern) throw new Error('expected a pattern of a drawn tile, found none');
  pattern.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, 0, 0]));
  return pattern;
}

/** The node of an item at a share (0..1) of its width. */
export function nodeAt(tree: DrawnTree, item: OutlineItem, share: number): number {
  const at = tree.depth[item.first]! + share * item.tokens;
  let low = item.first;
  let high = item.end;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (tree.depth[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** Left and right share of a node in its item. */
export function shareOf(tree: DrawnTree, item: OutlineItem, node: number): { readonly left: number; readonly right: number } {
  const tokens = Math.max(1, item.tokens);
  const left = (tree.depth[node]! - tree.depth[item.first]!) / tokens;
  return { left, right: left + tree.tokens[node]! / tokens };
}

/** What one of two settings alone keeps: a frame, whole for A and dotted for B, and the letter where there is room. */
function drawOnly(context: CanvasRenderingContext2D, theme: Theme, by: 1 | 2, x: number, y: number, wide: number, high: number): void {
  if (wide < 3 || high < 3) return;
  context.strokeStyle = theme.css.ink;
  context.lineWidth = 1.5;
  context.setLineDash(by === KEPT_BY.a ? [] : [1.5, 1.5]);
  context.strokeRect(x + 0.75, y + 0.75, wide - 2.3, high - 1.5);
  context.setLineDash([]);
  if (wide < 16 || high < 12) return;
  context.fillStyle = theme.css.paper;
  context.fillRect(x + wide - 12, y + 2, 9, 10);
  context.fillStyle = theme.css.ink;
  context.font = `600 9px ${theme.font}`;
  context.textAlign = 'center';
  context.fillText(by === KEPT_BY.a ? 'A' : 'B', x + wide - 7.5, y + 10);
}

/** The strip: one rectangle for each node, or for each pixel where nodes are narrower. x, y, wide, high in pixels. */
export function drawCard(
  context: CanvasRenderingContext2D,
  style: CardStyle,
  item: OutlineItem,
  x: number,
  y: number,
  wide: number,
  high: number,
): void {
  const { tree, pruned, theme, zoom } = style;
  const ends = wide >= 8 ? wide : 8;
  let node = item.first;
  let cut: number | null = null;
  let wasKept = tree.parent[node] === NONE || isKept(pruned, tree.parent[node]!);
  for (let from = 0; from < ends - 0.01;) {
    const to = Math.min(ends, Math.max(from + 1, shareOf(tree, item, node).right * ends));
    const kept = isKept(pruned, node);
    const swatch = style.swatches[style.swatchOf[node]!]!;
    context.fillStyle = kept ? `rgb(${swatch.fill.join(' ')})` : style.hatch;
    const gap = kept && to - from >= 3 ? 0.8 : 0;
    context.fillRect(x + from, y, to - from - gap, high);
    if (kept) drawPale(context, style, swatch, x + from + (to - from) * solidShare(pruned, node), y, x + to - gap, high);
    if (kept && tree.protection[node]! > 0 && to - from >= 4 && high >= 8) {
      context.fillStyle = theme.css.ink;
      context.globalAlpha = tree.protection[node] === 2 ? 1 : 0.5;
      context.fillRect(x + from, y, 1.5, high);
      context.globalAlpha = 1;
      if (tree.protection[node] === 2) triangle(context, x + from, y, 5);
    }
    if (kept && swatch.underline && to - from >= 4 && high >= 8) {
      context.fillStyle = theme.css.ink;
      for (let dot = from + 1.5; dot + 1.2 < to; dot += 2.6) context.fillRect(x + dot, y + high - 2.6, 1.2, 1.2);
    }
    if (kept && swatch.glyph !== '' && to - from >= 10 && high >= 12) {
      context.fillStyle = swatch.text;
      context.font = `500 11px ${theme.font}`;
      context.textAlign = 'center';
      context.fillText(swatch.glyph, x + (from + to) / 2, y + high / 2 + 4);
    }
    const by = pruned.compared?.[node] ?? 0;
    if (by === KEPT_BY.a || by === KEPT_BY.b) drawOnly(context, theme, by, x + from, y, to - from, high);
    if (wasKept && !kept) cut = x + from;
    wasKept = kept;
    from = to;
    if (from < ends) node = Math.max(node + 1, nodeAt(tree, item, (from + 0.5) / ends));
    if (node >= item.end) break;
  }
  if (high >= 4) {
    context.strokeStyle = theme.css.line2;
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, ends + 1, high + 1);
  }
  if (cut !== null) {
    context.fillStyle = theme.css.cut;
    context.fillRect(cut - 1.6, y - 3 * zoom, 1.6, high + 6 * zoom);
  }
}

/** What carries no loss: pale, with a dotted edge where there is room for one. */
function drawPale(
  context: CanvasRenderingContext2D,
  { theme }: CardStyle,
  { pale }: Swatch,
  from: number,
  y: number,
  to: number,
  high: number,
): void {
  if (to - from < 0.5) return;
  context.fillStyle = `rgb(${pale.join(' ')})`;
  context.fillRect(from, y, to - from, high);
  if (to - from < 3 || high < 3) return;
  context.strokeStyle = theme.css.ink3;
  context.lineWidth = 1;
  context.setLineDash([1, 1]);
  context.strokeRect(from + 0.5, y + 0.5, to - from - 1, high - 1);
  context.setLineDash([]);
}

/** Pixels of the bar of a hit. */
const BAR = 3;

/** A bar over each node in which a word of the filter stands, set apart by a line of ground; over a stub that hides one, one. */
export function drawHits(
  context: CanvasRenderingContext2D,
  { tree, pruned: { marks }, theme }: CardStyle,
  item: OutlineItem,
  x: number,
  y: number,
  wide: number,
): void {
  if (!marks) return;
  if (item.hiddenNodes > 0) {
    const { hidden } = item;
    for (let i = 0; i < hidden.length; i += 2)
      if (hitNodes(marks, hidden[i]!, hidden[i + 1]!).length > 0) return drawBar(context, theme, x, y, wide);
    return;
  }
  let drawn = -Infinity;
  for (const node of hitNodes(marks, item.first, item.end)) {
    const { left, right } = shareOf(tree, item, node);
    const from = Math.max(drawn, left * wide);
    const to = Math.min(wide, Math.max(right * wide, left * wide + BAR));
    if (to - from < 0.5) continue;
    drawBar(context, theme, x + from, y, to - from);
    drawn = to;
  }
}

function drawBar(context: CanvasRenderingContext2D, theme: Theme, x: number, y: number, wide: number): void {
  context.fillStyle = theme.css.paper;
  context.fillRect(x, y - 1, wide, BAR + 2);
  context.fillStyle = theme.css.ink;
  context.fillRect(x, y - 1, wide, BAR);
}

/** Tokens and reach under a card; the reward at the end of a leaf. */
export function drawFigures(
  context: CanvasRenderingContext2D,
  style: CardStyle,
  item: OutlineItem,
  x: number,
  y: number,
  wide: number,
  high: number,
): void {
  const { tree, theme } = style;
  context.font = `400 10.5px ${theme.font}`;
  context.fillStyle = theme.css.ink2;
  context.textAlign = 'left';
  const nodes = item.end - item.first;
  const tokens = lengthOf(tree, item.tokens);
  const long = `${whole.format(nodes)} node${nodes === 1 ? '' : 's'} · ${tokens}`;
  const reach = `${whole.format(item.reachCount)} / ${whole.format(tree.trajectories)}`;
  const room = wide - context.measureText(reach).width - 6;
  if (context.measureText(long).width <= room) context.fillText(long, x, y + high + 12);
  else if (context.measureText(tokens).width <= room) context.fillText(tokens, x, y + high + 12);
  context.textAlign = 'right';
  context.fillText(reach, x + wide, y + high + 12);
  const reward = endFigure(tree)[item.end - 1]!;
  if (!item.leaf || Number.isNaN(reward)) return;
  context.textAlign = 'left';
  context.font = `500 11px ${theme.font}`;
  context.fillStyle = theme.css.ink;
  const text = reward.toFixed(2).replace('-', '−');
  context.strokeStyle = theme.css.paper;
  context.lineWidth = 3;
  context.strokeText(text, x + wide + 6, y + high / 2 + 4);
  context.fillText(text, x + wide + 6, y + high / 2 + 4);
}

/** What a stub stands for, in a dashed frame. */
export function drawStub(
  context: CanvasRenderingContext2D,
  theme: Theme,
  item: OutlineItem,
  x: number,
  y: number,
  wide: number,
  high: number,
  withText: boolean,
): void {
  context.strokeStyle = theme.css.ink3;
  context.lineWidth = 1;
  context.setLineDash([3, 2]);
  context.strokeRect(x + 0.5, y + 0.5, wide - 1, high - 1);
  context.setLineDash([]);
  if (!withText) return;
  context.fillStyle = theme.css.ink2;
  context.textAlign = 'left';
  context.font = `500 11px ${theme.font}`;
  context.fillText(`+${whole.format(item.hiddenNodes)} node${item.hiddenNodes === 1 ? '' : 's'}`, x + 6, y + high / 2 + 4);
  context.font = `400 10.5px ${theme.font}`;
  context.fillText(`${whole.format(item.reachCount)} trajector${item.reachCount === 1 ? 'y' : 'ies'}`, x, y + high + 12);
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.fill();
}
