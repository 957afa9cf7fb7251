/** Sessions that this browser keeps by name: on the first screen, each with a way to forget it. */
import { visible } from '../../../base/visible.ts';
import { forget, useKeptEntries } from '../../queries/kept-entries.ts';
import { openKept } from '../../queries/sessions.ts';
import { exact, whenOf } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

export default function RecentSessions({ onRun }: { readonly onRun: (work: Promise<string>) => void }) {
  const entries = useKeptEntries();
  if (entries.length === 0) return null;
  return (
    <section aria-label="Kept sessions" className="grid gap-1 text-t1">
      <h2 className="m-0 text-t1 font-[600]">Sessions</h2>
      <ul className="m-0 grid max-h-[180px] list-none overflow-auto rounded border border-line bg-card p-0">
        {entries.map((entry) => (
          <li key={entry.name} className="flex items-center gap-3 border-b border-line px-3 py-1 last:border-b-0">
            <button type="button" className="min-w-0 flex-1 truncate text-left hover:underline" onClick={() => onRun(openKept(entry))}>
              <span className="font-[550]">{visible(entry.name)}</span>{' '}
              <span className="font-mono text-ink2">{visible(entry.files.slice(0, 3).join(', '))}</span>
              {entry.files.length > 3 && <span className="text-ink2"> and {exact(entry.files.length - 3)} more</span>}
            </button>
            <time dateTime={entry.saved} className="flex-none text-ink2 tabular-nums max-[600px]:hidden">
              {whenOf(entry.saved)}
            </time>
            <Button small look="quiet" aria-label={`Forget the session ${visible(entry.name)}`} onClick={() => void forget(entry.name)}>
              ✕
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
