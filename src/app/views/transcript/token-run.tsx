/** A run of tokens under the overlay, and the card of the token that is pointed at or has the focus. */
import { useId, useState } from 'react';
import { visible, visibleText } from '../../../base/visible.ts';
import type { Transcript, TranscriptTokens } from '../../../engine/answers/transcript.ts';
import { useTranscriptTokens } from '../../queries/transcript.ts';
import { useChoices } from '../../state/choices.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';
import { exact } from '../../text/format.ts';
import { overlayClass, tokenFigures } from '../../text/overlay.ts';
import { showWhitespace } from '../../text/tokens.ts';

interface TokenRunProps {
  readonly transcript: Transcript;
  /** Tokens [from, to) of the trajectory. */
  readonly from: number;
  readonly to: number;
}

export function TokenRun({ transcript, from, to }: TokenRunProps) {
  const { data: tokens, error } = useTranscriptTokens(transcript, from, to);
  const overlay = useTranscriptChoices((s) => s.overlay);
  const whitespace = useChoices((s) => s.whitespace);
  const id = useId();
  const [looked, setLooked] = useState<number | null>(null);
  if (error)
    return (
      <p role="alert" className="m-0 text-cut">
        Its tokens could not be read: {error.message}
      </p>
    );
  if (!tokens) return <div style={{ height: (to - from) / 3 }} />;
  const look = (target: EventTarget): void => {
    const at = target instanceof HTMLElement ? target.dataset['token'] : undefined;
    setLooked(at === undefined ? null : Number(at));
  };
  const step = (event: React.KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (way === 0) return;
    event.preventDefault();
    setLooked(Math.max(0, Math.min(tokens.length - 1, (looked ?? (way === 1 ? -1 : tokens.length)) + way)));
  };
  return (
    <div className="relative">
      {/* One stop of the tab key for the run; arrows go from token to token. */}
      <div
        role="toolbar"
        tabIndex={0}
        aria-activedescendant={looked === null ? undefined : `${id}.${looked}`}
        aria-label={`${exact(tokens.length)} tokens by ${overlay}; arrow keys go from one to the next`}
        onPointerOver={(event) => look(event.target)}
        onPointerLeave={() => setLooked(null)}
        onKeyDown={step}
        onBlur={() => setLooked(null)}
        className="font-mono text-t1 leading-[1.75] wrap-anywhere whitespace-pre-wrap"
      >
        {Array.from({ length: tokens.length }, (_, i) => {
          const text = visibleText(tokens.texts?.[i] ?? `⟨${tokens.ids[i]}⟩`);
          return (
            <span
              key={i}
              id={`${id}.${i}`}
              data-token={i}
              className={`token ${overlayClass(tokens, i, overlay)} ${i === looked ? 'is-looked' : ''}`}
            >
              {whitespace ? showWhitespace(text) : text}
            </span>
          );
        })}
      </div>
      {looked !== null && looked < tokens.length && <TokenCard tokens={tokens} at={looked} />}
    </div>
  );
}

function TokenCard({ tokens, at }: { readonly tokens: TranscriptTokens; readonly at: number }) {
  const figures = tokenFigures(tokens, at);
  return (
    <div aria-live="polite" className="token-card">
      <p className="m-0 flex items-baseline gap-2">
        <b className="font-mono font-[600]">{visible(tokens.texts?.[at] ?? `⟨${tokens.ids[at]}⟩`)}</b>
        <span className="text-ink2">
          id {tokens.ids[at]} · token {exact(tokens.from + at)}
          {tokens.sampled[at] === 1 ? '' : ' · not sampled here'}
        </span>
      </p>
      <dl className="m-0 grid grid-cols-[auto_auto_1fr] gap-x-3 tabular-nums">
        {figures.map(({ name, value, source }, i) => (
          <div key={i} className="contents">
            <dt className="text-ink2">{name}</dt>
            <dd className="m-0 text-right font-[550]">{value}</dd>
            <dd className="m-0 truncate text-ink3">{visible(source)}</dd>
          </div>
        ))}
      </dl>
      {figures.length === 0 && <p className="m-0 text-ink2">Nothing is known of it.</p>}
    </div>
  );
}
