/** Would I train on this? What a look at the records finds, before any is written. */
import { useState } from 'react';
import type { ExportSpec } from '../../../engine/answers/exporting.ts';
import type { Preflight } from '../../../engine/answers/preflight.ts';
import { preflightFindings, preflightVerdict, type Finding } from '../../../engine/words/preflight.ts';
import { askToStop } from '../../queries/client.ts';
import { isAbort } from '../../queries/opening.ts';
import { usePreflight } from '../../queries/preflight.ts';
import { exact } from '../../text/format.ts';
import { Button, Meter } from '../../widgets/controls.tsx';
import { RedactionSection } from './redaction-section.tsx';
import { PreflightFigures } from './preflight-figures.tsx';

export function PreflightSection({ spec, onRedact }: { readonly spec: ExportSpec | null; readonly onRedact: (redact: string) => void }) {
  // A look at one choice of files says nothing of another.
  const key = JSON.stringify(spec);
  const [wanted, setWanted] = useState<string | null>(null);
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const { look, isSmall } = usePreflight(spec, wanted === key, (done, total) => setProgress({ done, total }));
  const { data, error, isFetching, refetch } = look;
  const findings = data ? preflightFindings(data) : [];
  return (
    <section aria-label="Preflight" className="grid grid-cols-[minmax(0,1fr)] gap-2 rounded border border-line bg-paper px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="m-0 text-t1 font-[600]">Would I train on this?</h3>
        <output className="min-w-0 flex-1">
          {isFetching
            ? `Looking at ${progress.total > 0 ? `${exact(progress.done)} of ${exact(progress.total)}` : 'the'} records…`
            : data && <Verdict findings={findings} />}
        </output>
        {isFetching && <Meter share={progress.total > 0 ? progress.done / progress.total : 0} className="h-1.5 w-[120px]" />}
        {isFetching ? (
          <Button small onClick={() => void askToStop((session) => session.cancel('preflight'))}>
            Stop
          </Button>
        ) : (
          !data &&
          spec !== null && (
            <Button
              small
              onClick={() => {
                setWanted(key);
                if (isSmall || wanted === key) void refetch();
              }}
            >
              Look at the records
            </Button>
          )
        )}
      </div>
      {!data && !isFetching && (
        <p className="m-0 text-ink2">
          {error && !isAbort(error)
            ? `The look failed: ${error.message}`
            : 'Rewards, endings, kinds, tools, lengths, copies, ids and secrets, counted before anything is written.'}
        </p>
      )}
      {data && (
        <>
          {findings.length > 0 && (
            <ul className="m-0 grid list-none gap-1 p-0">
              {findings.map(({ level, text }) => (
                <li
                  key={text}
                  className={`grid grid-cols-[14px_minmax(0,1fr)] wrap-anywhere ${level === 'problem' ? 'text-cut' : 'text-ink2'}`}
                >
                  <span aria-hidden="true">{level === 'problem' ? '▲' : '·'}</span>
                  <span>
                    {level === 'problem' && <span className="font-[600]">Problem: </span>}
                    {text}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <p className="m-0 tabular-nums">{outcomeText(data)}</p>
          <PreflightFigures seen={data} />
          <RedactionSection seen={data} redact={spec?.records?.redact ?? 'none'} onChange={onRedact} />
        </>
      )}
    </section>
  );
}

/** "19 of 42 records have reward 0; 12 of 42 are complete, 30 are cut." */
function outcomeText({ records, rewards, endings }: Preflight): string {
  const of = (count: number): string => `${exact(count)} of ${exact(records)}`;
  const low = rewards.zero.records + rewards.below.records;
  const reward = `${of(low)} records have reward ${rewards.below.records > 0 ? '0 or less' : '0'}, ${of(rewards.above.records)} more`;
  const unknown = rewards.unknown.records > 0 ? `, ${of(rewards.unknown.records)} none that is known` : '';
  const truncated = endings.truncated.records > 0 ? `, ${of(endings.truncated.records)} are cut off by the log` : '';
  return `${reward}${unknown}; ${of(endings.complete.records)} are complete, ${of(endings.cut.records)} are cut${truncated}.`;
}

function Verdict({ findings }: { readonly findings: readonly Finding[] }) {
  const isFree = !findings.some(({ level }) => level === 'problem');
  return <b className={`font-[550] ${isFree ? 'text-leaf' : 'text-cut'}`}>{preflightVerdict(findings)}.</b>;
}
