/** Saving a report: what goes into it, which transcripts, and what of secrets; then one HTML file. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { readRedact } from '../../../engine/export/preflight/redact.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { download } from '../../../platform/browser/save.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence, bytes, exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { NameField } from '../../widgets/name-field.tsx';
import { RedactList } from '../../widgets/redact-list.tsx';
import { reportPage } from './report-page.ts';
import { MOST_TRANSCRIPTS, REPORT_PARTS, type ReportPartId } from './report-parts.ts';
import { ALL_SECRETS, secretsText, withoutSecrets, type CheckedReport } from './report-secrets.ts';
import type { Report } from './report.ts';
import { TranscriptPicker } from './transcript-picker.tsx';
import { useReport } from './use-report.ts';

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

interface Gathered {
  readonly report: Report;
  /** With everything that looks like a secret replaced, and counted. */
  readonly all: CheckedReport;
  /** With what is chosen replaced; null: nothing is. */
  readonly chosen: CheckedReport | null;
}

const timesOf = (values: readonly { readonly times: number }[]): number => values.reduce((sum, { times }) => sum + times, 0);

/** What becomes of secrets, for the dialog. */
function fateOf({ all, chosen }: Gathered): string {
  if (chosen === null) return 'Nothing is replaced, and pictures are not searched.';
  const [replaced, there] = [chosen.values().length, all.values().length];
  const what = chosen === all ? 'All are replaced' : `${exact(replaced)} of ${exact(there)} different values replaced`;
  return `${what}, and pictures with words of the log are left out.`;
}

/** One file of a report, and of what it says of secrets. */
async function fileOf({ report, all, chosen }: Gathered, title: string): Promise<Blob> {
  const name = (chosen ?? all).textOf(title);
  const found = secretsText(all.found());
  const left = chosen === null ? 0 : timesOf(all.values()) - timesOf(chosen.values());
  const about =
    chosen !== null
      ? `Made with Espalier. Secrets are replaced by placeholders such as [e-mail address 1]: ${secretsText(chosen.found())}.` +
        (left > 0 ? ` By choice ${exact(left)} more ${left === 1 ? 'stands' : 'stand'} as in the log.` : '')
      : `Made with Espalier. Secrets are not replaced; its texts hold ${found}. Pictures are not searched.`;
  const pause = pauses();
  const pieces: string[] = [];
  const own = chosen !== null ? { ...chosen.report, title: name } : { ...report, title };
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
  const [redact, setRedact] = useState('none');
  const choice = readRedact(redact) ?? ALL_SECRETS;
  const isRedacted = choice.kinds.size > 0;
  const { table, missing, key, gather } = useReport();
  const parts = new Set(REPORT_PARTS.map(({ id }) => id).filter((id) => !left.has(id) && missing[id] === undefined));
  const { data, error, isPending, isPlaceholderData } = useQuery({
    queryKey: ['report', ...key, [...parts], chosen, redact],
    queryFn: async ({ signal }): Promise<Gathered> => {
      const report = await gather({ title: '', parts, rollouts: chosen, isRedacted }, signal);
      const all = await withoutSecrets(report, pauses(), ALL_SECRETS);
      if (!isRedacted) return { report, all, chosen: null };
      const isAll = choice.kinds.size === ALL_SECRETS.kinds.size && choice.except.size === 0;
      return { report, all, chosen: isAll ? all : await withoutSecrets(report, pauses(), choice) };
    },
    // The list of secrets stays while one of them is ticked.
    placeholderData: (before) => before,
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
    if (data === undefined || isPlaceholderData) return;
    const blob = await fileOf(data, title.trim() || 'Report');
    const name = `${(data.chosen?.textOf(title) ?? title).trim().replaceAll(/\s+/g, '-') || 'report'}.html`;
    download({ name, blob });
    set({ panel: null, notice: `Saved ${visible(name)}, ${bytes(blob.size)}.` });
  };
  const found = data?.all.found() ?? [];
  return (
    <Dialog
      title="Save a report"
      onClose={close}
      footer={
        <>
          <output className={`min-w-0 flex-1 basis-full text-t1 sm:basis-0 ${error ? 'text-cut' : 'text-ink2'}`}>
            {error
              ? asSentence(error.message)
              : isPending || isPlaceholderData
                ? 'Gathering…'
                : `${plural(data.report.sections.length, 'part')} gathered.`}
          </output>
          <Button onClick={close}>Cancel</Button>
          <Button look="go" disabled={data === undefined || isPlaceholderData} onClick={() => void save()}>
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
            <input type="checkbox" checked={isRedacted} onChange={() => setRedact(isRedacted ? 'none' : 'all')} />
            <span>Replace keys, tokens, e-mail addresses and user names by placeholders</span>
          </label>
          <output aria-label="Secrets found" className={found.length > 0 && !isRedacted ? 'text-cut' : 'text-ink2'}>
            {data === undefined ? 'Looking for secrets…' : `${asSentence(`its texts hold ${secretsText(found)}`)} ${fateOf(data)}`}
          </output>
          <RedactList values={data?.all.values() ?? []} chosen={choice} onChange={setRedact} />
        </fieldset>
        <p className="m-0 text-ink2">
          One file without scripts, which asks nothing of any network: at most {MOST_TRANSCRIPTS} transcripts, with the beginning of long
          texts. It is light or dark as the reader’s system is; pictures stay as they are here.
        </p>
      </div>
    </Dialog>
  );
}
