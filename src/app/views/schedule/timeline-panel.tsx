/** The timeline with its legend, its buttons and the card of what the pointer is over. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { ScheduleTimes } from '../../../engine/answers/schedule.ts';
import { timeAxis } from '../../canvas/timeline-axis.ts';
import { createTimelineCanvas, type TimelineCanvas } from '../../canvas/timeline-canvas.ts';
import { HEAD_HEIGHT, ROW, type Chosen } from '../../canvas/timeline-paint.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { useScheduleChoices } from '../../state/schedule.ts';
import { openTranscript } from '../../state/transcript.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { KindKey } from './kind-key.tsx';
import { KIND_WORDS, lasting } from './words.ts';

type Shown = Chosen & { readonly x: number; readonly y: number };

export function TimelinePanel({ times }: { readonly times: ScheduleTimes }) {
  const { timeline } = times;
  const { figures } = timeline;
  const { cutsGaps, set } = useScheduleChoices();
  const rollouts = useRollouts();
  const canvas = useRef<TimelineCanvas | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  // What callbacks of the canvas need; it is made once.
  const latest = useRef({ times, keys: rollouts?.keys });
  useEffect(() => void (latest.current = { times, keys: rollouts?.keys }));
  const host = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const made = createTimelineCanvas(element, {
      onShow: setShown,
      onRead: (row) => {
        const key = latest.current.keys?.[latest.current.times.timeline.rollout[row] ?? -1];
        if (key !== undefined) openTranscript(key);
      },
      describe: (chosen) => cardLines(latest.current.times, chosen).join(', '),
    });
    canvas.current = made;
    return () => {
      canvas.current = null;
      made.dispose();
    };
  }, []);
  const isCut = cutsGaps ?? figures.covered < 0.5 * figures.span;
  const axis = useMemo(() => timeAxis(timeline, isCut), [timeline, isCut]);
  useEffect(() => {
    canvas.current?.setTimeline(timeline, axis);
  }, [timeline, axis]);
  const hasGaps = figures.covered < figures.span;
  const height = Math.min(420, Math.max(140, HEAD_HEIGHT + timeline.rollout.length * ROW.most + 8));
  return (
    <section aria-label="Timeline" className="min-w-0 overflow-hidden rounded border border-line bg-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 text-t0">
        {KIND_WORDS.map(([name, help], kind) => (
          <KindKey key={name} kind={kind} name={name} help={help} />
        ))}
        <span className="ml-auto flex flex-wrap items-center gap-1.5">
          {hasGaps && (
            <label className="mr-2 flex items-center gap-1.5">
              <input type="checkbox" checked={isCut} onChange={(event) => set({ cutsGaps: event.target.checked })} />
              leave out {lasting(figures.span - figures.covered)} in which nothing ran
            </label>
          )}
          <Button small look="quiet" aria-label="Zoom in" onClick={() => canvas.current?.zoom(1.5)}>
            +
          </Button>
          <Button small look="quiet" aria-label="Zoom out" onClick={() => canvas.current?.zoom(1 / 1.5)}>
            −
          </Button>
          <Button small look="quiet" onClick={() => canvas.current?.fit()}>
            Fit
          </Button>
        </span>
      </div>
      <div className="relative" style={{ height }}>
        <div ref={host} className="absolute inset-0" data-part="timeline-host" />
        {shown && <Card times={times} shown={shown} />}
      </div>
      <p className="m-0 border-t border-line px-3 py-1.5 text-t0 text-ink2">
        A row for each rollout, by when it began
        {isCut && axis.cuts.length > 0
          ? `; ${plural(axis.cuts.length, 'dashed line stands', 'dashed lines stand')} for what is left out`
          : ''}
        . Above: how many generate at once; what is hatched is idle. W S zoom, A D pan, arrows step, Enter reads; Ctrl and the wheel zoom.
      </p>
    </section>
  );
}

function Card({ times, shown }: { readonly times: ScheduleTimes; readonly shown: Shown }) {
  const [first, ...rest] = cardLines(times, shown);
  const side = shown.x > 360 ? { right: `calc(100% - ${shown.x - 12}px)` } : { left: shown.x + 12 };
  return (
    <div
      data-part="timeline-card"
      className="pointer-events-none absolute z-10 max-w-80 rounded border border-line2 bg-card px-2.5 py-1.5 text-t0 shadow"
      style={{ top: Math.max(4, shown.y + 12), ...side }}
    >
      <b className="block truncate font-[600]">{first}</b>
      {rest.map((line) => (
        <span key={line} className="block truncate text-ink2 tabular-nums">
          {line}
        </span>
      ))}
    </div>
  );
}

function cardLines({ timeline, names, tasks }: ScheduleTimes, { row, interval }: Chosen): string[] {
  const at = (timeline.first[row] ?? 0) + interval;
  const [start = 0, end = 0] = [timeline.edges[at], timeline.edges[at + 1]];
  const [kind = ''] = KIND_WORDS[timeline.kinds[at] ?? 3] ?? [];
  const generating = timeline.steps.generating[timeline.steps.at.findLastIndex((time) => time <= start)] ?? 0;
  const when = new Date((timeline.origin + start) * 1000).toISOString();
  return [
    `${kind}, ${lasting(end - start)}`,
    visible(names[row] ?? ''),
    visible(tasks[row] ?? ''),
    `from ${when.slice(0, 10)} ${when.slice(11, 23)} UTC`,
    `${exact(generating)} of ${exact(timeline.figures.slots)} generate as it begins`,
  ].filter((line) => line !== '');
}
