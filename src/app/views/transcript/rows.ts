/** The rows of the list: which parts are shown, and as how many chunks. Pure, over the transcript's columns. */
import { KIND, KINDS, NONE } from '../../../core/model/kinds.ts';
import { CHUNK, PART, type Transcript } from '../../../engine/answers/transcript.ts';
import type { Hideable } from '../../state/transcript.ts';

/** Parts of which more than their beginning is shown -> chunks shown. */
export type Shown = ReadonlyMap<number, number>;

/** Columns by row. */
export interface Rows {
  readonly length: number;
  readonly part: Int32Array;
  readonly chunk: Int32Array;
  /** part -> its first row; where it is hidden, that of the next part that is not */
  readonly first: Int32Array;
  /** Parts that are not shown. */
  readonly hidden: number;
}

/** What each choice leaves out, as indices into KINDS. */
export const HIDEABLE_KINDS: Readonly<Record<Hideable, readonly number[]>> = {
  system: [KIND.system],
  tools: [KIND.call, KIND.memory, KIND.result],
  thinking: [KIND.thinking],
};

/** @param asTokens the parts that the policy wrote are shown token by token */
export function rowsOf(transcript: Transcript, hidden: readonly Hideable[], shown: Shown, asTokens: boolean): Rows {
  const { length, kind } = transcript;
  const isHidden = hiddenKinds(hidden);
  // Of most parts only the beginning is shown: these need no look.
  const more = new Map<number, number>();
  for (const [part, chunks] of shown) {
    const end = Math.min(chunks, piecesIn(transcript, part, asTokens));
    if (part < length && isHidden[kind[part] ?? 0] !== 1) more.set(part, end);
  }
  let left = 0;
  for (let part = 0; part < length; part++) left += isHidden[kind[part] ?? 0] ?? 0;
  let count = length - left;
  for (const end of more.values()) count += end - 1;
  const rows = { part: new Int32Array(count), chunk: new Int32Array(count), first: new Int32Array(length + 1) };
  let row = 0;
  for (let part = 0; part < length; part++) {
    rows.first[part] = row;
    if (isHidden[kind[part] ?? 0] === 1) continue;
    const end = more.size === 0 ? 1 : (more.get(part) ?? 1);
    for (let chunk = 0; chunk < end; chunk++, row++) {
      rows.part[row] = part;
      rows.chunk[row] = chunk;
    }
  }
  rows.first[length] = row;
  return { length: row, ...rows, hidden: left };
}

/** Tokens in a row, where tokens are shown. */
export const TOKENS_IN_ROW = 384;

/** Rows that a part fills when all of it is shown. */
export function piecesIn(transcript: Transcript, part: number, asTokens: boolean): number {
  const size = asTokens && hasOwnTokens(transcript, part) ? TOKENS_IN_ROW : CHUNK;
  const length = size === CHUNK ? (transcript.characters[part] ?? 0) : tokensIn(transcript, part);
  return Math.max(1, Math.ceil(length / size));
}

/** Whether a part can be shown token by token: the policy wrote it, and its tokens can be told. */
export function hasOwnTokens(transcript: Transcript, part: number): boolean {
  return ((transcript.flags[part] ?? 0) & PART.sampled) !== 0 && tokensIn(transcript, part) > 0;
}

function tokensIn({ tokenStart }: Transcript, part: number): number {
  return (tokenStart[part + 1] ?? 0) - (tokenStart[part] ?? 0);
}

/** index into KINDS -> 1: its parts are not shown */
function hiddenKinds(hidden: readonly Hideable[]): Uint8Array {
  const kinds = new Uint8Array(KINDS.length);
  for (const name of hidden) for (const kind of HIDEABLE_KINDS[name]) kinds[kind] = 1;
  return kinds;
}

/** The part that holds token `token`: the last that begins there or before. NONE where there is no part. */
export function partAt({ tokenStart, length }: Transcript, token: number): number {
  let low = 0;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((tokenStart[middle] ?? 0) <= token) low = middle;
    else high = middle;
  }
  return length === 0 ? NONE : low;
}

/** Steps [from, to) of the path that begin within a part. */
export function stepsOf({ tokenStart, path }: Transcript, part: number): readonly [from: number, to: number] {
  return [stepAt(path.start, path.length, tokenStart[part] ?? 0), stepAt(path.start, path.length, tokenStart[part + 1] ?? 0)];
}

/** The first step that begins at `token` or later. */
function stepAt(start: Int32Array, length: number, token: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((start[middle] ?? 0) < token) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The step that stands for a part in the tree: the first of its kind, as a header comes before it; NONE where it has no tokens. */
export function stepOf(transcript: Transcript, part: number): number {
  const [from, to] = stepsOf(transcript, part);
  for (let step = from; step < to; step++) if (transcript.path.kind[step] === transcript.kind[part]) return step;
  if (from < to) return from;
  // It lies within a node that begins in a part before.
  return transcript.path.length === 0 ? NONE : Math.max(0, from - 1);
}

/** The next part after `from` (or before it) with `is`; null where there is none. */
export function partBeside(transcript: Transcript, from: number | null, step: 1 | -1, is: (part: number) => boolean): number | null {
  const start = from ?? (step === 1 ? -1 : transcript.length);
  for (let part = start + step; part >= 0 && part < transcript.length; part += step) if (is(part)) return part;
  return null;
}

/** Whether a turn of the policy begins with the part; where nobody is known to have sampled, an answer does. */
export function beginsTurn({ flags, role }: Transcript, hasSampled: boolean): (part: number) => boolean {
  const ASSISTANT = 2;
  return (part) => {
    const own = flags[part] ?? 0;
    return (own & PART.first) !== 0 && (hasSampled ? (own & PART.sampled) !== 0 : role[part] === ASSISTANT);
  };
}

/** part -> the forks at its tokens, as [first, end) among the transcript's */
export function forksIn({ forks, path, tokenStart }: Transcript, part: number): readonly [first: number, end: number] {
  const before = (token: number): number => {
    let low = 0;
    let high = forks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((path.start[(forks[middle] ?? 0) + 1] ?? 0) < token) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [before(tokenStart[part] ?? 0), before(tokenStart[part + 1] ?? 0)];
}

/** The first part of an event, or `length` where no part is of it: events come in order. */
export function firstOfEvent({ event, length }: Transcript, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((event[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return event[low] === wanted ? low : length;
}
