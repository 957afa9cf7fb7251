/** A line under the top bar while files are followed: how often they are looked at, when rollouts came, and how many are new. */
import { REPEATED_ABOUT, repeatedText } from '../../../engine/words/repeated.ts';
import { useFacts } from '../../queries/opening.ts';
import { followedFiles, useLooks } from '../../queries/following.ts';
import { useChoices } from '../../state/choices.ts';
import { CADENCES, useFollowing, type Cadence } from '../../state/following.ts';
import { exact, plural } from '../../text/format.ts';
import { visible } from '../../../base/visible.ts';
import { Button, Segments, type Choice } from '../../widgets/controls.tsx';
import { openAgain } from '../entry/resume.ts';
import { ArrivalStrip } from './arrival-strip.tsx';

const CHOICES: readonly Choice<`${Cadence}`>[] = CADENCES.map((seconds) => ({
  value: `${seconds}`,
  label: seconds === 0 ? 'when I ask' : `${seconds} s`,
  about:
    seconds === 0 ? 'Nothing is read until you ask' : `The files are looked at every ${seconds === 1 ? 'second' : `${seconds} seconds`}`,
}));

export default function FollowStrip() {
  const files = useChoices((s) => followedFiles(s.opening).length);
  const { cadence, unseen, ended, unread, problem, arrivals, set } = useFollowing();
  const facts = useFacts();
  const { isLooking, look } = useLooks(facts?.complete === true);
  const [first] = ended;
  const [waiting] = unread;
  return (
    <section
      aria-label="Files that grow"
      className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sunk px-4 py-1 text-t1"
    >
      <span className="text-ink2">
        Following <span className="tabular-nums">{plural(files, 'file')}</span>
      </span>
      {waiting && (
        <span className="min-w-0 wrap-anywhere text-ink2">
          {unread.length === 1 ? 'one of them is not read on: ' : `${exact(unread.length)} of them are not read on: `}
          {visible(waiting.name)}: {visible(waiting.why)}
          {unread.length > 1 && `; and ${exact(unread.length - 1)} more`}
        </span>
      )}
      <Segments
        label="How often the files are looked at"
        choices={CHOICES}
        value={`${cadence}`}
        onChange={(value) => set({ cadence: CADENCES.find((each) => `${each}` === value) ?? 1 })}
      />
      {cadence === 0 && (
        <Button small disabled={isLooking} onClick={look}>
          Look now
        </Button>
      )}
      <ArrivalStrip arrivals={arrivals} />
      <output className="tabular-nums">
        {unseen > 0 && (
          <button
            type="button"
            title="Say that you have seen them"
            onClick={() => set({ unseen: 0 })}
            className="rounded-full border border-leaf bg-leaf-soft px-2 py-px font-[550] text-leaf"
          >
            {exact(unseen)} new {unseen === 1 ? 'rollout' : 'rollouts'}
          </button>
        )}
      </output>
      {facts !== undefined && repeatedText(facts.repeated) !== '' && (
        <span title={REPEATED_ABOUT} className="text-ink2 tabular-nums">
          {repeatedText(facts.repeated)}
        </span>
      )}
      {first && (
        <span role="alert" className="flex min-w-0 items-center gap-2 text-cut">
          <span className="min-w-0 wrap-anywhere">
            {visible(first.name)}: {visible(first.why)}
            {ended.length > 1 && `; and ${exact(ended.length - 1)} more`}
          </span>
          <Button small onClick={() => void openAgain().then((notice) => notice !== '' && useChoices.getState().set({ notice }))}>
            Open again
          </Button>
        </span>
      )}
      {problem !== '' && (
        <span role="alert" className="min-w-0 wrap-anywhere text-cut">
          {visible(problem)}
        </span>
      )}
    </section>
  );
}
