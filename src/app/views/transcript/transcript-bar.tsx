/** Above the transcript: whose it is, its branches, and what is shown of it. */
import { useMemo } from 'react';
import { visible } from '../../../base/visible.ts';
import { KINDS } from '../../../core/model/kinds.ts';
import type { Transcript } from '../../../engine/answers/transcript.ts';
import { usePicked } from '../../state/choices.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';
import type { Hideable } from '../../state/transcript.ts';
import { count, decimal, exact, plural } from '../../text/format.ts';
import { OVERLAYS } from '../../text/overlay.ts';
import { useFoundAt } from '../../state/found.ts';
import { transcriptMoves } from './handle.ts';
import { useMarks } from './marks.ts';
import { HIDEABLE_KINDS } from './rows.ts';
import { Button, Segments, Select } from '../../widgets/controls.tsx';

const HIDEABLE: readonly Hideable[] = ['system', 'tools', 'thinking'];

export function TranscriptBar({ transcript }: { readonly transcript: Transcript }) {
  const { hidden, markdown, overlay, set } = useTranscriptChoices();
  const { whitespace, set: choose } = usePicked(({ whitespace, set }) => ({ whitespace, set }));
  const present = useMemo(() => hideableIn(transcript.kind), [transcript]);
  const turns = transcript.turn.at(-1) ?? 0;
  const tokens = transcript.branches[transcript.branch]?.tokens ?? 0;
  const reward = transcript.branches[transcript.branch]?.reward ?? transcript.reward;
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-card px-3 py-1.5 text-t1">
      <h2
        className="m-0 min-w-[12ch] flex-1 truncate font-mono text-t1 font-[600]"
        title={`${visible(transcript.file)}, line ${transcript.line}`}
      >
        {visible(transcript.id)} <span className="font-[400] text-ink2">· {visible(transcript.taskLabel)}</span>
      </h2>
      <span className="flex-none text-ink2 tabular-nums">
        reward {decimal(reward)} · {plural(turns, 'turn')} · {count(tokens)} tokens
      </span>
      <Found transcript={transcript} />
      {transcript.branches.length > 1 && (
        <Select
          label="Branch of the rollout"
          choices={transcript.branches.map(({ branch: index, cause }) => ({
            value: String(index),
            label: `branch ${index + 1} of ${transcript.branches.length}${cause === null ? '' : `: ${visible(cause)}`}`,
          }))}
          value={String(transcript.branch)}
          onChange={(value) => set({ branch: Number(value), part: null })}
        />
      )}
      <span className="basis-full" />
      <Segments label="Figures of tokens" choices={OVERLAYS} value={overlay} onChange={(value) => set({ overlay: value })} />
      <fieldset className="m-0 ml-auto flex min-w-0 flex-wrap items-center gap-x-3 border-0 p-0 text-t0">
        <legend className="sr-only">What is shown</legend>
        {HIDEABLE.map((value) => (
          <Tick
            key={value}
            label={value}
            isOn={!hidden.includes(value)}
            isDisabled={!present.has(value)}
            onChange={(on) => set({ hidden: on ? hidden.filter((name) => name !== value) : [...hidden, value] })}
          />
        ))}
        <Tick label="Markdown" isOn={markdown} onChange={(on) => set({ markdown: on })} />
        <Tick label="white space" isOn={whitespace} onChange={(on) => choose({ whitespace: on })} />
      </fieldset>
    </div>
  );
}

/** What of it the conversation has. */
function hideableIn(kind: Uint8Array): ReadonlySet<Hideable> {
  const has = new Uint8Array(KINDS.length);
  for (let part = 0; part < kind.length; part++) has[kind[part] ?? 0] = 1;
  return new Set(HIDEABLE.filter((name) => HIDEABLE_KINDS[name].some((each) => has[each] === 1)));
}

/** How often the filter's words stand in the rollout; not all of very many are marked. */
function Found({ transcript }: { readonly transcript: Transcript }) {
  const { shown, total, elsewhere } = useMarks(transcript);
  const at = useFoundAt();
  if (total === 0) return null;
  const isHere = at?.rollout === transcript.key;
  return (
    <span className="flex flex-none items-center gap-1 text-ink2 tabular-nums">
      <span>
        {isHere ? `place ${exact(at.index + 1)} of ${exact(total)}` : `${plural(total, 'place')} of the filter`}
        {elsewhere > 0 && `, ${exact(elsewhere)} on other branches`}
        {shown < total && `, the first ${exact(shown)} marked`}
      </span>
      <Button
        small
        look="quiet"
        aria-label="Previous place"
        title="Previous place (Shift Enter)"
        onClick={() => transcriptMoves()?.place(-1)}
      >
        ‹
      </Button>
      <Button small look="quiet" aria-label="Next place" title="Next place (Enter)" onClick={() => transcriptMoves()?.place(1)}>
        ›
      </Button>
    </span>
  );
}

interface TickProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

function Tick({ label, isOn, isDisabled = false, onChange }: TickProps) {
  return (
    <label className={`flex items-center gap-1 ${isDisabled ? 'opacity-45' : ''}`}>
      <input type="checkbox" checked={isOn} disabled={isDisabled} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
