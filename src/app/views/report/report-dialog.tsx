/** Saving a report: what goes into it, which transcripts, and what of secrets; then one HTML file. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { download } from '../../../platform/browser/save.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence, bytes, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { NameField } from '../../widgets/name-field.tsx';
import { reportPage } from './report-page.ts';
import { MOST_TRANSCRIPTS, REPORT_PARTS, type ReportPartId } from './report-parts.ts';
import { secretsText, withoutSecrets, type CheckedReport } from './report-secrets.ts';
import type { Report } from './report.ts';
import { TranscriptPicker } from './transcript-picker.tsx';
import { useReport } from './use-report.ts';

/** What becomes of secrets. */
const SECRETS_ARE = {
  replaced: 'All are replaced, and pictures with words of the log are left out.',
  left: 'Nothing is replaced, and pictures are not searched.',
} as const;

/** How long the page may be kept from other things, milliseconds. */
const BUSY_MS = 12;

function pauses(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < BUSY_MS) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    begun = performance.now();
  };
}

/** One file of a report, and of what it says of secrets. */
async function fileOf(report: Report, checked: CheckedReport, title: string, isRedacted: boolean): Promise<Blob> {
  const name = checked.textOf(title);
  const found = secretsText(checked.found());
  const about = isRedacted
    ? `Made with Espalier. Secrets are replaced by placeholders such as [e-mail address 1]: ${found}.`
    : `Made with Espalier. Secrets are not replaced; its texts hold ${found}. Pictures are not searched.`;
  const pause = pauses();
  const pieces: string[] = [];
  const own = isRedacted ? { ...checked.report, title: name } : { ...report, title };
  for (const piece of reportPage({ ...own, about: [about] })) {
    pieces.push(piece);
    await pause();
  }
  return new Blob(pieces, { type: 'text/html' });
}

export default function ReportDialog() {
  const set = useChoices((s) => s.set);
  const file = useChoices((s) => s.opening?.files[0]?.path.replace(/^.*\//, '') ?? '');
  const selected = useChoices((s) => s.rollout);
  const [title, setTitle] = useState(() => `Report on ${file}`);
  const [left, setLeft] = useState<ReadonlySet<ReportPartId>>(new Set());
  const [chosen, setChosen] = useState<readonly RolloutKey[]>(() => (selected === null ? [] : [selected]));
  const [isRedacted, setRedacted] = useState(false);
  const { table, missing, key, gather } = useReport();
  const parts = new Set(REPORT_PARTS.map(({ id }) => id).filter((id) => !left.has(id) && missing[id] === undefined));
  const { data, error, isPending } = useQuery({
    queryKey: ['report', ...key, [...parts], chosen, isRedacted],
    queryFn: async ({ signal }) => {
      const report = await gather({ title: '', parts, rollouts: chosen, isRedacted }, signal);
      return { report, checked: await withoutSecrets(report, pauses()) };
    },
    gcTime: 0,
    staleTime: 0,
  });
  const close = (): void => set({ panel: null });
  const toggle = (id: ReportPartId): void => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  const save = async (): Promise<void> => {
    if (data === undefined) return;
    const blob = await fileOf(data.report, data.checked, title.trim() || 'Report', isRedacted);
    const name = `${(isRedacted ? data.checked.textOf(title) : title).trim().replaceAll(/\s+/g, '-') || 'report'}.html`;
    download({ name, blob });
    set({ panel: null, notice: `Saved ${visible(name)}, ${bytes(blob.size)}.` });
  };
  const found = data?.checked.found() ?? [];
  return (
    <Dialog
      title="Save a report"
      onClose={close}
      footer={
        <>
          <output className={`min-w-0 flex-1 basis-full text-t1 sm:basis-0 ${error ? 'text-cut' : 'text-ink2'}`}>
            {error ? asSentence(error.message) : isPending ? 'Gathering…' : `${plural(data.report.sections.length, 'part')} gathered.`}
          </output>
          <Button onClick={close}>Cancel</Button>
          <Button look="go" disabled={data === undefined} onClick={() => void save()}>
            Save as HTML
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <NameField label="Title" value={title} maxLength={200} onChange={setTitle} />
        <fieldset className="m-0 grid gap-x-4 gap-y-1.5 border-0 p-0 sm:grid-cols-2">
          <legend className="p-0 pb-1 font-[600]">What goes into it</legend>
          {REPORT_PARTS.map(({ id, label, about }) => (
            <label key={id} className={`flex min-w-0 gap-2 ${missing[id] === undefined ? '' : 'text-ink2'}`}>
              <input type="checkbox" checked={parts.has(id)} disabled={missing[id] !== undefined} onChange={() => toggle(id)} />
              <span className="min-w-0">
                {label}
                <span className="block text-t0 text-ink2">{missing[id] === undefined ? about : `Not now: ${missing[id]}`}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {parts.has('transcripts') && table && <TranscriptPicker table={table} chosen={chosen} selected={selected} onChange={setChosen} />}
        <fieldset className="m-0 grid gap-1 border-0 p-0">
          <legend className="p-0 pb-1 font-[600]">Secrets</legend>
          <label className="flex gap-2">
            <input type="checkbox" checked={isRedacted} onChange={() => setRedacted(!isRedacted)} />
            <span>Replace keys, tokens, e-mail addresses and user names by placeholders</span>
          </label>
          <output aria-label="Secrets found" className={found.length > 0 && !isRedacted ? 'text-cut' : 'text-ink2'}>
            {data === undefined
              ? 'Looking for secrets…'
              : `${asSentence(`its texts hold ${secretsText(found)}`)} ${SECRETS_ARE[isRedacted ? 'replaced' : 'left']}`}
          </output>
        </fieldset>
        <p className="m-0 text-ink2">
          One file without scripts, which asks nothing of any network: at most {MOST_TRANSCRIPTS} transcripts, with the beginning of long
          texts. It is light or dark as the reader’s system is; pictures stay as they are here.
        </p>
      </div>
    </Dialog>
  );
}
