/** The schedule of the open log: when its rollouts ran, above; what a cluster would make of their work, below. */
import { timelineCsv } from '../../../engine/studies/schedule/timeline-csv.ts';
import { download } from '../../../platform/browser/save.ts';
import { useStudy } from '../../queries/study.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { Observed } from './observed.tsx';
import { Simulator } from './simulator.tsx';
import { TracePanel } from './trace-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { timesWords } from './words.ts';

export function ScheduleView() {
  const state = useStudy('schedule', 'times', (session, onProgress) => session.scheduleTimes(onProgress));
  const { answer } = state;
  const figures = answer?.timeline.figures;
  const left = answer === undefined ? '' : timesWords(answer).join(' ');
  const bar = (
    <>
      <span className="font-[550]">
        {answer && figures
          ? `${exact(figures.rollouts)} of ${plural(answer.rollouts, 'rollout')} with times, ${plural(figures.intervals, 'interval')}`
          : 'Schedule'}
      </span>
      {answer && figures !== undefined && figures.intervals > 0 && (
        <Button
          small
          className="ml-auto"
          title="Every interval: rollout, task, kind, start, end, seconds"
          onClick={() => download({ name: 'intervals.csv', blob: new Blob([timelineCsv(answer)], { type: 'text/csv' }) })}
        >
          Save intervals as CSV
        </Button>
      )}
    </>
  );
  return (
    <StudyFrame name="Schedule" state={state} bar={bar} waiting="Reading when rollouts ran.">
      {answer && (
        <div className="flex min-w-0 flex-col gap-3">
          {left !== '' && <p className="m-0 text-t0 text-ink2">{left}</p>}
          {answer.timeline.rollout.length > 0 && (
            <>
              <TimelinePanel times={answer} />
              <Observed times={answer} />
            </>
          )}
          <Simulator work={answer.work} />
          <TracePanel />
        </div>
      )}
    </StudyFrame>
  );
}
