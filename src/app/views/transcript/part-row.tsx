/** One row of the transcript: who speaks, what becomes of it, what is said, and what happens there in the task. */
import { memo, useState } from 'react';
import { KIND, NONE } from '../../../core/model/kinds.ts';
import { nodeKeyOf } from '../../../core/model/node-key.ts';
import { PART, ROLES, type Transcript, type TranscriptState } from '../../../engine/answers/transcript.ts';
import { useBudget } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { wordWhy } from '../../text/why.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { ErrorNotes } from './error-notes.tsx';
import { ForkCard } from './fork-card.tsx';
import { copyEvent, PartBody } from './part-body.tsx';
import { policyLabels } from './policy-label.ts';
import { forksIn, partAt, stepOf, stepsOf } from './rows.ts';
import { fateOf, fateText, piecesOf, Strip } from './strip.tsx';
import type { RowProps } from './row-props.ts';

/** Cards of forks in one row; the others are counted, and reached by their keys. */
const CARDS = 3;

export const PartRow = memo(function PartRow(props: RowProps) {
  const { transcript, state, part, chunk, isCurrent, onRead } = props;
  const isFirst = chunk === 0;
  const beginsEvent = isFirst && ((transcript.flags[part] ?? 0) & PART.first) !== 0;
  const isCut = state !== undefined && fateIsCut(props);
  return (
    <article
      aria-label={`${roleText(transcript, part)}, part ${exact(part + 1)} of ${exact(transcript.length)}`}
      aria-current={isCurrent ? 'true' : undefined}
      className={`transcript-row ${beginsEvent ? 'begins-event' : ''} ${isFirst ? '' : 'is-further'} ${isCurrent ? 'is-current' : ''}`}
    >
      {isFirst && state !== undefined && state.cutStep !== NONE && cutPart(transcript, state) === part && <CutLine state={state} />}
      <div className="role">
        {isFirst && (
          <button
            type="button"
            onClick={() => onRead(part)}
            title="Select it in the tree"
            className="text-right hover:text-ink hover:underline"
          >
            <span className={beginsEvent ? '' : 'sr-only'}>{roleText(transcript, part)}</span>
            {!beginsEvent && <span aria-hidden="true">·</span>}
          </button>
        )}
        {beginsEvent && <CopyButton transcript={transcript} part={part} />}
      </div>
      {isFirst ? (
        <Strip transcript={transcript} state={state} from={transcript.tokenStart[part] ?? 0} to={transcript.tokenStart[part + 1] ?? 0} />
      ) : (
        <div />
      )}
      <div className={`body ${isCut ? 'text-ink2' : ''}`}>
        <PartBody {...props} />
      </div>
      <div className="side">{isFirst && <Side {...props} />}</div>
    </article>
  );
});

function fateIsCut({ transcript, state, part }: RowProps): boolean {
  const pieces = piecesOf(transcript, transcript.tokenStart[part] ?? 0, transcript.tokenStart[part + 1] ?? 0);
  return state !== undefined && pieces.length > 0 && pieces.every(({ step }) => state.kept[step] !== 1);
}

/** The first part of which nothing is kept: the line stands before it. */
export function cutPart(transcript: Transcript, { cutStep }: TranscriptState): number {
  const start = transcript.path.start[cutStep] ?? 0;
  const part = partAt(transcript, start);
  return (transcript.tokenStart[part] ?? 0) < start ? part + 1 : part;
}

export function roleText({ role, turn, flags, kind }: Transcript, part: number): string {
  const own = ROLES[role[part] ?? 0] ?? 'user';
  if (kind[part] === KIND.result) return 'result';
  if (kind[part] === KIND.summary) return 'summary';
  if (((flags[part] ?? 0) & PART.sampled) !== 0) return `turn ${exact(turn[part] ?? 0)}`;
  return own;
}

function CutLine({ state }: { readonly state: TranscriptState }) {
  const { cut } = useBudget();
  const unit = useChoices((s) => s.pruning.present.rule.unit);
  const { why } = state;
  return (
    <p className="cut-line">
      <b className="font-[600]">cut here</b>{' '}
      <span className="text-ink2">
        what follows is not in the set{why === null ? '' : `: its first node is${wordWhy(why, cut, unit).rest}`}
      </span>
    </p>
  );
}

function Side({ transcript, state, part, errors }: RowProps) {
  const flags = transcript.flags[part] ?? 0;
  const [first, end] = forksIn(transcript, part);
  const [step] = stepsOf(transcript, part);
  const here = transcript.path.reach[step] ?? 0;
  const before = step === 0 ? NONE : (transcript.path.reach[step - 1] ?? 0);
  const pieces = piecesOf(transcript, transcript.tokenStart[part] ?? 0, transcript.tokenStart[part + 1] ?? 0);
  const fate = state && fateOf(pieces, state);
  const isSampled = (flags & PART.sampled) !== 0;
  return (
    <>
      {(flags & PART.error) !== 0 && (
        <p className="m-0">
          <b className="font-[600] text-error">error</b> · next <Kbd>e</Kbd>
        </p>
      )}
      {errors !== null && (flags & PART.first) !== 0 && <ErrorNotes errors={errors} />}
      {(flags & PART.truncated) !== 0 && <p className="m-0">cut off in the log</p>}
      {(flags & PART.untold) !== 0 && <p className="m-0">its tokens cannot be told from those beside it</p>}
      {isSampled && fate && fate.kept > 0 && fate.trained === 0 && fate.sampled > 0 && <p className="m-0">{fateText(fate)}</p>}
      {isSampled &&
        transcript.versions !== null &&
        policyLabels(transcript.versions, transcript.tokenStart[part] ?? 0, transcript.tokenStart[part + 1] ?? 0).map((label) => (
          <p key={label} className="m-0" title={`Against version ${transcript.versions?.target ?? ''} of the policy`}>
            {label}
          </p>
        ))}
      {here !== before && transcript.path.length > 0 && step < transcript.path.length && (
        <p className="m-0">
          {exact(here)} of {exact(transcript.trajectories)} here
        </p>
      )}
      {Array.from({ length: Math.min(CARDS, end - first) }, (_, i) => (
        <ForkCard key={first + i} transcript={transcript} index={first + i} />
      ))}
      {end - first > CARDS && <p className="m-0">and {exact(end - first - CARDS)} more forks in it</p>}
    </>
  );
}

/** Copies the whole message. It says when it has, because nothing else shows it. */
function CopyButton({ transcript, part }: Pick<RowProps, 'transcript' | 'part'>) {
  const [told, setTold] = useState('copy');
  return (
    <button
      type="button"
      aria-label={`Copy this message, ${roleText(transcript, part)}`}
      onClick={() =>
        void copyEvent(transcript, part).then(
          () => setTold('copied'),
          () => setTold('not copied'),
        )
      }
      onBlur={() => setTold('copy')}
      className="copy block w-full text-right text-ink3 hover:text-ink hover:underline"
    >
      <span aria-live="polite">{told}</span>
    </button>
  );
}

/** What a part is in the tree; null where it has no tokens. */
export function nodeOf(transcript: Transcript, part: number): string | null {
  const step = stepOf(transcript, part);
  return step === NONE ? null : nodeKeyOf(transcript.path.keys, step);
}
