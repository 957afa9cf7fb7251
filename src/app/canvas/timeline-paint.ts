/** Draws a timeline: marks of time, how many generate at once, and a row for each rollout. */
import type { Timeline } from '../../core/schedule/timeline.ts';
import type { Theme, TokenName } from './theme.ts';
import { markStep, markText, type TimeAxis } from './timeline-axis.ts';

/** Pixels of the marks, and of the picture of how many generate. */
const HEAD = { marks: 22, count: 44, gap: 6 } as const;
export const HEAD_HEIGHT = HEAD.marks + HEAD.count + HEAD.gap;
/** Pixels of a row at least and at most. */
export const ROW = { least: 4, most: 18 } as const;

/** kind -> its colour; each has a pattern of its own as well. */
const KIND_COLOURS: readonly TokenName[] = ['k-text', 'k-call', 'k-memory', 'k-context'];

/** What of a timeline is in sight. */
export interface TimeWindow {
  /** Place at the left edge, and seconds per pixel. */
  readonly left: number;
  readonly per: number;
  /** Pixels that rows are scrolled by, and of a row. */
  readonly top: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** An interval of a row, counted from the row's first. */
export interface Chosen {
  readonly row: number;
  readonly interval: number;
}

export interface Painted {
  readonly timeline: Timeline;
  readonly axis: TimeAxis;
  readonly theme: Theme;
  readonly patterns: readonly (CanvasPattern | null)[];
  readonly chosen: Chosen | null;
}

/** Stripes, dots and hatching over the colours, so that kinds differ without them. */
export function makePatterns(context: CanvasRenderingContext2D, theme: Theme): (CanvasPattern | null)[] {
  return KIND_COLOURS.map((name, kind) => {
    if (kind === 0) return null;
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const ink = tile.getContext('2d');
    if (ink === null) return null;
    ink.fillStyle = theme.css[name];
    ink.fillRect(0, 0, 6, 6);
    ink.strokeStyle = ink.fillStyle = kind === 3 ? theme.css.ink3 : theme.css.paper;
    ink.beginPath();
    if (kind === 1)
      for (const x of [-3, 0, 3, 6]) {
        ink.moveTo(x, 6);
        ink.lineTo(x + 6, 0);
      }
    ink.lineWidth = 1;
    ink.stroke();
    if (kind === 2) ink.fillRect(2, 2, 2, 2);
    if (kind === 3) ink.fillRect(0, 2, 3, 1);
    return context.createPattern(tile, 'repeat');
  });
}

export function paintTimeline(context: CanvasRenderingContext2D, painted: Painted, view: TimeWindow): void {
  const { theme } = painted;
  context.fillStyle = theme.css.card;
  context.fillRect(0, 0, view.width, view.height);
  paintRows(context, painted, view);
  context.fillStyle = theme.css.card;
  context.fillRect(0, 0, view.width, HEAD_HEIGHT);
  paintMarks(context, painted, view);
  paintCount(context, painted, view);
}

function pixelOf({ axis }: Painted, { left, per }: TimeWindow, time: number): number {
  return (axis.placeOf(time) - left) / per;
}

function paintMarks(context: CanvasRenderingContext2D, painted: Painted, view: TimeWindow): void {
  const { theme, axis } = painted;
  const step = markStep(96 * view.per);
  context.font = `11px ${theme.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  for (let place = Math.ceil(view.left / step) * step; place <= view.left + view.width * view.per; place += step) {
    const x = Math.round((place - view.left) / view.per) + 0.5;
    context.strokeStyle = theme.css.line;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, view.height);
    context.stroke();
    context.fillStyle = theme.css.ink2;
    context.fillText(markText(axis.timeOf(place), step), x + 4, HEAD.marks / 2);
  }
  context.strokeStyle = theme.css.cut;
  context.setLineDash([3, 3]);
  for (const { at } of axis.cuts) {
    const x = Math.round((at - view.left) / view.per) + 0.5;
    if (x < 0 || x > view.width) continue;
    context.beginPath();
    context.moveTo(x, HEAD.marks);
    context.lineTo(x, view.height);
    context.stroke();
  }
  context.setLineDash([]);
}

/** How many generate, against the most that did: what is hatched is a bubble. */
function paintCount(context: CanvasRenderingContext2D, painted: Painted, view: TimeWindow): void {
  const { timeline, theme, patterns } = painted;
  const { at, generating, open } = timeline.steps;
  const { slots } = timeline.figures;
  if (slots === 0) return;
  const base = HEAD.marks + HEAD.count;
  for (let i = 0; i + 1 < at.length; i++) {
    if (open[i] === 0) continue;
    const from = Math.max(0, pixelOf(painted, view, at[i]!));
    const to = Math.min(view.width, pixelOf(painted, view, at[i + 1]!));
    if (to <= 0 || from >= view.width) continue;
    const height = (HEAD.count * generating[i]!) / slots;
    context.fillStyle = patterns[3] ?? theme.css.sunk;
    context.fillRect(from, base - HEAD.count, to - from, HEAD.count - height);
    context.fillStyle = theme.css[KIND_COLOURS[0]!];
    context.fillRect(from, base - height, to - from, height);
  }
  const label = `at most ${slots} at once`;
  context.font = `11px ${theme.font}`;
  const room = context.measureText(label).width + 8;
  context.fillStyle = theme.css.card;
  context.fillRect(view.width - room, 0, room, HEAD.marks);
  context.fillStyle = theme.css.ink;
  context.fillText(label, view.width - room + 4, HEAD.marks / 2);
}

function paintRows(context: CanvasRenderingContext2D, painted: Painted, view: TimeWindow): void {
  const { timeline, theme, patterns, chosen } = painted;
  const first = Math.max(0, Math.floor(view.top / view.row));
  const last = Math.min(timeline.rollout.length, Math.ceil((view.top + view.height - HEAD_HEIGHT) / view.row));
  const gap = view.row >= 8 ? 2 : 1;
  for (let row = first; row < last; row++) {
    const y = HEAD_HEIGHT + row * view.row - view.top;
    const end = timeline.first[row + 1]! - 1;
    const fill = (kind: number, from: number, to: number): void => {
      context.fillStyle = patterns[kind] ?? theme.css[KIND_COLOURS[kind]!];
      const x = Math.max(-1, from);
      context.fillRect(x, y, Math.min(to, view.width + 1) - x, view.row - gap);
    };
    // What is narrower than a pixel shares it with its neighbours: the pixel is of the kind that has most of it.
    let pixel = Number.NaN;
    let shares = [0, 0, 0, 0];
    const flush = (): void => {
      if (!Number.isNaN(pixel)) fill(shares.indexOf(Math.max(...shares)), pixel, pixel + 1);
      pixel = Number.NaN;
    };
    for (let interval = firstInterval(painted, view, row); interval < end; interval++) {
      const from = pixelOf(painted, view, timeline.edges[interval]!);
      const to = pixelOf(painted, view, timeline.edges[interval + 1]!);
      const kind = timeline.kinds[interval]!;
      if (from >= view.width) break;
      if (Math.floor(from) !== pixel) flush();
      if (to - from >= 1) {
        flush();
        fill(kind, from, to);
        continue;
      }
      if (Number.isNaN(pixel)) shares = [0, 0, 0, 0];
      pixel = Math.floor(from);
      shares[kind]! += to - from;
    }
    flush();
  }
  if (chosen === null || chosen.row < first || chosen.row >= last) return;
  const at = timeline.first[chosen.row]! + chosen.interval;
  const from = pixelOf(painted, view, timeline.edges[at]!);
  const to = pixelOf(painted, view, timeline.edges[at + 1]!);
  context.strokeStyle = theme.css.focus;
  context.lineWidth = 2;
  context.strokeRect(from, HEAD_HEIGHT + chosen.row * view.row - view.top, Math.max(2, to - from), view.row - gap);
}

/** The first interval of a row that ends in sight, as an index into `edges`. */
function firstInterval({ timeline: { first, edges }, axis }: Painted, { left }: TimeWindow, row: number): number {
  let low = first[row]! - 1;
  let high = first[row + 1]! - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (axis.placeOf(edges[middle + 1]!) <= left) low = middle;
    else high = middle;
  }
  return high;
}
