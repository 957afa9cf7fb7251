/** One number a set, a row each. */
import { RowChart } from '../../plots/row-chart.tsx';
import { plotNumber } from '../../../engine/plots/number-text.ts';
import { numberView, pressOf, setName, type PlotView } from './plot-view.ts';

export function RateBody({ view, width }: { readonly view: PlotView; readonly width: number }) {
  const { plot, whole } = view;
  const rows = whole.sets.map((set, s) => {
    const { about, ...shown } = numberView(view, s);
    const name = setName(set);
    return {
      key: String(s),
      name: whole.sets.length === 1 ? '' : name,
      ...shown,
      label: `${plot.label}${whole.sets.length === 1 ? '' : `, ${name}`}: ${about}`,
      set: whole.sets.length === 2 ? s : 0,
      pressed: pressOf(view, s, null),
    };
  });
  const axisText = (value: number): string => shortNumber(plot.format, value);
  return <RowChart label={plot.label} width={width} rows={rows} axisText={axisText} />;
}

/** As an axis has room for. */
export function shortNumber(format: Parameters<typeof plotNumber>[0], value: number): string {
  if (format === 'percent') return plotNumber(format, value).replace('.0', '');
  return plotNumber('decimal', value).replace(/\.?0+$/, '');
}
