/** The filter at the top of the left panel: its box, how many rollouts it takes, how far looking has come, and what is wrong with it. */
import { useId } from 'react';
import { visible } from '../../../base/visible.ts';
import type { Taken } from '../../../engine/answers/searching.ts';
import { useFacts } from '../../queries/opening.ts';
import { stopLooking, useSearchProgress, useWhere } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { useFound } from '../../state/found.ts';
import { asSentence, bytes, exact, plural } from '../../text/format.ts';
import { Button, Segments } from '../../widgets/controls.tsx';
import { ActStrip } from '../acts/act-strip.tsx';
import { SelectionStrip } from '../acts/selection-strip.tsx';
import { FilterBox } from './filter-box.tsx';
import { step } from './steps.ts';
import { useSteps } from './use-steps.ts';

const LISTS = [
  { value: 'tasks', label: 'Tasks' },
  { value: 'hits', label: 'Hits' },
] as const;

export default function FilterPanel() {
  const where = useWhere();
  const steps = useSteps();
  const faultId = useId();
  const { answer } = where;
  const fault = answer?.ok === false && !where.isBehind ? answer : null;
  const total = useFacts()?.rollouts ?? 0;
  return (
    <search className="flex-none border-b border-line bg-card">
      <div className="flex items-center gap-2 p-2">
        <FilterBox fault={fault} faultId={faultId} onStep={(by) => steps && void step(steps, by)} />
        {answer?.ok === true && (
          <span className="flex-none text-t0 text-ink2 tabular-nums" title={`${exact(answer.count)} of ${plural(total, 'rollout')}`}>
            {where.isBehind ? '…' : `${exact(answer.count)} of ${exact(total)}`}
          </span>
        )}
      </div>
      <output id={faultId} className={`block px-3 text-t1 text-cut ${fault === null && where.error === null ? 'hidden' : 'pb-2'}`}>
        {fault !== null && `Not filtered: ${visible(fault.fault)}.`}
        {where.error !== null && `Not filtered: ${visible(asSentence(where.error.message))}`}
      </output>
      {where.isBehind && <Progress />}
      {answer?.ok === true && !where.isBehind && <ActStrip taken={answer} />}
      {answer?.ok === true && !where.isBehind && answer.hits !== null && (
        <Hits taken={answer} onStep={(by) => steps && void step(steps, by)} />
      )}
      <SelectionStrip />
    </search>
  );
}

function Progress() {
  const progress = useSearchProgress();
  const text = useChoices((s) => s.filter).trim();
  const set = useChoices((s) => s.set);
  if (progress === null) return null;
  return (
    <div className="grid gap-1 px-3 pb-2 text-t0 text-ink2">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 tabular-nums">
          {`${exact(progress.taken)} of at least ${exact(progress.rollouts)}, scanning: ${bytes(progress.bytes)} of ` +
            `${bytes(progress.totalBytes)}, ${bytes(progress.bytesPerSecond)}/s`}
        </span>
        <Button
          small
          onClick={() => {
            stopLooking(text);
            set({ filter: '' });
          }}
        >
          Stop
        </Button>
      </div>
      <progress
        className="h-1 w-full accent-leaf"
        aria-label="Texts looked through"
        value={progress.bytes}
        max={Math.max(1, progress.totalBytes)}
      />
    </div>
  );
}

function Hits({ taken, onStep }: { readonly taken: Taken; readonly onStep: (by: 1 | -1) => void }) {
  const { showsHits, set } = useFound();
  const { places } = taken;
  return (
    <div className="grid gap-1 px-3 pb-2 text-t0 text-ink2">
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          label="List"
          choices={LISTS}
          value={showsHits ? 'hits' : 'tasks'}
          onChange={(list) => set({ showsHits: list === 'hits' })}
        />
        <span className="tabular-nums">{plural(places, 'place')}</span>
        <span className="flex-1" />
        <Button
          small
          look="quiet"
          aria-label="Previous place"
          title="Previous place (Shift Enter)"
          disabled={places === 0}
          onClick={() => onStep(-1)}
        >
          ‹
        </Button>
        <Button small look="quiet" aria-label="Next place" title="Next place (Enter)" disabled={places === 0} onClick={() => onStep(1)}>
          ›
        </Button>
      </div>
      {taken.unsearched !== null && (
        <p role="note" className="m-0 text-cut">
          {plural(taken.unsearched.rollouts, 'rollout')} could not be looked through: {visible(taken.unsearched.why)}
        </p>
      )}
    </div>
  );
}
