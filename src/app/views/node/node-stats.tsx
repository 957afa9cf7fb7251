/** The statistics of a node: the large ones with their units, and the finer ones below. */
import type { NodeAnswer } from '../../../engine/answers/looking.ts';
import { STATISTICS } from '../../../engine/statistics/registry.ts';
import type { NodeStatistic } from '../../../engine/statistics/statistic.ts';
import { sourceText } from '../../../engine/words/sources.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { figureText } from '../../text/statistic.ts';
import { shortModel } from '../../text/scoring.ts';

export function NodeStats({ node }: { readonly node: NodeAnswer }) {
  const { entropy } = node;
  const bounded = Number.isFinite(entropy.low) && Number.isFinite(entropy.high) && entropy.high > entropy.low;
  const source =
    entropy.known === 0
      ? 'No entropy is known for these tokens'
      : `Mean over ${exact(entropy.known)} of ${exact(entropy.of)} sampled tokens, ` +
        `${sourceText(entropy)}${bounded ? `; between ${decimal(entropy.low)} and ${decimal(entropy.high)}` : ''}`;
  const shown = STATISTICS.filter(({ views }) => views.includes('tokens'));
  const valueOf = ({ id }: NodeStatistic): number => node.figures[id] ?? Number.NaN;
  return (
    <div className="flex-none border-b border-line">
      <dl className="m-0 grid grid-cols-4 divide-x divide-line">
        {shown
          .filter(({ inInspector }) => inInspector === 'first')
          .map((statistic) => (
            <Stat
              key={statistic.id}
              name={statistic.shortLabel ?? statistic.label}
              value={figureText({ format: statistic.format === 'of' ? 'count' : statistic.format, unit: '' }, valueOf(statistic), 0)}
              unit={
                statistic.format === 'of'
                  ? ` / ${exact(node.trajectories)}`
                  : statistic.unit === '' || Number.isNaN(valueOf(statistic))
                    ? ''
                    : ` ${statistic.unit}`
              }
              title={statistic.isEntropy ? source : statistic.help}
            />
          ))}
      </dl>
      <details className="border-t border-line text-t1">
        <summary className="px-3 py-1 text-t0 text-ink2">
          {entropy.known === 0
            ? 'no entropy known'
            : `entropy from ${sourceText(entropy, shortModel)}, ${exact(entropy.known)} of ${exact(entropy.of)} sampled tokens`}
        </summary>
        <dl className="m-0 grid gap-0.5 px-3 pb-2">
          {shown
            .filter(({ inInspector }) => inInspector === 'more')
            .map((statistic) => (
              <Finer
                key={statistic.id}
                name={statistic.label}
                value={figureText(statistic, valueOf(statistic), node.trajectories)}
                title={statistic.help}
              />
            ))}
          <Finer
            name="sampled in"
            value={`${exact(node.sampledCount)} of ${plural(node.reachCount, 'trajectory', 'trajectories')}`}
            title="Trajectories in which the policy wrote it"
          />
          <Finer name="place" value={`turn ${exact(node.turn)}, level ${exact(node.level)}`} title="Model calls above it, nodes above it" />
        </dl>
      </details>
    </div>
  );
}

function Finer({ name, value, title }: { readonly name: string; readonly value: string; readonly title: string }) {
  return (
    <div title={title} className="flex justify-between gap-3">
      <dt className="text-ink2">{name}</dt>
      <dd className="m-0 tabular-nums">{value}</dd>
    </div>
  );
}

function Stat({
  name,
  value,
  unit,
  title,
}: {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly title: string;
}) {
  return (
    <div title={title} className="min-w-0 px-2 py-2 min-[1320px]:px-3">
      <dt className="text-t0 text-ink2">{name}</dt>
      <dd className="m-0 truncate text-t3 font-[550] tabular-nums">
        {value}
        <span className="text-t1 font-[400] text-ink3">{unit}</span>
      </dd>
    </div>
  );
}
