/** What the charts of a plot have in common: its numbers by set and cell, in words, and what pressing them does. */
import { visible } from '../../../base/visible.ts';
import type { PlotAnswer, RolloutSet, StatisticsAnswer } from '../../../engine/answers/statistics.ts';
import { changeText, plotInterval, plotNumber } from '../../../engine/plots/number-text.ts';
import type { Plot } from '../../../engine/plots/plot.ts';
import { changeOf } from '../../../engine/plots/rows.ts';
import type { Pressed } from '../../plots/bar-button.tsx';
import { exact, plural } from '../../text/format.ts';
import { hasTerm, joinTerms } from './toggle-term.ts';

export interface PlotView {
  readonly plot: Plot;
  readonly answer: PlotAnswer;
  readonly whole: StatisticsAnswer;
  readonly filter: string;
  readonly onPress: (term: string) => void;
}

export interface NumberView {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly number: string;
  /** Against the base; empty: it is the base, or there is none. */
  readonly change: string;
  /** The number, its interval, its rollouts, and the change with its interval. */
  readonly about: string;
}

/** `solved`, `A: reward>0`; what logs put into it is made visible. */
export function setName({ name }: Pick<RolloutSet, 'name'>): string {
  return visible(name);
}

export function numberView({ plot, answer, whole }: PlotView, set: number, cell = 0): NumberView {
  const cells = answer.cells.length;
  const at = set * cells + cell;
  const of = (column: Float64Array | undefined): number => column?.[at] ?? Number.NaN;
  const value = of(answer.value);
  const [low, high] = [of(answer.interval?.low), of(answer.interval?.high)];
  const { base } = whole;
  const change = base === null || base === set ? Number.NaN : changeOf(value, answer.value[base * cells + cell] ?? Number.NaN);
  const [changeLow, changeHigh] = [of(answer.change?.low), of(answer.change?.high)];
  const number = plotNumber(plot.format, value);
  const interval = plotInterval(plot.format, low, high);
  const words = changeText(change);
  const between = Number.isFinite(changeLow) ? ` (${changeText(changeLow)} to ${changeText(changeHigh)})` : '';
  const about = [
    `${number}${plot.unit === null ? '' : ` ${plot.unit}`}`,
    ...(interval === '' ? [] : [`95 % interval ${interval}`]),
    plural(of(answer.count), 'rollout'),
    ...(words === ''
      ? []
      : [`${words}${between} against ${setName(whole.sets[base ?? 0] ?? { name: '', term: null, rollouts: 0, tasks: 0 })}`]),
  ].join(', ');
  return { value, low, high, number, change: `${words}${between}`, about };
}

export function pressOf({ whole, filter, onPress }: PlotView, set: number, term: string | null): Pressed {
  const joined = joinTerms(whole.sets[set]?.term ?? null, term);
  return { term: joined, isOn: joined !== null && hasTerm(filter, joined), onPress };
}

/** An edge of a bin, short. */
export function edgeText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) >= 10_000 && value % 1000 === 0) return `${exact(value / 1000)}k`;
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? exact(value) : String(Number(value.toPrecision(4)));
}
