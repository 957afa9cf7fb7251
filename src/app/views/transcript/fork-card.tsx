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
        <li>
          {exact(fork.own.count)} as here
          <Bar way={fork.own} largest={largest} />
        </li>
      )}
      {fork.others.map((way) => (
        <li key={way.node}>
          <button
            type="button"
            title={`Read one of them: ${wordsOf(way)}`}
            onClick={() => openTranscript(way.rollout, { branch: way.branch, node: way.node })}
            className="w-full text-left underline decoration-line2 underline-offset-2 hover:text-ink hover:decoration-ink"
          >
            {exact(way.count)} {way.count === 1 ? 'goes' : 'go'} to <Goal way={way} />
          </button>
          <Bar way={way} largest={largest} />
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

function Goal({ way }: { readonly way: ForkWay }) {
  const name = way.tool ?? KIND_NAMES[way.kind].name.toLowerCase();
  return (
    <>
      <span className="font-mono text-ink">{visible(name)}</span>
      {way.words !== null && way.words !== '' && <span className="line-clamp-2 wrap-anywhere text-ink3">“{visible(way.words)}”</span>}
    </>
  );
}

function rewardText(reward: number): string {
  return Number.isNaN(reward) ? '' : `, mean reward ${decimal(reward)}`;
}

const WIDEST = 52;

/** As wide as the way is frequent; the mean reward stands beside it. */
function Bar({ way, largest }: { readonly way: ForkWay; readonly largest: number }) {
  const isGood = way.reward > 0;
  return (
    <span className="flex items-center gap-1.5 tabular-nums">
      <i
        aria-hidden="true"
        className={`h-[5px] flex-none rounded-sm ${Number.isNaN(way.reward) ? 'bg-ink3' : isGood ? 'bg-good' : 'bg-bad'}`}
        style={{ width: Math.max(3, (way.count / Math.max(1, largest)) * WIDEST) }}
      />
      {Number.isNaN(way.reward) ? '' : <span title="Mean reward">{decimal(way.reward)}</span>}
    </span>
  );
}
