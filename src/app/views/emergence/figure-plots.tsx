/** Small plots of the figures along the sets. */
import { visible } from '../../../base/visible.ts';
import type { FigureAnswer, VersionsAnswer } from '../../../engine/answers/emergence.ts';
import { describe, estimateText } from '../../../engine/words/emergence.ts';
import { LineChart } from '../../plots/line-chart.tsx';
import { useWidth } from '../../plots/use-width.ts';
import { plural } from '../../text/format.ts';
import { shortNumber } from '../statistics/rate-body.tsx';
import { FigureName } from './figure-name.tsx';

const HEIGHT = 136;
const NOTHING = { term: null, isOn: false, onPress: () => undefined };

export function FigurePlots({ versions: { sets, figures } }: { readonly versions: VersionsAnswer }) {
  const names = sets.map(({ name }) => visible(name));
  const unit = sets.every(({ version }) => version !== null) ? 'version' : '';
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,280px),1fr))] gap-3">
      {figures.filter(isAboveZero).map((figure) => (
        <FigurePlot key={figure.id} figure={figure} names={names} unit={unit} />
      ))}
    </div>
  );
}

interface FigurePlotProps {
  readonly figure: FigureAnswer;
  /** Of the sets. */
  readonly names: readonly string[];
  readonly unit: string;
}

function FigurePlot({ figure, names, unit }: FigurePlotProps) {
  const about = describe(figure.id);
  const [width, measure] = useWidth(200);
  const ends = figure.sets.flatMap(({ value, high }) => [value, high]).filter((value) => Number.isFinite(value));
  const points = figure.sets.map(({ count, ...one }, s) => ({
    ...one,
    label: `${names[s] ?? ''}: ${estimateText(about, one)}, ${plural(count, 'rollout')}`,
    pressed: NOTHING,
  }));
  return (
    <figure ref={measure} aria-label={about.label} className="m-0 min-w-0 rounded border border-line bg-card py-2">
      <figcaption className="px-3 pb-1 text-t1 font-[600]">
        <FigureName about={about} />
      </figcaption>
      <LineChart
        label={about.label}
        width={width}
        height={HEIGHT}
        steps={names}
        lines={[{ name: about.label, isDashed: false, points }]}
        most={ends.reduce((most, value) => Math.max(most, value), 0)}
        axisText={(value) => shortNumber(about.format, value)}
        unit={unit}
      />
    </figure>
  );
}

/** The axis begins at 0; what lies below it is in the table alone. */
function isAboveZero({ sets }: FigureAnswer): boolean {
  return !sets.some(({ value, low }) => value < 0 || low < 0);
}
