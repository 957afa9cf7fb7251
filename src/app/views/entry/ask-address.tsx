/** Asks before anything is fetched from another host that a link or an earlier visit names, and says which host it is. */
import { hubOf } from '../../queries/hub-of.ts';
import { useChoices } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';

const PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

export function AskAddress() {
  const offered = useChoices((s) => s.offered);
  if (offered === null) return null;
  // Of a repository the hub is asked.
  const hub = hubOf(offered)?.hub;
  return <Ask url={new URL(hub ?? offered, location.href)} shown={hub === undefined ? null : offered} />;
}

/** @param shown what is fetched, where that is no address of the host */
function Ask({ url, shown }: { readonly url: URL; readonly shown: string | null }) {
  const fetchAddress = useChoices((s) => s.fetchAddress);
  const refuse = (): void => fetchAddress(null);
  const { protocol, hostname, host, port } = url;
  const isName = hostname.split('.').some((part) => part.startsWith('xn--'));
  return (
    <Dialog
      title={`Fetch from ${host}?`}
      place="top"
      onClose={refuse}
      footer={
        <>
          <span className="flex-1" />
          <Button data-first onClick={refuse}>
            Do not fetch
          </Button>
          <Button look="go" onClick={() => fetchAddress(shown ?? url.href)}>
            Fetch
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-4 py-3 text-t1">
        <p className="m-0">
          The address of this page names a log at another host. Nothing has been asked of it yet. If you fetch it, that host learns your
          network address, and that you asked.
        </p>
        <dl className="m-0 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <dt className="text-ink2">Host</dt>
          <dd className="m-0 font-mono font-[600] wrap-anywhere">{hostname}</dd>
          <dt className="text-ink2">Port</dt>
          <dd className="m-0 font-mono">
            {port || PORTS[protocol]}
            {protocol === 'http:' && <span className="font-sans text-ink2"> (http: not encrypted)</span>}
          </dd>
          <dt className="text-ink2">Address</dt>
          <dd className="m-0 max-h-[20vh] overflow-auto font-mono wrap-anywhere">{shown ?? url.href}</dd>
        </dl>
        {isName && (
          <p className="m-0 text-ink2">
            The name has letters beyond ASCII. They are shown in the spelling that networks use, because letters of other scripts can look
            like those of a name that you know.
          </p>
        )}
      </div>
    </Dialog>
  );
}
