/** The chart of a budget as data: which curves of what, in which style, at which pixels. */
import type { Strategy } from '../../core/model/rule.ts';
import { STRATEGIES } from '../../core/prune/strategies.ts';
import type { PruneStrategy } from '../../core/prune/strategy.ts';
import type { ComparisonAnswer, Curve, GradientComparison, OrderAnswer } from '../../engine/answers/pruning.ts';
import type { PixelCurve } from './place-labels.ts';
import type { TokenName } from './theme.ts';

export interface CurveData {
  readonly order: OrderAnswer;
  readonly comparison: ComparisonAnswer | null;
  readonly of: CurveOf;
  /** Settings that those in force are compared with: their curve, and the share they are at. */
  readonly beside?: { readonly curve: Curve; readonly share: number } | null;
  /** Signal with loss by train share, at the cut in force; absent: not known yet. */
  readonly train?: { readonly shares: Float64Array; readonly retained: Float64Array } | undefined;
  /** At the train share in force; absent or null: not known. */
  readonly trainValue?: number | null | undefined;
}

/** What a budget is measured by: the signal retained, or the cosine of what it trains with the full set's gradient. */
export type CurveOf = 'signal' | 'gradient';

/** The plot's edges in CSS pixels, and share -> pixel. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Value at the bottom: 0, or below where a curve is. The top is 1. */
  readonly low: number;
}

export interface Line {
  /** Empty: its handle says what it is. */
  readonly label: string;
  readonly stroke: TokenName;
  readonly text: TokenName;
  readonly width: number;
  readonly dash: readonly number[];
  readonly shares: Float64Array;
  readonly values: Float64Array;
}

export function plotOf(width: number, height: number, data: CurveData | null = null): Plot {
  const least = data === null ? 0 : Math.min(...linesOf(data).map(({ values }) => values.reduce((low, value) => Math.min(low, value), 0)));
  const low = least < -0.01 ? Math.floor(least * 4) / 4 : 0;
  return { left: 46, right: Math.max(47, width - 24), top: 22, bottom: Math.max(23, height - 34), low };
}

export function xOf(plot: Plot, share: number): number {
  return plot.left + (plot.right - plot.left) * share;
}

export function yOf(plot: Plot, value: number): number {
  return plot.bottom - ((plot.bottom - plot.top) * (value - plot.low)) / (1 - plot.low);
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
const KEPT: Style = { stroke: 'ink', text: 'ink', width: 1.8, dash: [10, 4] };
const TRAIN: Style = { stroke: 'focus', text: 'focus', width: 1.6, dash: [5, 3] };
const BOUND: Style = { stroke: 'ink3', text: 'ink2', width: 1, dash: [] };
/** Curves beside the chosen one, by what their strategy says of itself. */
const STYLES: Readonly<Record<NonNullable<PruneStrategy['line']>, Style>> = {
  rival: { stroke: 'ink2', text: 'ink2', width: 1.4, dash: [8, 2, 2, 2] },
  dashed: { stroke: 'ink3', text: 'ink2', width: 1.2, dash: [6, 4] },
  dotted: { stroke: 'ink3', text: 'ink2', width: 1.4, dash: [1.5, 3] },
};

/** Lines from the one that matters most to the least. Of the rivals, the last one that is not the choice is drawn. */
export function linesOf({ order, comparison, of, beside: kept, train }: CurveData): readonly Line[] {
  const { strategy: chosen, shares, retained } = order.curve;
  const listed: readonly PruneStrategy<Strategy>[] = STRATEGIES;
  const rival = listed.findLast(({ id, line }) => line === 'rival' && id !== chosen);
  const beside = [...(rival ? [rival] : []), ...listed.filter(({ line }) => line !== undefined && line !== 'rival')];
  const label = listed.find(({ id }) => id === chosen)?.label ?? chosen;
  if (of === 'gradient') {
    const gradient = comparison?.gradient;
    const own = gradient?.curves.find(({ strategy }) => strategy === chosen);
    if (!gradient || !own) return [];
    return [
      { label, ...CHOSEN, shares: gradient.shares, values: own.cosine },
      ...beside.flatMap((strategy) => gradientBeside(strategy, chosen, gradient)),
    ];
  }
  return [
    { label, ...CHOSEN, shares, values: retained },
    ...(kept ? [{ label: '', ...KEPT, shares: kept.curve.shares, values: kept.curve.retained }] : []),
    ...(train ? [{ label: '', ...TRAIN, shares: train.shares, values: train.retained }] : []),
    ...(comparison ? beside.flatMap((strategy) => lineBeside(strategy, chosen, comparison)) : []),
    { label: 'upper bound', ...BOUND, shares: order.bound.shares, values: order.bound.retained },
  ];
}

function gradientBeside({ id, label, line, isBand }: PruneStrategy<Strategy>, chosen: Strategy, gradient: GradientComparison): Line[] {
  if (line === undefined) return [];
  const { shares, band } = gradient;
  if (isBand === true) return [{ label: `${label}, weight 1/k`, ...STYLES[line], shares, values: band.mean }];
  const curve = gradient.curves.find(({ strategy }) => strategy === id);
  return curve && id !== chosen ? [{ label, ...STYLES[line], shares, values: curve.cosine }] : [];
}

/** Several seeds are one line, their mean. */
function lineBeside({ id, label, line, isBand }: PruneStrategy<Strategy>, chosen: Strategy, comparison: ComparisonAnswer): Line[] {
  if (line === undefined) return [];
  if (isBand === true) {
    const { shares, mean, seeds } = comparison.random;
    return [{ label: `${label} (${seeds} seed${seeds === 1 ? '' : 's'})`, ...STYLES[line], shares, values: mean }];
  }
  const curve = comparison.curves.find(({ strategy }) => strategy === id);
  return curve && id !== chosen ? [{ label, ...STYLES[line], shares: curve.shares, values: curve.retained }] : [];
}

/** What the budget counts: "distinct tokens" and so on. */
export function unitName(order: OrderAnswer): string {
  return order.rule.unit === 'flops' ? 'forward FLOPs' : `${order.rule.unit} tokens`;
}

/** The band beside the curves; null: none is known. */
export function bandOf({
  comparison,
  of,
}: CurveData): { readonly shares: Float64Array; readonly low: Float64Array; readonly high: Float64Array } | null {
  if (of === 'signal') return comparison && comparison.random;
  const gradient = comparison?.gradient;
  return gradient ? { shares: gradient.shares, ...gradient.band } : null;
}

/** A figure on the upright axis. */
export function figureText(of: CurveOf, value: number): string {
  return of === 'signal' ? `${value * 100} %` : value.toFixed(2);
}

/** Titles of the upright axis, the fullest first: the chart takes the first that fits. */
export function signalTitles({ order, of }: CurveData): readonly string[] {
  if (of === 'gradient') {
    if (order.rule.outcome === 'successes') return ['cosine with the gradient of all that may train', 'gradient cosine'];
    return ['cosine with the full set’s gradient', 'cosine with the full gradient', 'gradient cosine'];
  }
  const { used, label } = order.signal;
  return used === 'entropy' ? ['signal retained'] : [`signal retained (${label})`, 'signal retained'];
}

/** "18.2 %"; one decimal, as everywhere a share is the thing being set. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
