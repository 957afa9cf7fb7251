/** What a part says: its head where it is a thought, a call or a result, and its text as far as it is shown. */
import { visible } from '../../../base/visible.ts';
import { KIND, KINDS, NONE } from '../../../core/model/kinds.ts';
import { PART, type Transcript } from '../../../engine/answers/transcript.ts';
import { useBody, wholeBody } from '../../queries/transcript.ts';
import { useChoices } from '../../state/choices.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';
import { bytes as byteText, exact, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { bytesOf, clampedLength, shownText, waitingHeight } from './body-text.ts';
import { marksWithin } from './marks.ts';
import type { RowProps } from './row-props.ts';
import { Picture } from './picture.tsx';
import { hasOwnTokens, piecesIn, TOKENS_IN_ROW } from './rows.ts';
import { isLaidOut, Said } from './said.tsx';
import { TokenRun } from './token-run.tsx';

const EDGES: Readonly<Record<number, string>> = {
  [KIND.thinking]: 'edge-think',
  [KIND.call]: 'edge-call',
  [KIND.memory]: 'edge-memory',
  [KIND.result]: 'edge-result',
  [KIND.summary]: 'edge-memory',
};

export function PartBody(props: RowProps) {
  const { transcript, part, chunk, reading, onRead } = props;
  const kind = transcript.kind[part] ?? 0;
  const isCollapsed = reading.collapsed.has(part);
  const isOverlaid = useTranscriptChoices((s) => s.overlay !== 'none') && hasOwnTokens(transcript, part);
  const isError = ((transcript.flags[part] ?? 0) & PART.error) !== 0;
  const edge = isError ? 'edge-error' : (EDGES[kind] ?? '');
  return (
    <div className={`relative ${edge}`}>
      {chunk === 0 && edge !== '' && (
        <Head
          transcript={transcript}
          part={part}
          isCollapsed={isCollapsed}
          onToggle={() => reading.toggleCollapsed(part)}
          onRead={onRead}
        />
      )}
      {!isCollapsed && (isOverlaid ? <Tokens {...props} /> : <Text {...props} />)}
    </div>
  );
}

interface HeadProps {
  readonly transcript: Transcript;
  readonly part: number;
  readonly isCollapsed: boolean;
  readonly onToggle: () => void;
  readonly onRead: (part: number) => void;
}

function Head({ transcript, part, isCollapsed, onToggle, onRead }: HeadProps) {
  const kind = transcript.kind[part] ?? 0;
  const tool = transcript.tools[transcript.tool[part] ?? NONE];
  const partner = transcript.partner[part] ?? NONE;
  const name = tool === undefined ? KIND_NAMES[KINDS[kind] ?? 'text'].name.toLowerCase() : visible(tool);
  const isResult = kind === KIND.result;
  return (
    <div className="flex min-w-0 items-baseline gap-2 text-t0 text-ink2">
      <button type="button" aria-expanded={!isCollapsed} onClick={onToggle} className="flex min-w-0 items-baseline gap-1 hover:text-ink">
        <span aria-hidden="true">{isCollapsed ? '▸' : '▾'}</span>
        <span className={`truncate ${tool === undefined ? '' : 'font-mono font-[550] text-ink'}`}>{name}</span>
        {isResult && tool !== undefined && <span className="flex-none">result</span>}
        {isCollapsed && <span className="flex-none tabular-nums">{byteText(transcript.bytes[part] ?? 0)}</span>}
      </button>
      {partner !== NONE && Math.abs(partner - part) > 1 && (
        <button
          type="button"
          onClick={() => onRead(partner)}
          className="flex-none underline decoration-line2 underline-offset-2 hover:text-ink"
        >
          {isResult ? '↑ its call' : '↓ its result'}
        </button>
      )}
      {kind === KIND.call && partner === NONE && <span className="flex-none text-ink3">no result</span>}
    </div>
  );
}

/** The part token by token, template and all: what the model wrote. */
function Tokens({ transcript, part, chunk, reading }: RowProps) {
  const first = transcript.tokenStart[part] ?? 0;
  const end = transcript.tokenStart[part + 1] ?? 0;
  const from = first + chunk * TOKENS_IN_ROW;
  const to = Math.min(end, from + TOKENS_IN_ROW);
  const pieces = piecesIn(transcript, part, true);
  const open = Math.max(1, Math.min(pieces, reading.shown.get(part) ?? 1));
  return (
    <>
      <TokenRun transcript={transcript} from={from} to={to} />
      {chunk === open - 1 && pieces > 1 && (
        <p className="m-0 flex flex-wrap gap-x-3 pt-0.5 text-t0 text-ink2">
          <span className="tabular-nums">
            {exact(to - first)} of {exact(end - first)} tokens shown
          </span>
          {open < pieces && (
            <button type="button" className={LINK} onClick={() => reading.show(part, Math.min(pieces, open * GROWTH))}>
              show more
            </button>
          )}
          {open > 1 && (
            <button type="button" className={LINK} onClick={() => reading.show(part, 0)}>
              show less
            </button>
          )}
        </p>
      )}
    </>
  );
}

function Text({ forest, transcript, part, chunk, reading, marks }: RowProps) {
  const { data: body, error } = useBody(forest, transcript, part, chunk);
  const whitespace = useChoices((s) => s.whitespace);
  const markdown = useTranscriptChoices((s) => s.markdown);
  const kind = transcript.kind[part] ?? 0;
  const chunks = reading.shown.get(part) ?? 0;
  if (error)
    return (
      <p role="alert" className="m-0 text-cut">
        It could not be read: {error.message}
      </p>
    );
  if (!body) return <div className="body-waiting" style={{ height: waitingHeight(transcript.characters[part] ?? 0, chunks > 0) }} />;
  const text = chunks === 0 ? body.text.slice(0, clampedLength(body.text, kind)) : body.text;
  const isWhole = body.chunks === 1 && text.length === body.text.length;
  const raw = reading.raw.has(part);
  const further = marks.filter(({ start }) => start >= body.from + text.length).length;
  const isLast = chunk >= chunks - 1;
  return (
    <>
      <Said
        text={text}
        kind={kind}
        markdown={markdown && body.chunks === 1}
        whitespace={whitespace}
        raw={raw}
        isWhole={isWhole}
        marks={marksWithin(marks, body.from, body.from + text.length)}
      />
      {body.images.map((image, i) => (
        <Picture key={i} image={image} />
      ))}
      {isLaidOut({ text, kind, isWhole }) && (
        <button type="button" aria-pressed={raw} className={`raw-toggle ${LINK}`} onClick={() => reading.toggleRaw(part)}>
          {raw ? 'laid out' : 'as logged'}
        </button>
      )}
      <More
        transcript={transcript}
        part={part}
        chunk={chunk}
        reading={reading}
        shown={chunks === 0 ? bytesOf(text) : body.bytesTo}
        chunks={body.chunks}
      />
      {isLast && further > 0 && <p className="m-0 text-t0 text-ink2">{plural(further, 'place')} of the filter further down</p>}
    </>
  );
}

interface MoreProps {
  readonly transcript: Transcript;
  readonly part: number;
  readonly chunk: number;
  readonly reading: RowProps['reading'];
  /** Bytes up to the end of what is shown. */
  readonly shown: number;
  readonly chunks: number;
}

const LINK = 'underline underline-offset-2 decoration-line2 hover:text-ink hover:decoration-ink';

/** Each step shows four times as much. */
const GROWTH = 4;

function More({ transcript, part, chunk, reading, shown, chunks }: MoreProps) {
  const open = reading.shown.get(part) ?? 0;
  const total = transcript.bytes[part] ?? 0;
  if (open > 0 && chunk < open - 1) return null;
  if (shown >= total && open === 0) return null;
  return (
    <p className="m-0 flex flex-wrap gap-x-3 pt-0.5 text-t0 text-ink2">
      {shown < total && <span className="tabular-nums">{shownText(shown, total)}</span>}
      {shown < total && (
        <button type="button" className={LINK} onClick={() => reading.show(part, Math.min(chunks, Math.max(1, open * GROWTH)))}>
          show more
        </button>
      )}
      {shown < total && chunks > 1 && (
        <button type="button" className={LINK} onClick={() => reading.show(part, chunks)}>
          show all {byteText(total)}
        </button>
      )}
      {open > 0 && (
        <button type="button" className={LINK} onClick={() => reading.show(part, 0)}>
          show less
        </button>
      )}
    </p>
  );
}

/** Copies all that an event says, its calls and results as they stand. */
export async function copyEvent(transcript: Transcript, part: number): Promise<void> {
  const event = transcript.event[part] ?? 0;
  const texts: string[] = [];
  for (let at = transcript.event.indexOf(event); transcript.event[at] === event; at++) texts.push(await wholeBody(transcript, at));
  await navigator.clipboard.writeText(texts.join('\n\n'));
}
