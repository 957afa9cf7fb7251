/** A line chart as inline SVG: shares of a budget to the right, a figure upwards, a band where there is an interval. */
import { escaped } from '../../base/escape.ts';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

export interface ChartLine {
  readonly label: string;
  /** Index into the colours of the page's style. */
  readonly colour: number;
  readonly points: readonly ChartPoint[];
}

const WIDTH = 520;
const HEIGHT = 300;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 40;
/** Colours of the page's style, and the dash patterns that tell lines apart without them. */
const COLOURS = 10;
const DASHES = ['', '6 3', '2 3', '8 3 2 3'] as const;

/** @param axis what is drawn upwards, from 0 to at least 1 */
export function chart(title: string, axis: string, lines: readonly ChartLine[]): string {
  const points = lines.flatMap(({ points: own }) => own);
  const right = points.reduce((most, { x }) => Math.max(most, x), 0) || 1;
  const top = points.reduce((most, { y, high }) => Math.max(most, y, high), 1);
  const bottom = points.reduce((least, { y, low }) => Math.min(least, y, low), 0);
  const x = (value: number): string => (LEFT + (value / right) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number): string => (HEIGHT - BOTTOM - ((value - bottom) / (top - bottom)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => bottom + part * (top - bottom));
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const parts = [
    ...ticks.map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>` +
        `<text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${value.toFixed(2)}</text>`,
    ),
    ...xs.map((value) => `<text x="${x(value)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${percent(value)}</text>`),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">budget</text>`,
    ...lines.map(({ colour, points: own }) => {
      const forth = own.map((point) => `${x(point.x)},${y(point.high)}`);
      const back = own.toReversed().map((point) => `${x(point.x)},${y(point.low)}`);
      return `<polygon class="c${colour % COLOURS}" points="${[...forth, ...back].join(' ')}"/>`;
    }),
    ...lines.map(({ label, colour, points: own }) => {
      const path = own.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
      const dash = DASHES[Math.floor(colour / COLOURS) % DASHES.length] ?? '';
      return (
        `<polyline class="c${colour % COLOURS}" stroke-dasharray="${dash}" points="${path}"><title>${escaped(label)}</title></polyline>` +
        own.map((point) => `<circle class="c${colour % COLOURS}" cx="${x(point.x)}" cy="${y(point.y)}" r="2.5"/>`).join('')
      );
    }),
  ];
  const label = escaped(`${title}: ${axis} against the budget, one line for each of ${lines.map((line) => line.label).join(', ')}`);
  return (
    `<figure><figcaption>${escaped(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${parts.join('')}</svg>${legend(lines)}</figure>`
  );
}

function legend(lines: readonly ChartLine[]): string {
  const entries = lines.map(({ label, colour }) => {
    const dash = DASHES[Math.floor(colour / COLOURS) % DASHES.length] ?? '';
    const line = `<line class="c${colour % COLOURS}" stroke-dasharray="${dash}" x1="0" x2="24" y1="4" y2="4"/>`;
    const key = `<svg viewBox="0 0 24 8" aria-hidden="true">${line}</svg>`;
    return `<li>${key}${escaped(label)}</li>`;
  });
  return `<ul class="legend">${entries.join('')}</ul>`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
