/** Saving what is open as a session, and handing over the files of one that is opened. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { entriesChanged } from '../../queries/kept-entries.ts';
import { useFacts } from '../../queries/opening.ts';
import { keepSession, saveSession } from '../../queries/sessions.ts';
import { useChoices } from '../../state/choices.ts';
import { useSessions } from '../../state/sessions.ts';
import { asSentence, bytes, exact, plural, whenOf } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { NameField } from '../../widgets/name-field.tsx';
import { pickFiles, pickFolder } from './pick.ts';

interface Props {
  readonly onProblem: (sentence: string) => void;
}

const KEEPS_NOTHING = 'This browser keeps nothing: its storage is full or blocked. Save the session as a file instead.';

/** Files that are named one by one. */
const NAMED = 12;

export default function SessionDialogs({ onProblem }: Props) {
  const { waiting, isSaving } = useSessions();
  if (isSaving) return <Save onProblem={onProblem} />;
  return waiting === null ? null : <HandOver onProblem={onProblem} />;
}

function Save({ onProblem }: Props) {
  const facts = useFacts();
  const files = useChoices((s) => s.opening?.files);
  const [name, setName] = useState(() => files?.[0]?.path.replace(/^.*\//, '').replace(/\.[a-z.]+$/i, '') ?? 'session');
  const [other, setOther] = useState<{ readonly name: string; readonly saved: string } | null>(null);
  const close = (): void => useSessions.setState({ isSaving: false });
  const own = name.trim() || 'session';
  const isOther = other?.name === own;
  const fail = (error: unknown): void => {
    close();
    onProblem(asSentence(error instanceof Error ? error.message : String(error)));
  };
  const save = (): void => {
    close();
    void saveSession(own, facts ?? null).catch(fail);
  };
  const keep = (): void => {
    void keepSession(own, facts ?? null, isOther)
      .then((kept) => {
        if (kept.as === 'other') setOther({ name: own, saved: kept.saved });
        else close();
        if (kept.as === 'refused') onProblem(KEEPS_NOTHING);
      }, fail)
      .then(entriesChanged);
  };
  return (
    <Dialog
      title="Save the session"
      place="top"
      onClose={close}
      footer={
        <>
          <span className="flex-1" />
          <Button onClick={close}>Cancel</Button>
          <Button onClick={keep}>{isOther ? 'Replace it' : 'Keep in this browser'}</Button>
          <Button look="go" onClick={save}>
            Save as a file
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <NameField label="Name" value={name} maxLength={120} onChange={setName} />
        {isOther && (
          <p role="alert" className="m-0 text-cut">
            A session of this name was kept in this browser on {whenOf(other.saved)}, in another tab or at another time. Give this one
            another name, or replace it.
          </p>
        )}
        <p className="m-0 text-ink2">
          It holds what you chose: settings, budget, marks, notes, labels, verdicts, filter, views and panels; and of the{' '}
          {files === undefined ? 'files' : plural(files.length, 'file')} the path and a fingerprint, not the content. In this browser it is
          listed on the first screen and among all actions, with a way back to the files where the browser has one.
        </p>
      </div>
    </Dialog>
  );
}

function HandOver({ onProblem }: Props) {
  const session = useSessions((s) => s.waiting?.session);
  const fetchAddress = useChoices((s) => s.offerAddress);
  if (session === undefined) return null;
  const close = (): void => useSessions.setState({ waiting: null });
  const run = (work: Promise<string>): void =>
    void work.then(onProblem, (error: unknown) => onProblem(asSentence(error instanceof Error ? error.message : String(error))));
  const { files, address } = session;
  return (
    <Dialog
      title={`Session ${visible(session.name)}: hand over its files`}
      place="top"
      onClose={close}
      footer={
        <>
          <span className="flex-1" />
          <Button onClick={close}>Cancel</Button>
          {address !== null && <Button onClick={() => fetchAddress(address)}>Fetch it again…</Button>}
          <Button onClick={() => run(pickFolder())}>Open a folder…</Button>
          <Button look="go" data-first onClick={() => run(pickFiles())}>
            Open files…
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <p className="m-0">
          Open {files.length === 1 ? 'this file' : 'these files'}, or drop {files.length === 1 ? 'it' : 'them'} here. What is open stays
          until then.
        </p>
        <ul aria-label="Files of the session" className="m-0 grid list-none gap-0.5 p-0">
          {files.slice(0, NAMED).map((file) => (
            <li key={file.path} className="flex gap-3">
              <span className="min-w-0 flex-1 truncate font-mono" title={visible(file.path)}>
                {visible(file.path)}
              </span>
              <span className="flex-none text-ink2 tabular-nums">{bytes(file.bytes)}</span>
            </li>
          ))}
          {files.length > NAMED && <li className="text-ink2">and {exact(files.length - NAMED)} more</li>}
        </ul>
      </div>
    </Dialog>
  );
}
