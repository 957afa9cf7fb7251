/** What was observed, in numbers. */
import type { ScheduleTimes, Spread } from '../../../engine/answers/schedule.ts';
import { decimal, exact, percent, plural } from '../../text/format.ts';
import { KIND_WORDS, lasting } from './words.ts';

export function Observed({ times }: { readonly times: ScheduleTimes }) {
  const { figures } = times.timeline;
  const { work } = times;
  const total = figures.seconds.reduce((sum, one) => sum + one, 0);
  const onPath = figures.path.seconds.reduce((sum, one) => sum + one, 0);
  const kinds = KIND_WORDS.map(([name], kind): Row => {
    const seconds = figures.seconds[kind] ?? 0;
    return [name, lasting(seconds), `${percent(seconds / total)} of all rollouts’ time`];
  });
  const rows: readonly Row[] = [
    ['Span', lasting(figures.span), `first start to last end; ${lasting(figures.covered)} of it with a rollout open`],
    ['At once', exact(figures.slots), `generating at most; at most ${exact(figures.mostOpen)} open`],
    [
      'Bubbles',
      lasting(figures.bubbles.seconds),
      `in ${plural(figures.bubbles.count, 'stretch', 'stretches')}: a rollout is open, and fewer than ${exact(figures.slots)} generate`,
    ],
    ['Utilisation', percent(figures.utilisation), `generation ÷ (${exact(figures.slots)} at once × time with a rollout open)`],
    [
      'Critical path',
      lasting(onPath),
      `${plural(figures.path.rows.length, 'rollout')} one after the other, back from the last end; ` +
        `${percent((figures.path.seconds[0] ?? 0) / onPath)} of it generation; ${lasting(figures.path.gaps)} between them`,
    ],
  ];
  const measured: readonly Row[] = [
    ['Turns per rollout', decimal(work.turns.mean, 1), spreadWords(work.turns)],
    ['Tokens per turn', decimal(work.tokensPerTurn.mean, 1), spreadWords(work.tokensPerTurn)],
    [
      'Tools after a turn',
      work.rest.count === 0 ? '–' : `${decimal(work.rest.mean, 1)} s`,
      `${work.rest.count === 0 ? 'none known' : spreadWords(work.rest, ' s')}; unknown after ${plural(work.unknownRests, 'turn')}`,
    ],
    [
      'Generation',
      Number.isNaN(work.rate) ? '–' : `${decimal(work.rate, 1)} tokens/s`,
      `of a rollout alone, on ${exact(work.timedTurns)} of ${plural(work.allTurns, 'turn')}`,
    ],
  ];
  return (
    <div className="grid min-w-0 grid-cols-[repeat(auto-fit,minmax(min(100%,340px),1fr))] gap-3">
      <Figures title="Observed" rows={[...kinds, ...rows]} />
      <Figures title="Measured work" rows={measured} />
    </div>
  );
}

type Row = readonly [name: string, value: string, about: string];

function spreadWords({ median, p90, most }: Spread, unit = ''): string {
  return `mean; median ${decimal(median, 1)}${unit}, nine tenths at most ${decimal(p90, 1)}${unit}, most ${decimal(most, 1)}${unit}`;
}

function Figures({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section aria-label={title} className="min-w-0 rounded border border-line bg-card px-3 py-2">
      <h3 className="m-0 mb-1 text-t2 font-[600]">{title}</h3>
      <dl className="m-0 text-t1">
        {rows.map(([name, value, about]) => (
          <div key={name} className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 border-t border-line py-1">
            <dt className="text-ink2">{name}</dt>
            <dd className="m-0 tabular-nums">
              <b className="font-[550]">{value}</b> <span className="text-t0 text-ink2">{about}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
