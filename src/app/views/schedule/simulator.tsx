/** What a cluster would make of the open log's work under each policy: its settings, which are the assumptions, and a table. */
import { useState } from 'react';
import { runsCsv } from '../../../engine/studies/schedule/runs-csv.ts';
import type { MeasuredWork } from '../../../engine/answers/schedule.ts';
import { CLUSTER_NAMES, CLUSTER_SETTINGS, DEFAULT_CLUSTER, type ClusterName } from '../../../core/schedule/settings.ts';
import { download } from '../../../platform/browser/save.ts';
import { useStudy } from '../../queries/study.ts';
import { useScheduleChoices } from '../../state/schedule.ts';
import { asSentence, count, decimal, plural } from '../../text/format.ts';
import { Button, NumberField } from '../../widgets/controls.tsx';
import { PolicyTable } from './policy-table.tsx';

interface Progress {
  readonly done: number;
  readonly total: number;
}

export function Simulator({ work }: { readonly work: MeasuredWork }) {
  const { cluster, set } = useScheduleChoices();
  const [progress, setProgress] = useState<Progress | null>(null);
  const state = useStudy('schedule-runs', cluster, (session) =>
    session.scheduleRuns(cluster, (done, total) => setProgress({ done, total })),
  );
  const { answer, error, isOld } = state;
  const change = (name: ClusterName, value: number): void =>
    set({ cluster: { ...cluster, [name]: CLUSTER_SETTINGS[name].isInteger ? Math.round(value) : value } });
  return (
    <section aria-label="Simulator" className="flex min-w-0 flex-col gap-3 rounded border border-line bg-card p-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="m-0 text-t2 font-[600]">What other schedules would take</h3>
        <p className="m-0 text-t0 text-ink2">
          {plural(work.rollouts, 'rollout')} of the log to draw from
          {work.leftOut > 0 ? `; ${plural(work.leftOut, 'other')} without turns or tokens` : ''}
        </p>
        <span className="ml-auto flex gap-1.5">
          <Button small look="quiet" onClick={() => set({ cluster: DEFAULT_CLUSTER })}>
            Defaults
          </Button>
          {answer?.ok === true && (
            <Button small onClick={() => download({ name: 'schedules.csv', blob: new Blob([runsCsv(answer)], { type: 'text/csv' }) })}>
              Save as CSV
            </Button>
          )}
        </span>
      </div>
      <fieldset className="m-0 min-w-0 border-0 p-0">
        <legend className="mb-1 p-0 text-t1 font-[550]">Assumed</legend>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,230px),1fr))] gap-x-5">
          {CLUSTER_NAMES.map((name) => (
            <Field key={name} name={name} value={cluster[name]} onChange={(value) => change(name, value)}>
              {name === 'rate' && work.rate > 0 && (
                <button
                  type="button"
                  className="text-t0 text-ink2 underline decoration-dotted underline-offset-2 hover:text-ink"
                  onClick={() => change('rate', Number(work.rate.toPrecision(4)))}
                >
                  use {decimal(work.rate, 1)} as measured
                </button>
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      {isOld && error === null && (
        <output className="m-0 flex items-center gap-3 text-t1 text-ink2">
          Simulating{progress === null ? '' : `: run ${progress.done} of ${progress.total}`}.
          <Button small onClick={state.stop}>
            Cancel
          </Button>
        </output>
      )}
      {error !== null && (
        <p role="alert" className="m-0 flex items-center gap-3 text-t1 text-cut">
          {error.name === 'AbortError' || /abort/i.test(error.message) ? 'Cancelled.' : error.message}
          <Button small onClick={state.ask}>
            Ask again
          </Button>
        </p>
      )}
      {answer?.ok === false && (
        <p role="alert" className="m-0 text-t1 text-cut">
          Not simulated: {asSentence(answer.why)}
        </p>
      )}
      {answer?.ok === true && (
        <div aria-busy={isOld} className={isOld ? 'opacity-60' : ''}>
          <PolicyTable comparison={answer.comparison} seeds={answer.cluster.seeds} />
          <p className="m-0 mt-2 text-t0 text-ink2">
            Every policy trains on the same {plural(answer.comparison.rollouts, 'rollout')} ({count(answer.comparison.tokens.mean)} tokens
            on average), drawn with replacement, {plural(answer.cluster.seeds, 'time')}. ±: 95 % intervals over these draws, by Student’s t;
            ratios are taken within a draw. They say how far the draw matters, not how far the assumptions hold. Prompts, caches and the
            length of contexts cost nothing here.
          </p>
        </div>
      )}
    </section>
  );
}

interface FieldProps {
  readonly name: ClusterName;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly children?: React.ReactNode;
}

function Field({ name, value, onChange, children }: FieldProps) {
  const { label, unit, help, low, high } = CLUSTER_SETTINGS[name];
  return (
    <div className="border-t border-line py-1 text-t1" title={help}>
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 text-ink2">{label}</span>
        <NumberField
          label={`${label}, ${unit}`}
          value={value}
          format={(one) => String(one)}
          low={low}
          high={high}
          onChange={onChange}
          className="w-16 border-line text-right"
        />
        <span className="w-24 flex-none text-t0 text-ink2">{unit}</span>
      </div>
      {children}
    </div>
  );
}
