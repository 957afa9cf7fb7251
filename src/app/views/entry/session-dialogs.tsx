/** Saving what is open as a session, and handing over the files of one that is opened. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { entriesChanged } from '../../queries/kept-entries.ts';
import { useFacts } from '../../queries/opening.ts';
import { saveSession } from '../../queries/sessions.ts';
import { useChoices } from '../../state/choices.ts';
import { useSessions } from '../../state/sessions.ts';
import { asSentence, bytes, exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { pickFiles, pickFolder } from './pick.ts';

interface Props {
  readonly onProblem: (sentence: string) => void;
}

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
  const close = (): void => useSessions.setState({ isSaving: false });
  const save = (where: 'file' | 'browser'): void => {
    close();
    void saveSession(name.trim() || 'session', facts ?? null, where)
      .then(onProblem, (error: unknown) => onProblem(asSentence(error instanceof Error ? error.message : String(error))))
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
          <Button onClick={() => save('browser')}>Keep in this browser</Button>
          <Button look="go" onClick={() => save('file')}>
            Save as a file
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <label className="flex items-center gap-2">
          <span className="text-ink2">Name</span>
          <input
            data-first
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.target.value)}
            className="h-7 min-w-0 flex-1 rounded border border-line2 bg-paper px-2"
          />
        </label>
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
