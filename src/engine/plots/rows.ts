/** The numbers of plots as rows: what CSV files and tables hold, exactly as they are. */
import type { PlotAnswer, StatisticsAnswer } from '../answers/statistics.ts';

/** The header of `statisticsCsv`, and the members of a row. */
const COLUMNS = [
  'plot',
  'set',
  'part',
  'from',
  'to',
  'rollouts',
  'value',
  'low',
  'high',
  'difference_low',
  'difference_high',
  'change',
  'change_low',
  'change_high',
] as const;
type PlotRow = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * A row for each number, then one for each bin of a histogram, whose `value` is its share of the set's known rollouts. NaN: unknown, or not
 * asked for. `change`: the value over that of the base set, minus 1.
 */
export function plotRows(plot: PlotAnswer, { sets, base }: Pick<StatisticsAnswer, 'sets' | 'base'>): PlotRow[] {
  const { cells, histogram } = plot;
  const rows: PlotRow[] = [];
  const at = (column: Float64Array | undefined, i: number): number => column?.[i] ?? Number.NaN;
  for (const [set, { name }] of sets.entries()) {
    for (const [cell, { label }] of cells.entries()) {
      const i = set * cells.length + cell;
      const value = at(plot.value, i);
      rows.push({
        plot: plot.id,
        set: name,
        part: label,
        from: '',
        to: '',
        rollouts: at(plot.count, i),
        value,
        low: at(plot.interval?.low, i),
        high: at(plot.interval?.high, i),
        difference_low: at(plot.difference?.low, i),
        difference_high: at(plot.difference?.high, i),
        change: base === null || base === set ? Number.NaN : changeOf(value, at(plot.value, base * cells.length + cell)),
        change_low: at(plot.change?.low, i),
        change_high: at(plot.change?.high, i),
      });
    }
  }
  if (histogram === null) return rows;
  const nothing = { low: NaN, high: NaN, difference_low: NaN, difference_high: NaN, change: NaN, change_low: NaN, change_high: NaN };
  const bins = histogram.terms.length;
  for (const [set, { name }] of sets.entries()) {
    for (let bin = 0; bin < bins; bin++) {
      const rollouts = at(histogram.counts, set * bins + bin);
      const known = histogram.spread[set]?.known ?? 0;
      const [from, to] = [at(histogram.edges, bin), at(histogram.edges, bin + 1)];
      rows.push({ plot: plot.id, set: name, part: 'bin', from, to, rollouts, value: rollouts / known, ...nothing });
    }
  }
  return rows;
}

/** Relative to a base above 0; NaN: there is none. */
export function changeOf(value: number, base: number): number {
  return base > 0 ? value / base - 1 : Number.NaN;
}

/** As CSV with a header; unknown numbers are empty. */
export function statisticsCsv(plots: readonly PlotAnswer[], answer: Pick<StatisticsAnswer, 'sets' | 'base'>): string {
  const lines = plots.flatMap((plot) => plotRows(plot, answer)).map((row) => COLUMNS.map((column) => field(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** A spreadsheet takes what begins with one of these for a formula. */
function field(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
