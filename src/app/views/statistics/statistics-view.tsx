/** Statistics of the rollouts that the filter leaves: plots that filter, of one set or of sets against each other. */
import type { StatisticsAnswer } from '../../../engine/answers/statistics.ts';
import { PLOTS } from '../../../engine/plots/registry.ts';
import { statisticsCsv } from '../../../engine/plots/rows.ts';
import { download } from '../../../platform/browser/save.ts';
import { useStatistics } from '../../queries/statistics.ts';
import { usePicked } from '../../state/choices.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { ChangeTable } from './change-table.tsx';
import { PlotCard } from './plot-card.tsx';
import type { PlotView } from './plot-view.ts';
import { SplitBar } from './split-bar.tsx';
import { toggleTerm } from './toggle-term.ts';

export function StatisticsView() {
  const { answer, error, drawn, isOld } = useStatistics();
  const { filter, set } = usePicked((s) => ({ filter: s.filter, set: s.set }));
  const onPress = (term: string): void => set({ filter: toggleTerm(filter, term) });
  const views = PLOTS.flatMap((plot): PlotView[] => {
    const own = answer?.plots.find(({ id }) => id === plot.id);
    return answer && own ? [{ plot, answer: own, whole: answer, filter, onPress }] : [];
  });
  return (
    <section aria-label="Statistics" className="absolute inset-0 flex flex-col">
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-t1">
        <SplitBar answer={answer} />
        {answer && (
          <Button
            small
            className="ml-auto"
            title="All numbers below as one CSV file"
            onClick={() =>
              download({ name: 'statistics.csv', blob: new Blob([statisticsCsv(answer.plots, answer)], { type: 'text/csv' }) })
            }
          >
            Save all as CSV
          </Button>
        )}
        <p className="m-0 flex w-full flex-wrap gap-x-3 text-t0 text-ink2">
          {answer && <SetCounts answer={answer} />}
          <Basis answer={answer} drawn={drawn} />
        </p>
      </div>
      {error && (
        <p role="alert" className="m-0 p-3 text-t1 text-cut">
          No statistics: {error.message}
        </p>
      )}
      <div aria-busy={isOld} className="min-h-0 flex-1 overflow-auto bg-paper p-3">
        {answer === undefined && !error && <p className="m-0 text-t1 text-ink2">Counting turns, tools and entropy…</p>}
        {answer?.rollouts.here === 0 && <p className="m-0 text-t1">The filter leaves no rollouts.</p>}
        {answer && answer.rollouts.here > 0 && (
          <div className="flex flex-col gap-3">
            <ChangeTable views={views} whole={answer} />
            <div className="columns-[340px] gap-3">
              {views.filter(isDrawn).map((view) => (
                <PlotCard key={view.plot.id} view={view} />
              ))}
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

/** One number of one set or two is in the table above. */
function isDrawn({ plot, whole }: PlotView): boolean {
  return plot.kind !== 'rate' || whole.sets.length > 2;
}

/** What the filter leaves, and what the sets leave of that. */
function SetCounts({ answer: { rollouts, sets, left } }: { readonly answer: StatisticsAnswer }) {
  const parts = [
    rollouts.here === rollouts.of ? plural(rollouts.of, 'rollout') : `${exact(rollouts.here)} of ${plural(rollouts.of, 'rollout')}`,
    ...(sets.length > 1 ? [plural(sets.length, 'set')] : []),
    ...(left.words > 0 ? [`${plural(left.words, 'smaller one')} not shown (${plural(left.rollouts, 'rollout')})`] : []),
    ...(left.unknown > 0 ? [`${plural(left.unknown, 'rollout')} without a value`] : []),
  ];
  return <span>{parts.join(' · ')}</span>;
}

/** What intervals rest on, or how far they are. */
function Basis({ answer, drawn }: { readonly answer: StatisticsAnswer | undefined; readonly drawn: number | null }) {
  if (drawn !== null) return <output>intervals {percent(drawn, 0)}</output>;
  if (!answer?.bootstrap) return null;
  const { resamples, seed, unit } = answer.bootstrap;
  const drawnFrom = unit === 'tasks' ? 'tasks, then of the rollouts of each' : 'rollouts';
  return (
    <span
      title={
        'Percentile bootstrap. Drawing tasks and rollouts counts the spread within tasks about twice, so intervals are rather too ' +
        'wide than too narrow; of few tasks or rollouts they are rough.'
      }
    >
      95 % intervals: {exact(resamples)} draws of {drawnFrom}, seed {seed}
    </span>
  );
}
