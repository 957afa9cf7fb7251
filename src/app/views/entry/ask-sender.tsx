/** Asks before files that another page sent are opened, and says which page it is. */
import { visible } from '../../../base/visible.ts';
import { openSent } from '../../messages.ts';
import { trustSender, useEmbedding, type Sent } from '../../state/embedding.ts';
import { bytes, plural } from '../../text/format.ts';
import { useState } from 'react';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';

export default function AskSender() {
  const waiting = useEmbedding((s) => s.waiting);
  return waiting === null ? null : <Ask sent={waiting} />;
}

function Ask({ sent }: { readonly sent: Sent }) {
  const [isAlways, setAlways] = useState(false);
  const { origin, files } = sent;
  const size = files.reduce((sum, { blob }) => sum + blob.size, 0);
  const [first] = files;
  const refuse = (): void => {
    useEmbedding.setState({ waiting: null });
    sent.answer({ opened: false, problem: 'the person did not open them' });
  };
  const take = (): void => {
    useEmbedding.setState({ waiting: null });
    if (isAlways) trustSender(origin);
    void openSent(sent);
  };
  return (
    <Dialog
      title={`Open what ${new URL(origin).host} sent?`}
      place="top"
      onClose={refuse}
      footer={
        <>
          <label className="flex items-center gap-2 text-t1 text-ink2">
            <input type="checkbox" checked={isAlways} onChange={(event) => setAlways(event.target.checked)} />
            Always, from this page
          </label>
          <span className="flex-1" />
          <Button data-first onClick={refuse}>
            Do not open
          </Button>
          <Button look="go" onClick={take}>
            Open
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <p className="m-0 wrap-anywhere">
          <span className="font-mono font-[600]">{origin}</span> sent {plural(files.length, 'file')} of {bytes(size)}:{' '}
          {visible(first?.path ?? '')}
          {files.length > 1 && ' and others'}. Nothing of them has been read.
        </p>
      </div>
    </Dialog>
  );
}
