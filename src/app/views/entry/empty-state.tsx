/** The first screen: what this is, the ways in, and the promise that nothing leaves the tab. */
import { visible } from '../../../base/visible.ts';
import { useQuery } from '@tanstack/react-query';
import { keptSession, useKeeping } from '../../state/kept-session.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { asSentence, exact } from '../../text/format.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { EmptyDrawing } from './empty-drawing.tsx';
import { pickFiles, pickFolder } from './pick.ts';
import { lazy, Suspense } from 'react';
import { resume } from './resume.ts';

const RecentSessions = lazy(() => import('./recent-sessions.tsx'));

export const SAMPLE = './samples/orchard.jsonl';

export function EmptyState({ problem, onProblem }: { readonly problem: string; readonly onProblem: (sentence: string) => void }) {
  const fetchAddress = useChoices((s) => s.fetchAddress);
  const tokenizer = useChoices((s) => s.openSettings.tokenizer);
  const kept = useQuery({ queryKey: ['kept-session'], queryFn: keptSession, gcTime: 0 }).data;
  const unresumed = useKeeping((s) => s.problem);
  const run = (work: Promise<string>): void =>
    void work.then(onProblem, (error: unknown) => onProblem(asSentence(error instanceof Error ? error.message : String(error))));
  return (
    <main className="grid h-full min-h-0 overflow-auto bg-paper p-4">
      <div className="m-auto grid w-full max-w-[720px] gap-6 py-6">
        <div className="grid gap-2">
          <h1 className="m-0 text-[26px] leading-tight font-[600] tracking-[-0.02em]">Drop rollout logs to see what to train on</h1>
          <p className="m-0 max-w-[62ch] text-t3 text-ink2">
            They become a forest of shared prefixes. Move a token budget and watch what it keeps; export what is left as a training set.
          </p>
        </div>
        <div className="grid gap-4 rounded border border-dashed border-edge bg-card p-6">
          <EmptyDrawing />
          <div className="flex flex-wrap items-center gap-2">
            <Button look="go" onClick={() => run(pickFiles())}>
              Open files…
            </Button>
            <Button onClick={() => run(pickFolder())}>Open a folder…</Button>
            <Button onClick={() => fetchAddress(SAMPLE)}>Try the sample</Button>
            <span className="text-t1 text-ink2">
              or drop them anywhere, or paste with <Kbd>{keycap('mod+v')}</Kbd>
            </span>
          </div>
          <FromAddress />
        </div>
        {kept && (
          <div className="flex flex-wrap items-center gap-3 text-t1">
            <span className="text-ink2">
              Last time: <span className="font-mono text-ink">{visible(kept.names.join(', '))}</span>
              {kept.count > kept.names.length && ` and ${exact(kept.count - kept.names.length)} more`}
            </span>
            {kept.origin.kind === 'address' || kept.origin.handles.length > 0 ? (
              <Button small onClick={() => run(resume(kept))}>
                Open again
              </Button>
            ) : (
              <span className="text-ink2">Drop or open {kept.count === 1 ? 'it' : 'them'} once more: the browser keeps no way back.</span>
            )}
            {!kept.isRead && <span className="text-cut">Reading was broken off before its end.</span>}
          </div>
        )}
        <Suspense fallback={null}>
          <RecentSessions onRun={run} />
        </Suspense>
        {(problem !== '' || unresumed !== '') && (
          <p role="alert" className="m-0 rounded border border-cut bg-cut-soft px-3 py-2 text-t1 text-cut">
            {visible(problem === '' ? unresumed : problem)}
          </p>
        )}
        {tokenizer.kind === 'huggingface' && (
          <p className="m-0 text-t1 text-ink2">
            Text will be tokenised with <b className="font-[600] text-ink">{visible(tokenizer.name)}</b>.
          </p>
        )}
        <p className="m-0 flex flex-wrap gap-x-6 gap-y-1 text-t1 text-ink2">
          <span className="font-[550] text-leaf">Nothing leaves this tab.</span>
          <span>
            JSONL, JSON and Parquet, also in .gz, .zst, .zip and .tar. Some sixty formats of harnesses, trainers and agents are recognised
            by their structure.
          </span>
        </p>
      </div>
    </main>
  );
}

function FromAddress() {
  const fetchAddress = useChoices((s) => s.fetchAddress);
  return (
    <form
      className="flex items-center gap-2 text-t1"
      onSubmit={(event) => {
        event.preventDefault();
        const address = new FormData(event.currentTarget).get('address');
        if (typeof address === 'string' && address.trim() !== '') fetchAddress(address.trim());
      }}
    >
      <label className="flex min-w-0 flex-1 items-center gap-2 text-ink2">
        Address
        <input
          name="address"
          type="url"
          placeholder="https://…/rollouts.jsonl or hf://datasets/owner/name"
          className="h-7 min-w-0 flex-1 rounded border border-line2 bg-paper px-2 font-mono text-t1 text-ink placeholder:text-ink3"
        />
      </label>
      <Button type="submit">Fetch</Button>
    </form>
  );
}
