/** What the processes of a trainer did, by a trace that a person picks: a file beside the log, which is not opened as one. */
import { useRef, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { PHASES } from '../../../core/schedule/phases.ts';
import type { ScheduleTrace } from '../../../engine/answers/schedule.ts';
import { ask } from '../../queries/client.ts';
import { asSentence, exact, percent, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { lasting } from './words.ts';

interface Read {
  readonly name: string;
  readonly trace: ScheduleTrace;
}

export function TracePanel() {
  const input = useRef<HTMLInputElement>(null);
  const [read, setRead] = useState<Read | null>(null);
  const take = async (file: File): Promise<void> => {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      setRead({ name: file.name, trace: await ask((session) => session.scheduleTrace(bytes)) });
    } catch (error) {
      setRead({ name: file.name, trace: { ok: false, why: error instanceof Error ? error.message : String(error) } });
    }
  };
  return (
    <section aria-label="Trace" className="min-w-0 rounded border border-line bg-card p-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="m-0 text-t2 font-[600]">A trainer’s trace</h3>
        <p className="m-0 min-w-0 flex-1 text-t0 text-ink2">
          Chrome trace events, as slime writes them (JSON, or JSON in gzip): what each process did, by the span that began last.
        </p>
        <Button small onClick={() => input.current?.click()}>
          Open a trace…
        </Button>
        <input
          ref={input}
          type="file"
          className="sr-only"
          tabIndex={-1}
          aria-label="File of a trace"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file !== undefined) void take(file);
          }}
        />
      </div>
      {read?.trace.ok === false && (
        <p role="alert" className="m-0 mt-2 text-t1 text-cut">
          {visible(read.name)}: {asSentence(read.trace.why)}
        </p>
      )}
      {read?.trace.ok === true && <Lanes name={read.name} trace={read.trace} />}
    </section>
  );
}

function Lanes({ name, trace }: { readonly name: string; readonly trace: Extract<ScheduleTrace, { ok: true }> }) {
  const { lanes, spans, events, others, unmatched } = trace;
  const phases = PHASES.map((phase, p) => ({ phase, p })).filter(({ p }) => lanes.some(({ seconds }) => (seconds[p] ?? 0) > 0));
  return (
    <div className="mt-2 max-h-96 min-w-0 overflow-auto">
      <table className="w-full text-t1 tabular-nums" data-part="trace">
        <caption className="pb-1 text-left text-t0 text-ink2">
          {visible(name)}: {plural(spans, 'span')} of {plural(events, 'event')}; {exact(others)} no spans, {exact(unmatched)} without begin,
          end or time
        </caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            {['process', 'span', ...phases.map(({ phase }) => phase)].map((head) => (
              <th key={head} scope="col" className="py-1 pr-3 font-[400]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ lane, span, seconds }) => (
            <tr key={lane} className="border-t border-line">
              <th scope="row" className="py-1 pr-3 text-left font-[550]">
                {visible(lane)}
              </th>
              <td className="py-1 pr-3 whitespace-nowrap">{lasting(span)}</td>
              {phases.map(({ phase, p }) => (
                <td key={phase} className="py-1 pr-3 whitespace-nowrap" title={`${seconds[p] ?? 0} s`}>
                  {(seconds[p] ?? 0) === 0 ? '–' : percent((seconds[p] ?? 0) / span)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
