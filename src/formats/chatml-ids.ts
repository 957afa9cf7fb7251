/**
 * Cuts token ids at the special ids of chat templates: a prompt into messages (Qwen, Llama 3), a completion into
 * kinds (Qwen). https://huggingface.co/Qwen/Qwen3-4B/blob/main/tokenizer_config.json
 */
import { indexOfNumber } from '../base/find-number.ts';
import type { Kind } from '../core/model/kinds.ts';
import type { Part, Role } from '../core/model/rollout.ts';

/** How a vocabulary opens a message: a start id, the id of the role's word, and the id that ends this header. */
interface Family {
  readonly start: number;
  readonly roles: ReadonlyMap<number, Role>;
  readonly afterRole: number;
  readonly end: number;
}

const QWEN: Family = {
  start: 151644,
  roles: new Map([
    [8948, 'system'],
    [872, 'user'],
    [77091, 'assistant'],
  ]),
  afterRole: 198,
  end: 151645,
};
/** The last two roles are `environment` and `agent`, as Atropos environments name them. */
const LLAMA3: Family = {
  start: 128006,
  roles: new Map([
    [9125, 'system'],
    [882, 'user'],
    [78191, 'assistant'],
    [24175, 'user'],
    [8252, 'assistant'],
  ]),
  afterRole: 128007,
  end: 128009,
};

/** Ids of a header. */
const HEADER = 3;

const RESULT_START = 151665;
const CALL_START = 151657;
const CALL_END = 151658;
const THINK_START = 151667;
const THINK_END = 151668;
const COMPLETION_MARKS = [CALL_START, CALL_END, THINK_START, THINK_END];
const SCAFFOLD: ReadonlySet<number> = new Set([198, 271, QWEN.end, LLAMA3.end]);

/** A message inside a run of prompt ids, `[start, end)`; messages tile the run. */
export interface MessageRun {
  readonly role: Role;
  readonly start: number;
  readonly end: number;
  /** The opening of an assistant message that the model was asked to go on with. */
  readonly open: boolean;
  /** Tool results inside it; templates put them into user messages. */
  readonly results: readonly KindRun[];
}

export interface KindRun {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

/**
 * Messages in `ids[from..]`, or null where the ids are of no known family: every start id must be followed by a role
 * and the end of a header, which other vocabularies do not produce by chance.
 */
export function cutMessages(ids: ArrayLike<number>, from = 0): MessageRun[] | null {
  return cutFamily(ids, from, QWEN) ?? cutFamily(ids, from, LLAMA3);
}

function cutFamily(ids: ArrayLike<number>, from: number, family: Family): MessageRun[] | null {
  const starts: number[] = [];
  for (let i = indexOfNumber(ids, family.start, from); i >= 0; i = indexOfNumber(ids, family.start, i + 1)) {
    if (!family.roles.has(ids[i + 1] ?? -1) || ids[i + 2] !== family.afterRole) return null;
    starts.push(i);
  }
  if (starts.length === 0) return null;
  return starts.map((at, m) => {
    const start = m === 0 ? from : at; // what closes the message before belongs to the first one here
    const end = starts[m + 1] ?? ids.length;
    const role = family.roles.get(ids[at + 1]!)!;
    const open = role === 'assistant' && m === starts.length - 1 && indexOfNumber(ids, family.end, at, end) < 0;
    return { role, start, end, open, results: role === 'user' ? cutResults(ids, start, at, end) : [] };
  });
}

/** Thinking, calls and text of a completion `[from, ids.length)`; runs tile it. */
export function cutCompletion(ids: ArrayLike<number>, from = 0): KindRun[] {
  const runs: KindRun[] = [];
  let kind: Kind = 'text';
  let start = from;
  const close = (end: number, next: Kind): void => {
    if (end > start) runs.push({ kind, start, end });
    start = end;
    kind = next;
  };
  for (const i of marksIn(ids, from)) {
    if (ids[i] === THINK_START) close(i, 'thinking');
    else if (ids[i] === CALL_START) close(i, 'call');
    else if (ids[i] === CALL_END) close(i + 1, 'text');
    else {
      kind = 'thinking'; // where the template has opened the thought, the completion only closes it
      close(i + 1, 'text');
    }
  }
  close(ids.length, 'text');
  return joinScaffold(runs, ids);
}

/** Where ids stand that begin or end a thought or a call, in their order. */
function marksIn(ids: ArrayLike<number>, from: number): number[] {
  const found: number[] = [];
  for (const mark of COMPLETION_MARKS)
    for (let i = indexOfNumber(ids, mark, from); i >= 0; i = indexOfNumber(ids, mark, i + 1)) found.push(i);
  return found.sort((a, b) => a - b);
}

/** Line breaks and end marks between two runs go with the run before; at the start, with the run after. */
function joinScaffold(runs: readonly KindRun[], ids: ArrayLike<number>): KindRun[] {
  const isScaffold = ({ kind, start, end }: KindRun): boolean => {
    if (kind !== 'text') return false;
    for (let i = start; i < end; i++) if (!SCAFFOLD.has(ids[i]!)) return false;
    return true;
  };
  const joined: KindRun[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    if (before !== undefined && isScaffold(run)) joined[joined.length - 1] = { ...before, end: run.end };
    else if (joined.length === 1 && isScaffold(before!)) joined[0] = { ...run, start: before!.start };
    else joined.push(run);
  }
  return joined;
}

function cutResults(ids: ArrayLike<number>, start: number, at: number, end: number): KindRun[] {
  const runs: KindRun[] = [];
  for (let i = indexOfNumber(ids, RESULT_START, at, end); i >= 0; i = indexOfNumber(ids, RESULT_START, i + 1, end)) {
    const before = runs.pop();
    if (before !== undefined) runs.push({ ...before, end: i });
    runs.push({ kind: 'result', start: before === undefined ? start : i, end });
  }
  return runs;
}

/** Whether a message, with its header or without, holds nothing but line ends and its end mark. */
export function saysNothing(ids: ArrayLike<number>): boolean {
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === QWEN.start || ids[i] === LLAMA3.start) i += HEADER - 1;
    else if (!SCAFFOLD.has(ids[i]!)) return false;
  }
  return true;
}

/** Gives each run the next part of its kind, or a blank one. `left`: parts for which there is no run. */
function pairParts(runs: readonly KindRun[], parts: readonly Part[]): { readonly fitted: Part[]; readonly left: Part[] } {
  const left = [...parts];
  const fitted = runs.map(({ kind, start, end }): Part => {
    const found = left.findIndex((part) => part.kind === kind);
    const part = found < 0 ? blank(kind) : left.splice(found, 1)[0]!;
    return { ...part, tokenCount: end - start };
  });
  return { fitted, left };
}

/** Parts that tile the runs of a message from the prompt: what the ids do not show, the policy did not see. */
export function shownParts(runs: readonly KindRun[], parts: readonly Part[]): Part[] {
  return pairParts(runs, parts).fitted;
}

/**
 * Parts of a reply whose ids were cut into `runs` after `scaffold` ids of template. Where the log tells of a part that
 * the ids do not mark (a call in another notation), the parts stand as they are, without counts.
 */
export function replyParts(runs: readonly KindRun[], parts: readonly Part[], scaffold: number): readonly Part[] {
  const { fitted, left } = pairParts(runs, parts);
  if (left.some((part) => part.text !== '')) return parts;
  return scaffold > 0 ? [{ ...blank('scaffold'), tokenCount: scaffold }, ...fitted] : fitted;
}

/** A part whose text the log does not hold. */
export function blank(kind: Kind): Part {
  return { kind, text: '' };
}
