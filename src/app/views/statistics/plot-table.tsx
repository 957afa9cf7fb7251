/** The numbers of a plot as a table: what its picture shows, exactly. */
import { visible } from '../../../base/visible.ts';
import { plotRows } from '../../../engine/plots/rows.ts';
import type { PlotView } from './plot-view.ts';

export function PlotTable({ view: { plot, answer, whole } }: { readonly view: PlotView }) {
  const rows = plotRows(answer, whole);
  const names = ['set', 'part', 'from', 'to', 'rollouts', 'value', 'low', 'high', 'change'] as const;
  const shown = names.filter((name) => rows.some((row) => row[name] !== '' && !Number.isNaN(row[name])));
  return (
    <section className="max-h-64 overflow-auto" aria-label={`${plot.label} as a table`}>
      <table className="w-full text-t0 tabular-nums">
        <caption className="sr-only">{plot.label}</caption>
        <thead className="sticky top-0 bg-sunk text-left text-ink2">
          <tr>
            {shown.map((name) => (
              <th key={name} scope="col" className="px-2 py-1 font-[400]">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} className="border-t border-line">
              {shown.map((name) => (
                <td key={name} className="px-2 py-0.5">
                  {cellText(row[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Every digit: this is where the exact number is looked up. */
function cellText(value: string | number): string {
  if (typeof value === 'string') return visible(value);
  return Number.isFinite(value) ? String(value) : '–';
}
