/** One line where choices that were made on another log meet this one: how many of the nodes they name are here. */
import { useEffect } from 'react';
import { useMarked } from '../../queries/answers.ts';
import { useFacts } from '../../queries/opening.ts';
import { usePicked } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

export function LinkNote() {
  const facts = useFacts();
  const { madeOn, set } = usePicked(({ madeOn, set }) => ({ madeOn, set }));
  const marked = useMarked();
  // What has been read so far is never the log that a link means.
  const data = facts?.complete === true ? facts.fingerprint : null;
  useEffect(() => {
    if (data !== null && madeOn === null) set({ madeOn: data });
  }, [data, madeOn, set]);
  if (data === null || madeOn === null || madeOn === data || !marked) return null;
  return (
    <div role="note" className="flex flex-none items-center gap-x-3 border-t border-line bg-leaf-soft px-3 py-1.5 text-t1">
      <span className="min-w-0 grow">{otherLog(marked)}</span>
      <Button small look="quiet" aria-label="Close this note" onClick={() => set({ madeOn: data })}>
        ✕
      </Button>
    </div>
  );
}

function otherLog({ here, of }: { readonly here: number; readonly of: number }): string {
  if (of === 0) return 'Made on another log: the settings are used here.';
  return `Made on another log: ${exact(here)} of ${plural(of, 'marked node')} ${here === 1 ? 'is' : 'are'} here.`;
}
