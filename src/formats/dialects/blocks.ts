/** What the dialects share: an answer that opens with thoughts and holds blocks of calls, and results between two marks. */
import type { Answer, Piece, Result, Span } from './dialect.ts';

export interface Marks {
  readonly open: string;
  readonly close: string;
}

/** `<think>`, as most open models write it. */
export const THINK: Marks = { open: '<think>', close: '</think>' };

/** `text` without the one line end that templates put behind an opening and before a closing tag. */
export function unwrap(text: string): string {
  const from = text.startsWith('\n') ? 1 : 0;
  const to = text.length > from && text.endsWith('\n') ? text.length - 1 : text.length;
  return text.slice(from, to);
}

/** The thoughts at the start of an answer: what they say, and where the rest of it begins. */
export interface Thinking {
  readonly text: string;
  readonly end: number;
}

/**
 * Thoughts at the start of an answer, or null. The tags, and the line ends that templates put next to them, belong to the
 * template and not to either part. An answer whose opening tag was part of the prompt begins with its thoughts.
 */
export function thinkingAtStart(text: string, { open, close }: Marks = THINK): Thinking | null {
  const at = text.length - text.trimStart().length;
  const opened = text.startsWith(open, at);
  const closing = text.indexOf(close);
  if (closing < 0) return opened ? { text: unwrap(text.slice(at + open.length)), end: text.length } : null;
  if (!opened && text.lastIndexOf(open, closing) >= 0) return null;
  let end = closing + close.length;
  for (let line = 0; line < 2 && text[end] === '\n'; line++) end++;
  return { text: unwrap(text.slice(opened ? at + open.length : 0, closing)), end };
}

/** A stretch of an answer that its template marks for calls. */
export interface Block extends Span {
  /** Calls in it, in order and apart; what is between them belongs to the template. */
  readonly calls: readonly Piece[];
  /** Calls in it that cannot be read. Where no call can, the block is text. */
  readonly unread: readonly Span[];
}

/** @param next the first block at or after `from`, or null: asked from the end of one block for the next */
export function answerWith(
  text: string,
  next: (text: string, from: number) => Block | null,
  thinking: Thinking | null = thinkingAtStart(text),
): Answer {
  const pieces: Piece[] = [];
  const unread: Span[] = [];
  let at = thinking?.end ?? 0;
  if (thinking !== null && at > 0) pieces.push({ kind: 'thinking', start: 0, end: at, text: thinking.text });
  for (let block = next(text, at); block !== null; block = next(text, block.end)) {
    for (const span of block.unread) unread.push(span);
    if (block.calls.length === 0) continue;
    pushText(pieces, text, at, block.start);
    at = block.start;
    for (const call of block.calls) {
      pushBetween(pieces, text, at, call.start, block.unread);
      pieces.push(call);
      at = call.end;
    }
    pushBetween(pieces, text, at, block.end, block.unread);
    at = block.end;
  }
  pushText(pieces, text, at, text.length);
  return { pieces, unread };
}

/** Text between blocks: the line ends at its borders are the template's; alone they say nothing. */
function pushText(pieces: Piece[], text: string, start: number, end: number): void {
  if (start === end) return;
  const own = text.slice(start, end);
  const afterCall = pieces.findLast(({ kind }) => kind !== 'scaffold')?.kind === 'call';
  const shown = afterCall ? unwrap(own) : own.endsWith('\n') && own.trim() === '' ? '' : own;
  pieces.push({ kind: shown === '' ? 'scaffold' : 'text', start, end, text: shown });
}

/** Inside a block: marks, or calls that cannot be read. */
function pushBetween(pieces: Piece[], text: string, start: number, end: number, unread: readonly Span[]): void {
  if (start === end) return;
  const isText = unread.some((span) => span.start >= start && span.end <= end);
  pieces.push({ kind: isText ? 'text' : 'scaffold', start, end, text: isText ? text.slice(start, end) : '' });
}

/**
 * Blocks `open body close`, each one call. A block without its close reaches to the end of the text.
 * @param read the call that a body says, or null where it cannot be read
 */
export function markedCalls({ open, close }: Marks, read: (body: string) => Omit<Piece, 'kind' | 'start' | 'end'> | null) {
  return (text: string, from: number): Block | null => {
    const start = text.indexOf(open, from);
    if (start < 0) return null;
    const closing = text.indexOf(close, start);
    const end = closing < 0 ? text.length : closing + close.length;
    const call = read(text.slice(start + open.length, closing < 0 ? text.length : closing));
    return call === null
      ? { start, end, calls: [], unread: [{ start, end }] }
      : { start, end, calls: [{ kind: 'call', start, end, ...call }], unread: [] };
  };
}

/** Index behind at most 16 blanks and line ends at `at`. */
export function behindBlanks(text: string, at: number): number {
  const next = text.slice(at, at + 16);
  return at + next.length - next.trimStart().length;
}

/**
 * The next section `open … close` with any number of marked calls in it, or such a call that stands alone.
 * @param read as for `markedCalls`
 */
export function callSections(section: Marks, call: Marks, read: Parameters<typeof markedCalls>[1]) {
  const nextCall = markedCalls(call, read);
  return (text: string, from: number): Block | null => {
    const first = nextCall(text, from);
    if (first === null) return null;
    const opening = text.slice(from, first.start).lastIndexOf(section.open);
    const isBare = opening < 0 || text.slice(from + opening + section.open.length, first.start).trim() !== '';
    const start = isBare ? first.start : from + opening;
    if (isBare) return first;
    const calls = [...first.calls];
    const unread = [...first.unread];
    let end = first.end;
    for (;;) {
      const gap = behindBlanks(text, end);
      if (text.startsWith(section.close, gap)) {
        end = gap + section.close.length;
        break;
      }
      if (!text.startsWith(call.open, gap)) break;
      const next = nextCall(text, gap);
      if (next === null) break;
      for (const each of next.calls) calls.push(each);
      for (const each of next.unread) unread.push(each);
      end = next.end;
    }
    return { start, end, calls, unread };
  };
}

/** Results `open body close`. @param read what a body says, or null where it is no result */
export function markedResults(
  { open, close }: Marks,
  text: string,
  read: (body: string) => Omit<Result, 'start' | 'end'> | null,
): Result[] {
  const results: Result[] = [];
  let at = 0;
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    const closing = text.indexOf(close, start + open.length);
    at = closing < 0 ? text.length : closing + close.length;
    const result = read(text.slice(start + open.length, closing < 0 ? text.length : closing));
    if (result !== null) results.push({ start, end: at, ...result });
  }
  return results;
}
