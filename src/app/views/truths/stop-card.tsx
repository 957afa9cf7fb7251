/** What stopping at a threshold would have come to: exact counts, both errors as curves, and a slider along them. */
import { useEffect, useRef, useState } from 'react';
import type { TruthsAnswer, TruthStops } from '../../../engine/answers/truths.ts';
import { useTruthsChoice } from '../../state/truths.ts';
import { decimal, exact, percent, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { StopChart } from './stop-chart.tsx';

interface StopCardProps {
  readonly answer: TruthsAnswer;
  readonly stops: TruthStops | undefined;
  readonly onDrop: () => void;
}

/** The last point whose threshold is no larger. */
function pointAt({ curve: { thresholds } }: TruthsAnswer, threshold: number): number {
  const at = thresholds.findLastIndex((each) => each <= threshold + 1e-9);
  return Math.max(0, at);
}

export function StopCard({ answer, onDrop }: StopCardProps) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const threshold = useTruthsChoice((s) => s.threshold);
  const { curve, judged } = answer;
  const at = pointAt(answer, threshold);
  useEffect(() => {
    const { current } = host;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const stopped = curve.stopped[at] ?? 0;
  const [falseStops, missed, saved] = [curve.falseStops[at] ?? 0, curve.missed[at] ?? 0, curve.saved[at] ?? 0];
  const unknown = curve.unknown[at] ?? 0;
  const go = (point: number): void => useTruthsChoice.setState({ threshold: curve.thresholds[point] ?? 0 });
  const thresholdText = `${decimal(curve.thresholds[at] ?? 0)} calls`;
  return (
    <section aria-label="Early stopping" className="rounded border border-line bg-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2 text-t1">
        <span className="text-t2 font-[600]">Early stopping</span>
        <label className="flex min-w-0 flex-1 basis-64 items-center gap-2">
          <span className="flex-none text-ink2">stop at more than</span>
          <input
            type="range"
            aria-label="Threshold of deviation"
            aria-valuetext={thresholdText}
            min={0}
            max={curve.thresholds.length - 1}
            value={at}
            onChange={(event) => go(Number(event.target.value))}
            className="min-w-24 flex-1 accent-leaf"
          />
          <output className="w-20 flex-none tabular-nums">{thresholdText}</output>
        </label>
        <Button
          small
          disabled={stopped === 0}
          title="Adds an act that drops the nodes which only rollouts pass that have deviated before; the deviating call goes too"
          onClick={onDrop}
        >
          Drop what is beyond
        </Button>
      </div>
      <dl className="m-0 grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-x-6 gap-y-1 px-3 py-2 text-t1">
        <Count name="stopped" value={stopped} of={judged.rollouts} unit="rollout" />
        <Count name="false stops" value={falseStops} of={judged.successes} unit="success" units="successes" />
        <Count name="missed" value={missed} of={judged.failures} unit="failure" />
        <Count name="saved" value={saved} of={judged.sampled} unit="sampled token" />
      </dl>
      <div ref={host} className="min-w-0 px-3 pb-2">
        {width > 0 && <StopChart answer={answer} at={at} width={Math.max(220, width - 24)} onPoint={go} />}
        <p className="m-0 mt-1 max-w-[110ch] text-t0 text-ink2">
          {unknown > 0 && `${plural(unknown, 'stopped rollout')} without a reward in the log: neither false nor right. `}
          {judged.unplaced > 0 && `${plural(judged.unplaced, 'rollout')} left out: the log does not say where messages end in tokens. `}
          Counted on what was logged: a success is a reward above 0, and nothing says what would have been run in place of what is stopped.
        </p>
      </div>
    </section>
  );
}

function Count({
  name,
  value,
  of,
  unit,
  units,
}: {
  readonly name: string;
  readonly value: number;
  readonly of: number;
  readonly unit: string;
  readonly units?: string;
}) {
  return (
    <div>
      <dt className="text-t0 text-ink2">{name}</dt>
      <dd className="m-0 tabular-nums">
        <span className="text-t2 font-[600]">{exact(value)}</span>{' '}
        <span className="text-ink2">
          of {plural(of, unit, units)}
          {of > 0 ? `, ${percent(value / of)}` : ''}
        </span>
      </dd>
    </div>
  );
}
