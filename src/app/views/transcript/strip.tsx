/**
 * The margin beside a part, from its first token to its last: hue where the policy wrote it and it trains, neutral for context, pale with
 * a dotted edge where it is kept and does not train, hatched where it is cut. Beside it, bars as long as the entropy is high.
 */
import { KINDS } from '../../../core/model/kinds.ts';
import type { Transcript, TranscriptState } from '../../../engine/answers/transcript.ts';
import { decimal, exact, percent } from '../../text/format.ts';
import { heatOf } from '../../text/tokens.ts';
import { KIND_NAMES } from '../../text/names.ts';

/** Nats at which a bar is as long as it gets. */
const FULL_BAR = 3;
const PARTS_OF_A_BAR = 100;

interface Piece {
  readonly step: number;
  readonly tokens: number;
}

/** Nodes that hold the tokens [from, to), with how many of these each holds. */
export function piecesOf({ path }: Transcript, from: number, to: number): readonly Piece[] {
  let low = 0;
  let high = path.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((path.start[middle] ?? 0) <= from) low = middle;
    else high = middle;
  }
  const pieces: Piece[] = [];
  for (let step = low; step < path.length && (path.start[step] ?? 0) < to; step++) {
    const tokens = Math.min(to, path.start[step + 1] ?? to) - Math.max(from, path.start[step] ?? 0);
    if (tokens > 0) pieces.push({ step, tokens });
  }
  return pieces;
}

/** Tokens of the pieces by what becomes of them. */
export interface Fate {
  readonly tokens: number;
  readonly kept: number;
  /** Kept ones that the policy wrote in some trajectory, and those of them that carry loss. */
  readonly sampled: number;
  readonly trained: number;
}

export function fateOf(pieces: readonly Piece[], state: TranscriptState): Fate {
  const fate = { tokens: 0, kept: 0, sampled: 0, trained: 0 };
  for (const { step, tokens } of pieces) {
    fate.tokens += tokens;
    if (state.kept[step] !== 1) continue;
    fate.kept += tokens;
    const share = state.trained[step] ?? NaN;
    if (Number.isNaN(share)) continue;
    fate.sampled += tokens;
    fate.trained += share * tokens;
  }
  return fate;
}

/** In words, for those who do not see it. */
export function fateText({ tokens, kept, sampled, trained }: Fate): string {
  if (tokens === 0) return 'no tokens of its own';
  if (kept === 0) return 'cut';
  const cut = kept < tokens ? `${exact(kept)} of ${exact(tokens)} tokens kept` : 'kept';
  if (sampled === 0) return `${cut}, context`;
  if (trained === 0) return `${cut}, not trained`;
  return trained < sampled ? `${cut}, about ${percent(trained / sampled)} of what was sampled is trained` : `${cut}, trained`;
}

export function Strip({
  transcript,
  state,
  from,
  to,
}: {
  readonly transcript: Transcript;
  readonly state: TranscriptState | undefined;
  /** Tokens. */
  readonly from: number;
  readonly to: number;
}) {
  const pieces = piecesOf(transcript, from, to);
  const words = state === undefined ? '' : fateText(fateOf(pieces, state));
  return (
    <div title={`${words}${entropyText(pieces, state)}`} className="flex min-h-4 w-[22px] gap-[2px]">
      <span className="sr-only">{words}</span>
      <div className="flex w-[14px] flex-col gap-px overflow-hidden rounded-sm">
        {pieces.map(({ step, tokens }) => (
          <Block key={step} kind={transcript.path.kind[step] ?? 0} state={state} step={step} tokens={tokens} />
        ))}
      </div>
      <div className="flex w-[6px] flex-col gap-px">
        {pieces.map(({ step, tokens }) => (
          <Heat key={step} entropy={state?.entropy[step] ?? NaN} tokens={tokens} />
        ))}
      </div>
    </div>
  );
}

function entropyText(pieces: readonly Piece[], state: TranscriptState | undefined): string {
  let sum = 0;
  let known = 0;
  for (const { step, tokens } of pieces) {
    const mean = state?.entropy[step] ?? NaN;
    if (Number.isNaN(mean)) continue;
    sum += mean * tokens;
    known += tokens;
  }
  return known === 0 ? '' : ` · mean entropy ${decimal(sum / known)} nats`;
}

interface BlockProps {
  readonly kind: number;
  readonly state: TranscriptState | undefined;
  readonly step: number;
  readonly tokens: number;
}

function Block({ kind, state, step, tokens }: BlockProps) {
  const style = { flex: `${tokens} 0 1px` };
  if (state === undefined) return <i className="min-h-px" style={style} />;
  if (state.kept[step] !== 1) return <i className="hatch min-h-px" style={style} />;
  const trained = state.trained[step] ?? NaN;
  if (Number.isNaN(trained)) return <i className={`min-h-px ${kind === 5 ? 'k-result' : 'k-context'}`} style={style} />;
  const { swatch } = KIND_NAMES[KINDS[kind] ?? 'text'];
  if (trained >= 1) return <i className={`min-h-px ${swatch}`} style={style} />;
  // As wide as the share of its tokens that carries loss; the rest is pale.
  return (
    <i className="flex min-h-px" style={style}>
      {trained > 0 && <i className={swatch} style={{ width: `${trained * PARTS_OF_A_BAR}%` }} />}
      <i className={`untrained relative flex-1 ${swatch}`} />
    </i>
  );
}

function Heat({ entropy, tokens }: { readonly entropy: number; readonly tokens: number }) {
  const style = { flex: `${tokens} 0 1px` };
  if (Number.isNaN(entropy)) return <i style={style} />;
  const width = `${Math.min(1, entropy / FULL_BAR) * PARTS_OF_A_BAR}%`;
  return (
    <i className="flex min-h-px bg-sunk" style={style}>
      <i className={`block heat-fill-${heatOf({ entropy, surprisal: NaN })}`} style={{ width }} />
    </i>
  );
}
