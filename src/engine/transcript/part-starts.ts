/**
 * Where the parts of a branch lie in its tokens. Every event's end is known from opening; within an event the parts are told apart by
 * counts of the log, by tokenising them as the plain template did, or by the kinds of the path's nodes and where the texts stand
 * among the decoded tokens.
 */
import type { Forest } from '../../core/model/forest.ts';
import { KIND, NONE } from '../../core/model/kinds.ts';
import type { Part, RolloutEvent } from '../../core/model/rollout.ts';
import { kindOf } from '../../core/tokens/tokenisation.ts';
import { isSeparateCall, marksOf, plainText, ROLE_WORD } from '../../core/tokens/template.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { MemoryRule } from '../../core/tokens/memory-rules.ts';

export interface BranchTokens {
  readonly forest: Forest;
  /** The nodes of the branch's trajectory, root first. */
  readonly path: Int32Array;
  /** event -> tokens up to its end */
  readonly ends: Int32Array;
  /** The ids are of the log. */
  readonly isLogged: boolean;
  /** Decodes the ids; null: they are of another tokenizer. */
  readonly tokenizer: Tokenizer | null;
  /** The session's, with which text was tokenised. */
  readonly encoder: Tokenizer;
  readonly isMemory: MemoryRule;
}

export interface PartStarts {
  /** part -> its first token; length + 1 entries. An event without parts counts one. */
  readonly start: Int32Array<ArrayBuffer>;
  /** part -> 1: its tokens are among those of the parts beside it, and its own range is empty */
  readonly untold: Uint8Array<ArrayBuffer>;
}

/** @param tokens null: the branch has none */
export function partStarts(events: readonly RolloutEvent[], tokens: BranchTokens | null): PartStarts {
  const length = events.reduce((sum, { parts }) => sum + Math.max(1, parts.length), 0);
  const start = new Int32Array(length + 1);
  const untold = new Uint8Array(length);
  if (tokens === null) return { start, untold };
  let part = 0;
  let from = 0;
  events.forEach((event, index) => {
    const to = tokens.ends[index] ?? from;
    const found = event.parts.length > 1 ? startsWithin(event, from, to, tokens) : [from];
    for (let i = 0; i < Math.max(1, event.parts.length); i++) {
      const at = found[i] ?? NONE;
      if (at === NONE) untold[part + i] = 1;
      start[part + i] = at;
    }
    // One that is not told apart begins, and ends, where the next that is begins.
    let next = to;
    for (let i = Math.max(1, event.parts.length) - 1; i >= 0; i--) {
      if (start[part + i] === NONE) start[part + i] = next;
      next = start[part + i] ?? next;
    }
    start[part] = from;
    part += Math.max(1, event.parts.length);
    from = to;
  });
  start[length] = from;
  return { start, untold };
}

/** The first token of each part of an event of two or more, NONE where it cannot be told. */
function startsWithin(event: RolloutEvent, from: number, to: number, tokens: BranchTokens): readonly number[] {
  return (
    countedStarts(event, from, to) ??
    (tokens.isLogged ? null : plainStarts(event, from, to, tokens)) ??
    foundStarts(event, from, to, tokens)
  );
}

function countedStarts({ parts }: RolloutEvent, from: number, to: number): number[] | null {
  const starts: number[] = [];
  let at = from;
  for (const { tokenCount } of parts) {
    if (tokenCount === undefined) return null;
    starts.push(at);
    at += tokenCount;
  }
  return at === to ? starts : null;
}

/** As `tokeniseText` writes them. Null where that is not what was written: a model's own template was used. */
function plainStarts(event: RolloutEvent, from: number, to: number, { encoder }: BranchTokens): number[] | null {
  const { start, separator, end } = marksOf(encoder);
  const starts: number[] = [];
  let at = from + start.length + encoder.encode(ROLE_WORD[event.role]).length + separator.length;
  for (const part of event.parts) {
    starts.push(at);
    at += encoder.encode(plainText(part)).length;
    if (at > to) return null;
  }
  // The header is of the first part.
  starts[0] = from;
  return at + end.length === to ? starts : null;
}

/** By the nodes of the path: each segment begins one, and so do forks within it. */
function foundStarts(event: RolloutEvent, from: number, to: number, tokens: BranchTokens): number[] {
  const nodes = nodesWithin(tokens, from, to);
  const places = textPlaces(event.parts, from, to, tokens);
  const starts: number[] = [];
  let after = from;
  event.parts.forEach((part, index) => {
    const place = places?.[index] ?? null;
    // A text that is not among what can be read has no place among the tokens.
    const limit = place === null ? (places === null ? to : NONE) : place.start;
    const kind = KIND[kindOf(part, tokens.isMemory)];
    const node = nodes.find((n) => n.at >= after && n.at <= limit && n.kind === kind && (part.tool === undefined || n.tool === part.tool));
    const at = node?.at ?? place?.start ?? NONE;
    starts.push(at);
    if (at !== NONE) after = Math.max(at + 1, place?.end ?? at + 1);
  });
  return starts;
}

function nodesWithin({ forest, path }: BranchTokens, from: number, to: number): { at: number; kind: number; tool: string | undefined }[] {
  const nodes = [];
  let low = 0;
  let high = path.length;
  // The first node that begins at `from` or later.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((forest.depth[path[middle] ?? 0] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < path.length; i++) {
    const node = path[i] ?? 0;
    const at = forest.depth[node] ?? 0;
    if (at >= to) break;
    nodes.push({ at, kind: forest.kind[node] ?? 0, tool: forest.tools[forest.tool[node] ?? NONE] });
  }
  return nodes;
}

/** Tokens up to which an event is decoded to find its parts. */
const MOST_DECODED = 1 << 18;

/** part -> the tokens that spell its text; null: it is not there. Null: the tokens cannot be read. */
function textPlaces(
  parts: readonly Part[],
  from: number,
  to: number,
  tokens: BranchTokens,
): ({ readonly start: number; readonly end: number } | null)[] | null {
  const { tokenizer } = tokens;
  if (tokenizer === null || to - from > MOST_DECODED) return null;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const begins: number[] = [];
  let text = '';
  for (const id of idsWithin(tokens, from, to)) {
    const bytes = tokenizer.bytes(id);
    if (bytes === null) return null;
    begins.push(text.length);
    text += decoder.decode(bytes, { stream: true });
  }
  let cursor = 0;
  return parts.map((part) => {
    const wanted = part.text.trim();
    const head = isSeparateCall(part) ? (part.tool ?? wanted) : wanted;
    const at = head === '' ? -1 : text.indexOf(head, cursor);
    if (at < 0) return null;
    const body = isSeparateCall(part) ? Math.max(at, text.indexOf(wanted, at)) : at;
    cursor = body + (text.startsWith(wanted, body) ? wanted.length : head.length);
    return { start: from + tokenAt(begins, at), end: from + tokenAt(begins, Math.max(at, cursor - 1)) + 1 };
  });
}

/** The token that spells the character at `place`. */
function tokenAt(begins: readonly number[], place: number): number {
  let low = 0;
  let high = begins.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((begins[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** Ids of the tokens [from, to) of the trajectory. */
export function* idsWithin({ forest, path }: Pick<BranchTokens, 'forest' | 'path'>, from: number, to: number): Generator<number> {
  for (const node of path) {
    const depth = forest.depth[node] ?? 0;
    const first = forest.edgeStart[node] ?? 0;
    const run = (forest.edgeStart[node + 1] ?? 0) - first;
    if (depth >= to) return;
    for (let i = Math.max(0, from - depth); i < Math.min(run, to - depth); i++) yield forest.edgeTokens[first + i] ?? 0;
  }
}
