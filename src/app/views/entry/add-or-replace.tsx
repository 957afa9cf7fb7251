/** Asks what becomes of what is open when further files come. Escape leaves everything as it is. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { addTo, knownText, replaceBy } from '../../queries/incoming.ts';
import { useChoices } from '../../state/choices.ts';
import { useIncoming } from '../../state/incoming.ts';
import type { Incoming } from '../../state/incoming.ts';
import { bytes, exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';

/** Files that are named one by one. */
const NAMED = 4;

export default function AddOrReplace({ onProblem }: { readonly onProblem: (sentence: string) => void }) {
  const incoming = useIncoming((s) => s.waiting);
  return incoming === null ? null : <Ask incoming={incoming} onProblem={onProblem} />;
}

function Ask({ incoming, onProblem }: { readonly incoming: Incoming; readonly onProblem: (sentence: string) => void }) {
  const open = useChoices((s) => s.opening?.files.length ?? 0);
  const [isHabit, setHabit] = useState(false);
  const { files, known, settings } = incoming;
  const size = files.reduce((sum, { blob }) => sum + blob.size, 0);
  const takeHabit = (habit: 'add' | 'replace'): void => {
    const { wait, setHabit: keep } = useIncoming.getState();
    wait(null);
    if (isHabit) keep(habit);
  };
  const add = (): void => {
    takeHabit('add');
    void addTo(incoming).then(onProblem, (error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
  };
  const replace = (): void => {
    takeHabit('replace');
    replaceBy(incoming);
  };
  const all = known.length === files.length;
  return (
    <Dialog
      title={`Add to what is open, or replace it?`}
      place="top"
      onClose={() => useIncoming.getState().wait(null)}
      footer={
        <>
          <label className="flex items-center gap-2 text-t1 text-ink2">
            <input type="checkbox" checked={isHabit} onChange={(event) => setHabit(event.target.checked)} />
            Do the same from now on
          </label>
          <span className="flex-1" />
          <Button onClick={() => useIncoming.getState().wait(null)}>Cancel</Button>
          <Button onClick={replace}>Replace</Button>
          <Button look="go" data-first disabled={all} onClick={add}>
            Add
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <ul aria-label="Files that came" className="m-0 grid list-none gap-0.5 p-0">
          {files.slice(0, NAMED).map((file) => (
            <li key={file.path} className="flex gap-3">
              <span className="min-w-0 flex-1 truncate font-mono" title={visible(file.path)}>
                {visible(file.path)}
              </span>
              <span className="flex-none text-ink2 tabular-nums">{bytes(file.blob.size)}</span>
            </li>
          ))}
          {files.length > NAMED && (
            <li className="text-ink2 tabular-nums">
              and {plural(files.length - NAMED, 'more file')}: {bytes(size)} in all
            </li>
          )}
        </ul>
        {known.length > 0 && <p className="m-0">{knownText(known)}</p>}
        <dl className="m-0 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <dt className="font-[550]">Add</dt>
          <dd className="m-0 text-ink2">
            They join the {open === 1 ? 'file' : `${exact(open)} files`} that {open === 1 ? 'is' : 'are'} open, in one forest. Settings,
            marks and selection stay.
            {(settings.tokenizer ?? settings.mapping) !== undefined && ' The tokenizer or mapping among them is left out.'}
          </dd>
          <dt className="font-[550]">Replace</dt>
          <dd className="m-0 text-ink2">What is open is closed, and these are opened.</dd>
        </dl>
        <p className="m-0 text-ink2">Undo takes either back.</p>
      </div>
    </Dialog>
  );
}
