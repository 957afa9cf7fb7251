/** A run of tokens under the overlay, and the card of the token that is pointed at or has the focus. */
import { useId, useState } from 'react';
import { visible, visibleText } from '../../../base/visible.ts';
import { ENTROPY_SOURCES } from '../../../core/signal/entropy-source.ts';
import type { TokenAlternatives, Transcript, TranscriptTokens } from '../../../engine/answers/transcript.ts';
import { useAlternatives, useTranscriptTokens } from '../../queries/transcript.ts';
import { useChoices } from '../../state/choices.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';
import { decimal, exact } from '../../text/format.ts';
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
      {looked !== null && looked < tokens.length && <TokenCard transcript={transcript} tokens={tokens} at={looked} />}
    </div>
  );
}

interface TokenCardProps {
  readonly transcript: Transcript;
  readonly tokens: TranscriptTokens;
  readonly at: number;
}

const TOP_K = ENTROPY_SOURCES.indexOf('top-k');

function TokenCard({ transcript, tokens, at }: TokenCardProps) {
  // Bounds of the entropy are known from alternatives, and from nothing else.
  const likely = useAlternatives(transcript, tokens.source[at] === TOP_K ? tokens.from + at : null);
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
      {likely && <Likely likely={likely} />}
      {figures.length === 0 && <p className="m-0 text-ink2">Nothing is known of it.</p>}
    </div>
  );
}

/** Alternatives in the card; the others are counted. */
const BARS = 8;

function Likely({ likely: { text, alternatives } }: { readonly likely: TokenAlternatives }) {
  const mass = alternatives.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  return (
    <div className="mt-1 border-t border-line pt-1">
      <ol className="m-0 list-none p-0">
        {alternatives.slice(0, BARS).map(({ text: other, logprob }, i) => (
          <li key={i} className="grid grid-cols-[minmax(0,9rem)_1fr_auto] items-center gap-2 tabular-nums">
            <span className={`truncate font-mono ${other === text ? 'font-[600]' : ''}`}>{visible(other)}</span>
            <i
              aria-hidden="true"
              className={`h-[7px] rounded-sm ${other === text ? 'bg-leaf' : 'bg-line2'}`}
              style={{ width: `${100 * Math.exp(logprob)}%` }}
            />
            <span>{decimal(Math.exp(logprob), 3)}</span>
          </li>
        ))}
      </ol>
      <p className="m-0 text-ink2">
        top {exact(alternatives.length)} as logged, of the token {visible(text)}; all others {decimal(Math.max(0, 1 - mass), 3)}
      </p>
    </div>
  );
}
