/** Export: which files, by which convention, with a look at their first records before anything is written. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExportedFile, RecordSettings, WeightConvention } from '../../../engine/answers/exporting.ts';
import { canPickWithHandles } from '../../../platform/browser/pickers.ts';
import { askForFolder, download, saveInto } from '../../../platform/browser/save.ts';
import { ask, askToStop } from '../../queries/client.ts';
import { useBudget, useKeep, useOrder } from '../../queries/answers.ts';
import { useExportSpec } from '../../queries/export-spec.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { trainingOf, type ProfileTraining } from '../../../engine/words/training.ts';
import { useFacts } from '../../queries/opening.ts';
import { useScoring } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import { useExporting } from '../../state/exporting.ts';
import { shortModel } from '../../text/scoring.ts';
import { exact, honestPercent, percent, plural } from '../../text/format.ts';
import { Button, Meter, Segments } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { KeepWarnings } from '../budget/keep-warnings.tsx';
import { ExportPreviews } from './export-previews.tsx';
import { FidelitySection } from './fidelity-section.tsx';
import { CommandSection } from './command-section.tsx';
import { MixSection } from './mix-section.tsx';
import { PreflightSection } from './preflight-section.tsx';
import { ProfileList } from './profile-list.tsx';
import { RecordControls } from './record-controls.tsx';
import { RecordsSection } from './records-section.tsx';
import { Written } from './written.tsx';

const WEIGHTS: readonly { readonly value: WeightConvention; readonly label: string; readonly about: string }[] = [
  { value: 'branch-mean', label: 'branch-mean', about: 'Weight g/K: equivalent to flat training on all branches' },
  { value: 'kept-mean', label: 'kept-mean', about: 'Weight 1/k: equivalent to flat training on the k rollouts that are kept whole, alone' },
  { value: 'train-once', label: 'train-once', about: 'Each shared sampled token is trained on once, in the first branch that shows it' },
];

type Way = 'folder' | 'download';

interface Result {
  readonly files: readonly ExportedFile[];
  /** What trains on them, as they were chosen then. */
  readonly training: readonly ProfileTraining[];
}

function withRedact(records: Partial<RecordSettings>, redact: string): Partial<RecordSettings> {
  const { redact: _, ...others } = records;
  return redact === 'none' ? others : { ...others, redact };
}

export function ExportDialog() {
  const set = useChoices((s) => s.set);
  const { maskErrors, records, choose } = useExporting();
  const [done, setDone] = useState({ done: 0, total: 0 });
  const order = useOrder().data;
  const budget = useBudget();
  const keep = useKeep().data;
  const facts = useFacts();
  const isRedacted = (records.redact ?? 'none') !== 'none';
  const { offers, spec, weights } = useExportSpec();
  const profiles = spec?.profiles ?? [];
  const { work } = useScoring();
  const scoring = work === 'running' || work === 'paused';
  const run = useMutation({
    mutationFn: async (way: Way): Promise<Result> => {
      if (!order || !spec) throw new Error('Nothing is open.');
      const folder = way === 'folder' ? await askForFolder() : null;
      if (way === 'folder' && !folder) return { files: [], training: [] };
      const made = await ask((session) =>
        session.export(order.orderId, budget, spec, { sink: 'blobs' }, (d, total) => setDone({ done: d, total })),
      );
      const files = made.map(({ file, blob }) => ({ name: file.name, blob }));
      if (folder) await saveInto(folder, files);
      else for (const file of files) download(file);
      const written = made.map(({ file }) => file);
      const names = written.map(({ name }) => name);
      return { files: written, training: trainingOf(offers ?? [], spec.profiles, names) };
    },
  });
  const none = profiles.length === 0 || !order;
  const footer = (
    <>
      <span className="flex-1 basis-full text-t1 text-ink2 sm:basis-0">
        {run.data && run.data.files.length > 0 ? (
          <b className="font-[550] text-leaf">{plural(run.data.files.length, 'file')} written; see below the previews.</b>
        ) : (
          'A manifest is always written with them.'
        )}
      </span>
      {run.isPending && (
        <>
          <Meter share={done.total > 0 ? done.done / done.total : 0} className="h-1.5 w-[120px]" />
          <Button onClick={() => void askToStop((session) => session.cancel('export'))}>Cancel</Button>
        </>
      )}
      {canPickWithHandles() && (
        <Button disabled={none || run.isPending} onClick={() => run.mutate('folder')}>
          Save to a folder…
        </Button>
      )}
      <Button look="go" disabled={none || run.isPending} onClick={() => run.mutate('download')}>
        Download {profiles.length + 1} files
      </Button>
    </>
  );
  return (
    <Dialog title="Export training set" onClose={() => set({ panel: null })} footer={footer}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 text-t1">
        {offers && <ProfileList offers={offers} chosen={profiles} onChange={(next) => choose({ profiles: next })} />}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-[600]">Weights</span>
            <Segments label="Weight convention" choices={WEIGHTS} value={weights} onChange={(next) => choose({ weights: next })} />
          </span>
          <label className="flex items-center gap-2" title="Turns marked as errors stay as context with loss 0">
            <input type="checkbox" checked={maskErrors} onChange={() => choose({ maskErrors: !maskErrors })} />
            Mask failed turns
          </label>
        </div>
        <RecordControls records={records} onChange={(next) => choose({ records: next })} />
        <MixSection spec={spec} />
        {keep && (
          <p className="m-0 rounded border border-line bg-paper px-3 py-2 text-ink2">
            Cut to {percent(budget.cut)}, train on {percent(budget.train)}: {plural(keep.branches.after, 'branch', 'branches')},{' '}
            {exact(keep.distinct.after)} distinct tokens, {exact(keep.training.after)} training tokens, memory events{' '}
            {exact(keep.memory.after)} / {exact(keep.memory.before)}.{' '}
            {facts && (
              <span title={entropyText(facts.entropy)}>
                Entropy{' '}
                {facts.entropy.coverage === 0
                  ? 'is unknown, so the signal counts sampled turns'
                  : `from ${entropyText(facts.entropy, shortModel)}, on ${honestPercent(facts.entropy.coverage)} of sampled tokens`}
                .
              </span>
            )}
            {scoring && <span className="text-cut"> A model is still computing it: the export uses the scores so far.</span>}
          </p>
        )}
        {keep && <KeepWarnings warnings={keep.warnings} />}
        {isRedacted && none && <p className="m-0 text-cut">Only files of messages can be redacted: choose one of them.</p>}
        <PreflightSection spec={none ? null : spec} onRedact={(redact) => choose({ records: withRedact(records, redact) })} />
        <FidelitySection spec={spec} />
        {spec && !none && <RecordsSection spec={spec} />}
        <ExportPreviews spec={spec} />
        {run.error && (
          <p role="alert" className="m-0 text-cut">
            {run.error.name === 'AbortError' ? 'Export cancelled: nothing was written.' : `The export failed: ${run.error.message}`}
          </p>
        )}
        {run.data && run.data.files.length > 0 && <Written files={run.data.files} training={run.data.training} />}
        {spec && !none && <CommandSection spec={spec} offers={offers ?? []} />}
      </div>
    </Dialog>
  );
}
