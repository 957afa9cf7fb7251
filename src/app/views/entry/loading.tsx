/** Reading in progress: bytes, records, rate, remaining time and a way to stop. */
import { useGrowing } from '../../queries/growing.ts';
import { cancelFetch, fetchWithToken, followRedirect, useFetch } from '../../queries/fetching.ts';
import { cancelOpen, useProgress } from '../../queries/opening.ts';
import { visible } from '../../../base/visible.ts';
import { asSentence, bytes, duration, exact, plural } from '../../text/format.ts';
import { Button, Meter } from '../../widgets/controls.tsx';

/** One line across the workbench while partial results can already be browsed; a block in the middle before that. */
export function Loading({ wide }: { readonly wide: boolean }) {
  const growing = useGrowing();
  const opening = useProgress();
  const progress = growing === null ? opening : growing.progress;
  if (!progress) return <Line wide={wide} share={0} words="Starting…" onCancel={cancelOpen} />;
  const share = progress.totalBytes > 0 ? progress.bytes / progress.totalBytes : 0;
  const words = [
    progress.phase === 'freezing' ? 'Building the forest' : `${bytes(progress.bytes)} of ${bytes(progress.totalBytes)}`,
    plural(progress.records, 'record'),
    `${plural(progress.rollouts, 'rollout')} used`,
    progress.issues > 0 ? plural(progress.issues, 'problem') : '',
    progress.bytesPerSecond > 0 ? `${bytes(progress.bytesPerSecond)}/s` : '',
    progress.secondsLeft === null ? '' : `${duration(progress.secondsLeft)} left`,
  ];
  const line = <Line wide={wide} share={share} words={words.filter(Boolean).join(' · ')} onCancel={cancelOpen} />;
  if (!progress.outlook) return line;
  return (
    <>
      {line}
      <output className={wide ? 'block flex-none border-b border-line px-4 py-1 text-t1' : 'block max-w-[60ch] text-t1'}>
        {progress.outlook}
      </output>
    </>
  );
}

/** Fetching from an address, before there is anything to open. */
export function Fetching({ onProblem }: { readonly onProblem: (sentence: string) => void }) {
  const { error, progress, isRedirect, needsToken } = useFetch();
  if (error) {
    return (
      <main className="grid h-full place-content-center gap-3 p-6 text-center">
        <p role="alert" className="m-0 max-w-[60ch] wrap-anywhere text-cut">
          {asSentence(error.message)}
        </p>
        {isRedirect && (
          <p className="m-0 max-w-[60ch]">
            Browsers do not say where a redirect leads before it is followed. If you follow it, the host that it leads to is asked too, and
            named when its answer is here. The address itself, if you know it, is better.
          </p>
        )}
        {needsToken && <TokenForm />}
        <div className="flex justify-center gap-2">
          {isRedirect && <Button onClick={followRedirect}>Follow the redirect</Button>}
          <Button
            onClick={() => {
              onProblem('');
              cancelFetch();
            }}
          >
            Back
          </Button>
        </div>
      </main>
    );
  }
  const share = progress?.totalBytes ? progress.bytes / progress.totalBytes : 0;
  const words = progress
    ? progress.bytes === 0
      ? 'Asking the host…'
      : `${bytes(progress.bytes)}${progress.totalBytes ? ` of ${bytes(progress.totalBytes)}` : ', total unknown'} ` +
        `· ${bytes(progress.bytesPerSecond)}/s`
    : 'Asking the host…';
  return (
    <main className="grid h-full place-content-center gap-3 p-6">
      <Line wide={false} share={share} words={words} onCancel={cancelFetch} />
      {progress !== null && progress.label !== '' && <p className="m-0 text-t1 text-ink2">{visible(progress.label)}</p>}
    </main>
  );
}

/** A token of the person's for the hub: it is sent to that alone, and forgotten with the tab. */
function TokenForm() {
  return (
    <form
      className="flex items-center justify-center gap-2 text-t1"
      onSubmit={(event) => {
        event.preventDefault();
        const token = new FormData(event.currentTarget).get('token');
        if (typeof token === 'string' && token.trim() !== '') void fetchWithToken(token);
      }}
    >
      <label className="flex items-center gap-2 text-ink2">
        Access token, kept in this tab only
        <input
          name="token"
          type="password"
          autoComplete="off"
          className="h-7 w-[220px] rounded border border-line2 bg-paper px-2 font-mono text-t1 text-ink"
        />
      </label>
      <Button type="submit">Try with it</Button>
    </form>
  );
}

function Line({
  wide,
  share,
  words,
  onCancel,
}: {
  readonly wide: boolean;
  readonly share: number;
  readonly words: string;
  readonly onCancel: () => void;
}) {
  const percent = exact(Math.floor(share * 100));
  return (
    <output
      className={
        wide
          ? 'flex flex-none items-center gap-3 border-b border-line bg-leaf-soft px-4 py-1 text-t1'
          : 'grid w-[min(560px,calc(100vw-48px))] gap-3 text-t1'
      }
    >
      <span className={wide ? 'w-[38px] flex-none text-right font-[550] tabular-nums' : 'text-t4 font-[600] tabular-nums'}>
        {percent}
        {'\u202f'}%
      </span>
      <Meter share={share} className={wide ? 'h-1 w-[180px] flex-none' : 'h-1.5'} />
      <span className="min-w-0 flex-1 truncate text-ink2 tabular-nums">{words}</span>
      <span>
        <Button small onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </output>
  );
}
