/** Small plots of the figures along the sets. */
import { visible } from '../../../base/visible.ts';
import type { FigureAnswer, VersionsAnswer } from '../../../engine/answers/emergence.ts';
import { describe, estimateText } from '../../../engine/words/emergence.ts';
import { LineChart } from '../../plots/line-chart.tsx';
import { plural } from '../../text/format.ts';
import { shortNumber } from '../statistics/rate-body.tsx';

const WIDTH = 280;
const HEIGHT = 136;
const NOTHING = { term: null, isOn: false, onPress: () => undefined };

export function FigurePlots({ versions: { sets, figures } }: { readonly versions: VersionsAnswer }) {
  const names = sets.map(({ name }) => visible(name));
  const hasVersions = sets.every(({ version }) => version !== null);
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(296px,1fr))] gap-3">
      {figures.filter(isAboveZero).map((figure) => {
        const about = describe(figure.id);
        const ends = figure.sets.flatMap(({ value, high }) => [value, high]).filter((value) => Number.isFinite(value));
        return (
          <figure key={figure.id} aria-label={about.label} className="m-0 min-w-0 overflow-hidden rounded border border-line bg-card p-2">
            <figcaption className="px-1 text-t1 font-[600]">
              {about.label}
              {about.unit !== null && about.unit !== about.label.toLowerCase() && (
                <span className="ml-1.5 text-t0 font-[400] text-ink2">{about.unit}</span>
              )}
            </figcaption>
            <LineChart
              label={about.label}
              width={WIDTH}
              height={HEIGHT}
              steps={names}
              lines={[
                {
                  name: about.label,
                  isDashed: false,
                  points: figure.sets.map(({ value, low, high, count }, s) => ({
                    value,
                    low,
                    high,
                    label: `${names[s] ?? ''}: ${estimateText(about, { value, low, high })}, ${plural(count, 'rollout')}`,
                    pressed: NOTHING,
                  })),
                },
              ]}
              most={ends.reduce((most, value) => Math.max(most, value), 0)}
              axisText={(value) => shortNumber(about.format, value)}
              unit={hasVersions ? 'version' : ''}
            />
          </figure>
        );
      })}
    </div>
  );
}

/** The axis begins at 0; what lies below it is in the table alone. */
function isAboveZero({ sets }: FigureAnswer): boolean {
  return !sets.some(({ value, low }) => value < 0 || low < 0);
}
