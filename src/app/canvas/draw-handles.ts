/** Draws the handles on the chart of a budget, round for the cut and square for training, and what follows them. */
import { percent, xOf } from './curve-chart.ts';
import type { CurveData, Plot } from './curve-chart.ts';
import { drawNames, line } from './draw-curve.ts';
import type { Name } from './draw-curve.ts';
import type { Theme, TokenName } from './theme.ts';

/** A handle's share, and its middle in CSS pixels. */
interface HandlePlace {
  readonly share: number;
  readonly x: number;
  readonly y: number;
}

interface HandlePlaces {
  readonly cut: HandlePlace;
  readonly train: HandlePlace;
  /** Held, or with the focus of the keyboard. */
  readonly active: 'cut' | 'train' | null;
  /** The one that the budget in force sets. */
  readonly target: 'cut' | 'train';
}

/** What is kept, the lines of the handles, the pinned floor, the names, and above all the handles. */
export function drawHandles(
  context: CanvasRenderingContext2D,
  plot: Plot,
  theme: Theme,
  { order }: CurveData,
  names: readonly Name[],
  places: HandlePlaces,
): void {
  const { css } = theme;
  const { cut, train, active, target } = places;
  const unmet = order.pinnedFloor > cut.share + 1e-12;
  context.fillStyle = css.leaf;
  context.globalAlpha = 0.1;
  context.fillRect(plot.left, plot.top, cut.x - plot.left, plot.bottom - plot.top);
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.strokeStyle = css.focus;
  context.setLineDash([3, 3]);
  line(context, train.x, plot.top, train.x, plot.bottom);
  context.setLineDash([]);
  context.strokeStyle = css.ink;
  line(context, cut.x, plot.top, cut.x, plot.bottom);
  const labels = [labelOf(context, plot, theme, 'cut', places), labelOf(context, plot, theme, 'train', places)];
  // A handle moves; the name of a curve gives way to its label.
  drawNames(
    context,
    theme,
    names.filter(({ text, x, y }) => {
      context.font = `500 11px ${theme.font}`;
      const end = x + context.measureText(text).width;
      return !labels.some((label) => label.x < end + 3 && label.x + label.wide > x - 3 && Math.abs(label.y - y) < 12);
    }),
  );
  context.fillStyle = css.ink;
  context.beginPath();
  context.moveTo(cut.x, plot.bottom);
  context.lineTo(cut.x + 4.5, plot.bottom + 6);
  context.lineTo(cut.x - 4.5, plot.bottom + 6);
  context.fill();
  if (order.pinnedFloor > 0) drawFloor(context, plot, theme, order.pinnedFloor, cut.x, unmet);
  // The label of the handle that is set comes last, above the other's.
  for (const handle of target === 'cut' ? (['train', 'cut'] as const) : (['cut', 'train'] as const)) {
    const place = places[handle];
    const label = labels[handle === 'cut' ? 0 : 1];
    if (label) drawLabel(context, theme, label);
    if (active === handle) drawGlow(context, theme, place);
    context.fillStyle = css.card;
    context.lineWidth = 2.5;
    context.strokeStyle = handle === 'train' ? css.focus : unmet ? css.cut : css.leaf;
    context.beginPath();
    if (handle === 'cut') context.arc(place.x, place.y, 6.5, 0, 2 * Math.PI);
    else context.roundRect(place.x - 6, place.y - 6, 12, 12, 2);
    context.fill();
    context.stroke();
  }
}

function drawGlow(context: CanvasRenderingContext2D, { css }: Theme, { x, y }: HandlePlace): void {
  context.fillStyle = css.focus;
  context.globalAlpha = 0.25;
  context.beginPath();
  context.arc(x, y, 12, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

interface Label {
  readonly text: string;
  readonly font: string;
  readonly colour: TokenName;
  readonly x: number;
  readonly y: number;
  readonly wide: number;
}

/** "cut 38.0 %" beside its handle, on the side where there is room. */
function labelOf(context: CanvasRenderingContext2D, plot: Plot, theme: Theme, handle: 'cut' | 'train', places: HandlePlaces): Label {
  const { share, x, y } = places[handle];
  const text = `${handle} ${percent(share)}`;
  const font = `${places.target === handle ? 600 : 500} 11px ${theme.font}`;
  context.font = font;
  const wide = context.measureText(text).width;
  return {
    text,
    font,
    colour: handle === 'cut' ? 'ink' : 'focus',
    x: x + 12 + wide <= plot.right + 20 ? x + 12 : x - 12 - wide,
    y: Math.min(plot.bottom - 18, Math.max(plot.top + 12, y + (handle === 'cut' ? 18 : 4))),
    wide,
  };
}

function drawLabel(context: CanvasRenderingContext2D, theme: Theme, { text, font, colour, x, y }: Label): void {
  context.font = font;
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = theme.css.card;
  context.strokeText(text, x, y);
  context.fillStyle = theme.css[colour];
  context.fillText(text, x, y);
}

/** A tick on the axis and its figure, worded and placed where it meets neither the handle's line nor the frame. */
function drawFloor(context: CanvasRenderingContext2D, plot: Plot, theme: Theme, floor: number, handleX: number, unmet: boolean): void {
  const name = `pinned floor ${percent(floor)}`;
  context.font = `500 10.5px ${theme.font}`;
  const x = xOf(plot, floor);
  const place = floorPlace(
    plot,
    x,
    handleX,
    (unmet ? [`${name}, not met`, name, percent(floor)] : [name, percent(floor)]).map((text) => ({
      text,
      width: context.measureText(text).width,
    })),
  );
  context.fillStyle = theme.css.cut;
  context.fillRect(x - 0.75, plot.bottom - 9, 1.5, 9);
  context.strokeStyle = theme.css.cut;
  context.lineWidth = 1;
  const end = place.x > x ? place.x - 3 : place.x + place.width + 3;
  line(context, x, plot.bottom - 8.5, end, plot.bottom - 8.5);
  context.strokeStyle = theme.css.card;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.textAlign = 'left';
  context.strokeText(place.text, place.x, plot.bottom - 5);
  context.fillText(place.text, place.x, plot.bottom - 5);
}

/** The longest wording that fits right or left of the tick or of the handle's line; else the shortest, at the right. */
function floorPlace(
  plot: Plot,
  x: number,
  handleX: number,
  wordings: readonly { readonly text: string; readonly width: number }[],
): { readonly text: string; readonly width: number; readonly x: number } {
  for (const { text, width } of wordings) {
    for (const from of [x + 6, handleX + 8, x - width - 6, handleX - width - 8]) {
      if (from >= plot.left && from + width <= plot.right + 16 && (handleX < from - 4 || handleX > from + width + 4))
        return { text, width, x: from };
    }
  }
  const { text, width } = wordings[wordings.length - 1]!;
  return { text, width, x: plot.right - width };
}
