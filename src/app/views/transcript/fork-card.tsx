/** At a fork: how many trajectories are still together, and where each of them goes, as links to what they say. */
import { visible } from '../../../base/visible.ts';
import type { ForkWay, Transcript, TranscriptFork } from '../../../engine/answers/transcript.ts';
import { useFork } from '../../queries/transcript.ts';
import { openTranscript } from '../../state/transcript.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';

export function ForkCard({ transcript, index }: { readonly transcript: Transcript; readonly index: number }) {
  const fork = useFork(transcript, index);
  const step = transcript.forks[index] ?? 0;
  const together = transcript.path.reach[step] ?? 0;
  return (
    <section
      aria-label={`Fork ${exact(index + 1)} of ${exact(transcript.forks.length)}`}
      className="rounded border border-line2 bg-card px-1.5 py-1"
    >
      <p className="m-0">
        <b className="font-[600] text-ink">fork</b> · {exact(together)} of {exact(transcript.trajectories)} still together
      </p>
      {fork && <Ways fork={fork} />}
    </section>
  );
}

function Ways({ fork }: { readonly fork: TranscriptFork }) {
  const largest = Math.max(fork.own?.count ?? 0, ...fork.others.map(({ count }) => count));
  return (
    <ul className="m-0 list-none p-0">
      {fork.own && (
        <li className="flex items-baseline gap-1.5">
          <span className="flex-1">{exact(fork.own.count)} as here</span>
          <Outcome way={fork.own} largest={largest} />
        </li>
      )}
      {fork.others.map((way) => (
        <li key={way.node}>
          <button
            type="button"
            title={`Read one of them: ${wordsOf(way)}`}
            onClick={() => openTranscript(way.rollout, { branch: way.branch, node: way.node })}
            className="way flex w-full items-baseline gap-1.5 text-left hover:text-ink"
          >
            <span className="line-clamp-2 min-w-0 flex-1 wrap-anywhere">
              {exact(way.count)} to <Goal way={way} />
            </span>
            <Outcome way={way} largest={largest} />
          </button>
        </li>
      ))}
      {fork.moreWays > 0 && (
        <li>
          {exact(fork.moreCount)} on {plural(fork.moreWays, 'more way')}
        </li>
      )}
      {fork.ending > 0 && (
        <li>
          {exact(fork.ending)} {fork.ending === 1 ? 'ends' : 'end'} here{rewardText(fork.endingReward)}
        </li>
      )}
    </ul>
  );
}

function wordsOf({ tool, kind, words }: ForkWay): string {
  return `${visible(tool ?? KIND_NAMES[kind].name)}${words === null || words === '' ? '' : `: ${visible(words)}`}`;
}

/** A call is known by its tool, and what is said by its first words. */
function Goal({ way }: { readonly way: ForkWay }) {
  const words = way.words === null || way.words === '' ? null : visible(way.words);
  const name = way.tool ?? (words === null ? KIND_NAMES[way.kind].name.toLowerCase() : null);
  return (
    <span className="underline decoration-line2 underline-offset-2">
      {name !== null && <span className="font-mono text-ink">{visible(name)} </span>}
      {words !== null && <span className={way.tool === null ? '' : 'font-mono'}>{words}</span>}
    </span>
  );
}

function rewardText(reward: number): string {
  return Number.isNaN(reward) ? '' : `, mean reward ${decimal(reward)}`;
}

const WIDEST = 36;
const NARROWEST = 3;

/** A bar as wide as the way is frequent, in the hue of its outcome, and the mean reward. */
function Outcome({ way, largest }: { readonly way: ForkWay; readonly largest: number }) {
  const hue = Number.isNaN(way.reward) ? 'bg-ink3' : way.reward > 0 ? 'bg-good' : 'bg-bad';
  const width = Math.max(NARROWEST, (way.count / Math.max(1, largest)) * WIDEST);
  return (
    <span className="inline-flex flex-none items-center gap-1 tabular-nums">
      <i aria-hidden="true" className={`h-[5px] rounded-sm ${hue}`} style={{ width }} />
      {!Number.isNaN(way.reward) && (
        <span className="w-7 text-right" title="Mean reward">
          <span className="sr-only">mean reward </span>
          {decimal(way.reward)}
        </span>
      )}
    </span>
  );
}
