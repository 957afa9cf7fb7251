/** Means along an axis: one or two sets in one picture, more in one each with one axis. */
import { LineChart, type Line } from '../../plots/line-chart.tsx';
import { numberView, pressOf, setName, type PlotView } from './plot-view.ts';
import { shortNumber } from './rate-body.tsx';

export function SeriesBody({ view, width }: { readonly view: PlotView; readonly width: number }) {
  const { plot, answer, whole } = view;
  const isMany = whole.sets.length > 2;
  const { cells } = answer;
  const ends = [...answer.value, ...(answer.interval?.high ?? [])].filter((value) => Number.isFinite(value));
  const most = ends.reduce((high, value) => Math.max(high, value), 0);
  const lines = whole.sets.map((set, s): Line => ({
    name: setName(set),
    isDashed: !isMany && s === 1,
    points: cells.map(({ label, term }, cell) => {
      const { value, low, high, about } = numberView(view, s, cell);
      const where = `${label}${whole.sets.length === 1 ? '' : `, ${setName(set)}`}`;
      return { value, low, high, label: `${where}: ${about}`, pressed: pressOf(view, s, term) };
    }),
  }));
  const chart = {
    steps: cells.map(({ label }) => label),
    most,
    axisText: (value: number) => shortNumber(plot.format, value),
    unit: axis(plot.id),
  };
  if (!isMany)
    return (
      <>
        <LineChart label={plot.label} width={width} lines={lines} {...chart} />
        {whole.sets.length === 2 && (
          <p className="m-0 flex flex-wrap gap-3 text-t0">
            {whole.sets.map((set, s) => (
              <span key={s} className="inline-flex items-center gap-1.5">
                {s === 0 ? 'solid' : 'dashed'}: {setName(set)}
              </span>
            ))}
          </p>
        )}
      </>
    );
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(240px,1fr))] gap-3">
      {lines.map((line, s) => (
        <LineChart
          key={s}
          label={`${plot.label}, ${line.name}`}
          heading={line.name}
          width={Math.min(width, SMALL)}
          height={120}
          lines={[line]}
          {...chart}
        />
      ))}
    </div>
  );
}

/** Width of a small picture, CSS pixels. */
const SMALL = 240;

function axis(id: string): string {
  return id.endsWith('turn') ? 'turn' : 'tokens above';
}
