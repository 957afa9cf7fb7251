/** One number a rollout: a histogram of one set or two, a row a set of more. */
import { HistogramChart } from '../../plots/histogram-chart.tsx';
import { exact, percent, plural } from '../../text/format.ts';
import { plotNumber } from '../../../engine/plots/number-text.ts';
import { edgeText, numberView, pressOf, setName, type PlotView } from './plot-view.ts';
import { RateBody } from './rate-body.tsx';
import { SetKey } from './set-key.tsx';

/** So many are told apart by pattern. */
const SIDE_BY_SIDE = 2;

export function SpreadBody({ view, width }: { readonly view: PlotView; readonly width: number }) {
  const { plot, answer, whole } = view;
  const { histogram } = answer;
  if (histogram === null || whole.sets.length > SIDE_BY_SIDE) return <RateBody view={view} width={width} />;
  const { edges, terms, counts, spread } = histogram;
  const isOne = whole.sets.length === 1;
  const bins = terms.map((term, bin) =>
    whole.sets.map((set, s) => {
      const rollouts = counts[s * terms.length + bin] ?? 0;
      const share = rollouts / Math.max(1, spread[s]?.known ?? 1);
      const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
      const whose = isOne ? '' : `${setName(set)}: `;
      const where = `${whose}${edgeText(from)} to below ${edgeText(to)}${plot.unit === null ? '' : ` ${plot.unit}`}`;
      return {
        height: isOne ? rollouts : share,
        label: `${where}: ${plural(rollouts, 'rollout')}, ${percent(share)}`,
        pressed: pressOf(view, s, term),
      };
    }),
  );
  return (
    <>
      <HistogramChart
        label={`${plot.label}: histogram`}
        width={width}
        edges={Array.from(edges, edgeText)}
        bins={bins}
        axisText={(value) => (isOne ? exact(value) : percent(value, 0))}
        unit={`${plot.unit ?? plot.label.toLowerCase()}${histogram.steps === 'decades' ? ', in steps of 1, 2, 5' : ''}`}
        marks={whole.sets.map((set, s) => ({
          at: placeOf(edges, spread[s]?.median ?? Number.NaN),
          label: `${setName(set)}: median ${plotNumber(plot.format, spread[s]?.median ?? Number.NaN)}`,
          set: s,
        }))}
      />
      {whole.sets.map((set, s) => {
        const { number, low, high, change } = numberView(view, s);
        const own = spread[s];
        return (
          <p key={s} className="m-0 flex flex-wrap items-baseline gap-x-3 text-t0 text-ink2">
            {!isOne && <SetKey set={s} name={setName(set)} />}
            <span>
              mean <b className="font-[600] text-ink">{number}</b>
              {Number.isFinite(low) && ` (${plotNumber(plot.format, low)} to ${plotNumber(plot.format, high)})`}
            </span>
            <span>median ▾ {plotNumber(plot.format, own?.median ?? Number.NaN)}</span>
            <span>
              middle half {plotNumber(plot.format, own?.lower ?? Number.NaN)} to {plotNumber(plot.format, own?.upper ?? Number.NaN)}
            </span>
            <span>{exact(own?.known ?? 0)} known</span>
            {change !== '' && <span className="text-ink">{change}</span>}
          </p>
        );
      })}
    </>
  );
}

/** In bins from the left; NaN where it lies nowhere. */
function placeOf(edges: Float64Array, value: number): number {
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
    if (value >= from && value < to) return bin + (value - from) / (to - from);
  }
  return Number.NaN;
}
