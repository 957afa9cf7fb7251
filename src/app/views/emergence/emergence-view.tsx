/** Emergence: versions of the policy side by side, and what the selection in force prefers. */
import { useState } from 'react';
import type { EmergenceAnswer, EmergenceProgress, VersionsAnswer } from '../../../engine/answers/emergence.ts';
import { emergenceCsv } from '../../../engine/studies/emergence/rows.ts';
import { download } from '../../../platform/browser/save.ts';
import { useEmergence } from '../../queries/emergence.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button, Select } from '../../widgets/controls.tsx';
import { setName } from '../statistics/plot-view.ts';
import { SplitBar } from '../statistics/split-bar.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { FigurePlots } from './figure-plots.tsx';
import { MixCard } from './mix-card.tsx';
import { SelectionSection } from './selection-section.tsx';
import { ChangesTable, NoVersions } from './version-section.tsx';

export function EmergenceView() {
  const [wanted, setWanted] = useState<string | null>(null);
  const state = useEmergence(wanted);
  const { answer, step } = state;
  const versions = answer?.versions ?? null;
  const to = versions?.sets[versions.to];
  const bar = (
    <>
      <SplitBar answer={versions === null ? undefined : { sets: versions.sets, base: versions.from }} none="By version, model or file" />
      {versions !== null && versions.sets.length > 2 && (
        <span className="inline-flex min-w-0 items-center gap-1.5 text-ink2">
          to
          <Select
            label="The set that the change leads to"
            className="max-w-[160px]"
            choices={versions.sets.flatMap((set, s) => (s === versions.from ? [] : [{ value: set.name, label: setName(set) }]))}
            value={to?.name ?? ''}
            onChange={setWanted}
          />
        </span>
      )}
      {answer && (
        <Button
          small
          className="ml-auto"
          title="All numbers below as one CSV file"
          onClick={() => download({ name: 'emergence.csv', blob: new Blob([emergenceCsv(answer)], { type: 'text/csv' }) })}
        >
          Save as CSV
        </Button>
      )}
      {answer && <Basis answer={answer} />}
    </>
  );
  return (
    <StudyFrame name="Emergence" state={state} bar={bar} waiting={waitingText(step)}>
      {answer && (
        <div className="flex flex-col gap-3">
          {answer.versions === null ? <NoVersions /> : <ChangesTable versions={answer.versions} />}
          <SelectionSection selection={answer.selection} versions={answer.versions} />
          {answer.versions !== null && <Along versions={answer.versions} />}
        </div>
      )}
    </StudyFrame>
  );
}

/** What else differs between the sets, drawn. */
function Along({ versions }: { readonly versions: VersionsAnswer }) {
  const { sets, mix, from, to } = versions;
  if (mix === null && sets.length < 3) return null;
  return (
    <>
      <h2 className="m-0 pt-2 text-t3 font-[600]">Along the sets</h2>
      {mix !== null && <MixCard mix={mix} names={sets.map(setName)} from={from} to={to} />}
      {sets.length > 2 && <FigurePlots versions={versions} />}
    </>
  );
}

const STAGES: Readonly<Record<EmergenceProgress['stage'], string>> = {
  turns: 'Counting turns',
  versions: 'Drawing rollouts of the versions again',
  chance: 'Selecting by chance',
  intervals: 'Drawing rollouts of the selection again',
};

function waitingText(step: EmergenceProgress | null): string {
  return step === null ? 'Counting turns and calls…' : `${STAGES[step.stage]}: ${percent(step.done / Math.max(1, step.total), 0)}`;
}

function Basis({ answer: { rollouts, bootstrap } }: { readonly answer: EmergenceAnswer }) {
  const here =
    rollouts.here === rollouts.of ? plural(rollouts.of, 'rollout') : `${exact(rollouts.here)} of ${plural(rollouts.of, 'rollout')}`;
  return (
    <p className="m-0 w-full text-t0 text-ink2">
      {here} · 95 % intervals: {exact(bootstrap.resamples)} draws of tasks, then of the rollouts of each, seed {bootstrap.seed} · A log is
      not a training run: what differs between versions may have other causes.
    </p>
  );
}
