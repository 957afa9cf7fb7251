/** The retained-signal chart as data: which curves, in which style, at which pixels. */
import type { Strategy } from '../../core/model/rule.ts';
import { STRATEGIES } from '../../core/prune/strategies.ts';
import type { PruneStrategy } from '../../core/prune/strategy.ts';
import type { ComparisonAnswer, OrderAnswer } from '../../engine/answers/pruning.ts';
import type { PixelCurve } from './place-labels.ts';
import type { TokenName } from './theme.ts';

export interface CurveData {
  readonly order: OrderAnswer;
  readonly comparison: ComparisonAnswer | null;
}

/** The plot's edges in CSS pixels, and share -> pixel. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Line {
  readonly label: string;
  readonly stroke: TokenName;
  readonly text: TokenName;
  readonly width: number;
  readonly dash: readonly number[];
  readonly shares: Float64Array;
  readonly retained: Float64Array;
}

export function plotOf(width: number, height: number): Plot {
  return { left: 46, right: Math.max(47, width - 24), top: 22, bottom: Math.max(23, height - 34) };
}

export function xOf(plot: Plot, share: number): number {
  return plot.left + (plot.right - plot.left) * share;
}

export function yOf(plot: Plot, retained: number): number {
  return plot.bottom - (plot.bottom - plot.top) * retained;
}

/** Linear between the points that a curve names; exact at them. Shares must rise. */
export function valueAt(shares: Float64Array, values: Float64Array, share: number): number {
  if (shares.length === 0) return Number.NaN;
  let low = 0;
  let high = shares.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shares[middle]! <= share) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0]!;
  if (low === shares.length) return values[low - 1]!;
  const span = shares[low]! - shares[low - 1]!;
  return values[low - 1]! + ((values[low]! - values[low - 1]!) * (share - shares[low - 1]!)) / span;
}

export function pixelCurve(plot: Plot, shares: Float64Array, values: Float64Array): PixelCurve {
  const y = new Float64Array(Math.floor(plot.right - plot.left) + 1);
  for (let i = 0; i < y.length; i++) y[i] = yOf(plot, valueAt(shares, values, i / (plot.right - plot.left)));
  return { x0: plot.left, y };
}

type Style = Pick<Line, 'stroke' | 'text' | 'width' | 'dash'>;

const CHOSEN: Style = { stroke: 'leaf', text: 'leaf', width: 2.4, dash: [] };
const BOUND: Style = { stroke: 'ink3', text: 'ink2', width: 1, dash: [] };
/** Curves beside the chosen one, by what their strategy says of itself. */
const STYLES: Readonly<Record<NonNullable<PruneStrategy['line']>, Style>> = {
  rival: { stroke: 'k-text', text: 'k-text', width: 1.6, dash: [] },
  dashed: { stroke: 'ink3', text: 'ink2', width: 1.2, dash: [6, 4] },
  dotted: { stroke: 'ink3', text: 'ink2', width: 1.4, dash: [1.5, 3] },
};

/** Lines from the one that matters most to the least. Of the rivals, the last one that is not the choice is drawn. */
export function linesOf({ order, comparison }: CurveData): readonly Line[] {
  const { strategy: chosen, ...curve } = order.curve;
  const listed: readonly PruneStrategy<Strategy>[] = STRATEGIES;
  const rival = listed.findLast(({ id, line }) => line === 'rival' && id !== chosen);
  const beside = [...(rival ? [rival] : []), ...listed.filter(({ line }) => line !== undefined && line !== 'rival')];
  return [
    { label: listed.find(({ id }) => id === chosen)?.label ?? chosen, ...CHOSEN, ...curve },
    ...(comparison ? beside.flatMap((strategy) => lineBeside(strategy, chosen, comparison)) : []),
    { label: 'upper bound', ...BOUND, shares: order.bound.shares, retained: order.bound.retained },
  ];
}

/** Several seeds are one line, their mean. */
function lineBeside({ id, label, line, isBand }: PruneStrategy<Strategy>, chosen: Strategy, comparison: ComparisonAnswer): Line[] {
  if (line === undefined) return [];
  if (isBand === true) {
    const { shares, mean, seeds } = comparison.random;
    return [{ label: `${label} (${seeds} seed${seeds === 1 ? '' : 's'})`, ...STYLES[line], shares, retained: mean }];
  }
  const curve = comparison.curves.find(({ strategy }) => strategy === id);
  return curve && id !== chosen ? [{ label, ...STYLES[line], shares: curve.shares, retained: curve.retained }] : [];
}

/** What the budget counts: "distinct tokens" and so on. */
export function unitName(order: OrderAnswer): string {
  return order.rule.unit === 'flops' ? 'forward FLOPs' : `${order.rule.unit} tokens`;
}

/** Titles of the upright axis, the fullest first: the chart takes the first that fits. */
export function signalTitles(order: OrderAnswer): readonly string[] {
  const { used, label } = order.signal;
  return used === 'entropy' ? ['signal retained'] : [`signal retained (${label})`, 'signal retained'];
}

/** "18.2 %"; one decimal, as everywhere a share is the thing being set. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
