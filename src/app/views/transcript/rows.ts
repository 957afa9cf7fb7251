/** The rows of the list: which parts are shown, and as how many chunks. Pure, over the transcript's columns. */
import { KIND, NONE } from '../../../core/model/kinds.ts';
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

/** @param asTokens the parts that the policy wrote are shown token by token */
export function rowsOf(transcript: Transcript, hidden: readonly Hideable[], shown: Shown, asTokens: boolean): Rows {
  const { length } = transcript;
  const chunks = (part: number): number => Math.min(shown.get(part) ?? 1, piecesIn(transcript, part, asTokens));
  let count = 0;
  let left = 0;
  for (let part = 0; part < length; part++) {
    if (isHidden(transcript, part, hidden)) left++;
    else count += chunks(part);
  }
  const rows = { part: new Int32Array(count), chunk: new Int32Array(count), first: new Int32Array(length + 1) };
  let row = 0;
  for (let part = 0; part < length; part++) {
    rows.first[part] = row;
    if (isHidden(transcript, part, hidden)) continue;
    const end = chunks(part);
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

function isHidden({ kind }: Transcript, part: number, hidden: readonly Hideable[]): boolean {
  switch (kind[part]) {
    case KIND.system:
      return hidden.includes('system');
    case KIND.thinking:
      return hidden.includes('thinking');
    case KIND.call:
    case KIND.memory:
    case KIND.result:
      return hidden.includes('tools');
    default:
      return false;
  }
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
