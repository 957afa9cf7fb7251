/** Draws the retained-signal chart; sizes and places are CSS pixels. */
import { bandOf, figureText, linesOf, pixelCurve, signalTitles, unitName, valueAt, xOf, yOf } from './curve-chart.ts';
import type { CurveData, Line, Plot } from './curve-chart.ts';
import { placeLabels } from './place-labels.ts';
import { contrast, cssOf, mix } from './theme.ts';
import type { Theme, TokenName } from './theme.ts';

/** Axes, the band of random whole rollouts and all lines; names come later, above the handle's line. */
export function drawChart(
  context: CanvasRenderingContext2D,
  plot: Plot,
  theme: Theme,
  data: CurveData | null,
  width: number,
  height: number,
): void {
  const { css } = theme;
  context.font = `400 11px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = css.line;
  context.fillStyle = css.ink3;
  context.textAlign = 'right';
  const of = data?.of ?? 'signal';
  for (let value = plot.low; value <= 1; value += plot.low < -0.5 ? 0.5 : 0.25) {
    const y = Math.round(yOf(plot, value)) + 0.5;
    line(context, plot.left, y, plot.right, y);
    context.fillText(figureText(of, value), plot.left - 6, y + 3.5);
  }
  context.textAlign = 'center';
  for (const value of width < 260 ? [0, 0.5, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1])
    context.fillText(`${value * 100} %`, xOf(plot, value), plot.bottom + 17);
  if (!data) return;
  context.fillStyle = css.ink2;
  context.textAlign = 'left';
  const titles = signalTitles(data);
  context.fillText(titles.find((title) => plot.left + context.measureText(title).width <= width) ?? 'signal', plot.left, plot.top - 9);
  context.textAlign = 'right';
  context.fillText(`budget, ${unitName(data.order)}`, plot.right, height - 3);

  const lines = linesOf(data);
  const band = bandOf(data);
  if (band) drawBand(context, plot, theme, band);
  for (let i = lines.length - 1; i >= 0; i--) drawLine(context, plot, theme, lines[i]!);
  if (data.beside && of === 'signal') drawKept(context, plot, theme, data.beside);
}

/** Where the settings stand that those in force are compared with: a diamond on their curve. */
function drawKept(context: CanvasRenderingContext2D, plot: Plot, theme: Theme, { curve, share }: NonNullable<CurveData['beside']>): void {
  const [x, y] = [xOf(plot, share), yOf(plot, valueAt(curve.shares, curve.retained, share))];
  context.fillStyle = theme.css.card;
  context.strokeStyle = theme.css.ink;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x + 6, y);
  context.lineTo(x, y + 6);
  context.lineTo(x - 6, y);
  context.closePath();
  context.fill();
  context.stroke();
  // Beside its mark, where no other line can be meant.
  context.font = `600 11px ${theme.font}`;
  context.textAlign = 'left';
  context.fillStyle = theme.css.ink;
  context.fillText('A', x + 10, y + 13);
}

function drawBand(
  context: CanvasRenderingContext2D,
  plot: Plot,
  theme: Theme,
  random: { readonly shares: Float64Array; readonly low: Float64Array; readonly high: Float64Array },
): void {
  const high = pixelCurve(plot, random.shares, random.high);
  const low = pixelCurve(plot, random.shares, random.low);
  context.fillStyle = theme.css.line;
  context.globalAlpha = 0.7;
  context.beginPath();
  for (let i = 0; i < high.y.length; i++) context.lineTo(high.x0 + i, high.y[i]!);
  for (let i = low.y.length - 1; i >= 0; i--) context.lineTo(low.x0 + i, low.y[i]!);
  context.fill();
  context.globalAlpha = 1;
}

function drawLine(context: CanvasRenderingContext2D, plot: Plot, theme: Theme, { stroke, width, dash, shares, values }: Line): void {
  const { x0, y } = pixelCurve(plot, shares, values);
  context.strokeStyle = theme.css[stroke];
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.setLineDash([...dash]);
  context.beginPath();
  for (let i = 0; i < y.length; i++) context.lineTo(x0 + i, y[i]!);
  context.stroke();
  context.setLineDash([]);
}

/** A line's name where it stands: left end and base of the text. */
export interface Name {
  readonly text: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

/** Where each line's name stands; lines that have no free place go without. */
export function nameLines(context: CanvasRenderingContext2D, plot: Plot, theme: Theme, lines: readonly Line[]): Name[] {
  context.font = `500 11px ${theme.font}`;
  const curves = lines.map(({ shares, values }) => pixelCurve(plot, shares, values));
  // The bottom strip belongs to the pinned floor.
  const inside = { ...plot, top: plot.top + 1, bottom: plot.bottom - 16 };
  const places = placeLabels(
    lines.map(({ label }, curve) => ({ curve, width: context.measureText(label).width, height: 12 })),
    curves,
    inside,
  );
  const names: Name[] = [];
  for (const [i, place] of places.entries()) {
    const { label, text } = lines[i]!;
    if (place && label !== '') names.push({ text: label, colour: readable(theme, text), x: place.x, y: place.y + 9.5 });
  }
  return names;
}

/** On a halo of the card's colour, above everything but the handle, whose line may run through a name. */
export function drawNames(context: CanvasRenderingContext2D, theme: Theme, names: readonly Name[]): void {
  context.font = `500 11px ${theme.font}`;
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = theme.css.card;
  for (const { text, colour, x, y } of names) {
    context.globalAlpha = 0.85;
    context.strokeText(text, x, y);
    context.globalAlpha = 1;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

/** A token's colour, moved towards the ink until text in it reads 4.5 : 1 on the card. */
function readable(theme: Theme, name: TokenName): string {
  const { rgb } = theme;
  let colour = rgb[name];
  for (let share = 0.1; contrast(colour, rgb.card) < 4.5 && share <= 1; share += 0.1) colour = mix(rgb[name], rgb.ink, share);
  return cssOf(colour);
}

export function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
