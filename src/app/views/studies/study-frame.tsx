/** What all studies share on the page: a bar, how far reading has come, what went wrong, and the figures below. */
import type { ReactNode } from 'react';
import type { StudyState } from '../../queries/study.ts';
import { bytes, duration, percent } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

interface StudyFrameProps {
  readonly name: string;
  readonly state: Pick<StudyState<unknown>, 'answer' | 'error' | 'progress' | 'isOld' | 'stop' | 'ask'>;
  /** Settings and what can be saved. */
  readonly bar?: ReactNode;
  /** What is said while there is no answer yet. */
  readonly waiting: string;
  readonly children?: ReactNode;
}

export function StudyFrame({ name, state, bar, waiting, children }: StudyFrameProps) {
  const { answer, error, progress, isOld } = state;
  return (
    <section aria-label={name} className="absolute inset-0 flex flex-col">
      {bar !== undefined && (
        <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-t1">{bar}</div>
      )}
      {isOld && error === null && (
        <output className="flex flex-none flex-wrap items-center gap-x-3 border-b border-line px-3 py-1 text-t1 text-ink2">
          {progress === null ? waiting : `${waiting} ${percent(progress.bytes / Math.max(1, progress.totalBytes))}`}
          {progress !== null && (
            <span className="tabular-nums">
              {bytes(progress.bytesPerSecond)}/s{progress.secondsLeft === null ? '' : ` · ${duration(progress.secondsLeft)} left`}
            </span>
          )}
          <Button small onClick={state.stop}>
            Cancel
          </Button>
        </output>
      )}
      {error !== null && (
        <p role="alert" className="m-0 flex flex-none items-center gap-3 p-3 text-t1 text-cut">
          {error.name === 'AbortError' || /abort/i.test(error.message) ? 'Cancelled.' : error.message}
          <Button small onClick={state.ask}>
            Ask again
          </Button>
        </p>
      )}
      <div aria-busy={isOld} className="min-h-0 flex-1 overflow-auto bg-paper p-3">
        {answer !== undefined && children}
      </div>
    </section>
  );
}
