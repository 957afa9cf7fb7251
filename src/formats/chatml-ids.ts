/**
 * Cuts token ids at the marks of chat templates: a prompt into messages (Qwen family), a completion into kinds.
 * Ids: https://huggingface.co/Qwen/Qwen3-4B/blob/main/tokenizer_config.json
 */
import type { Kind, Part, Role } from '../core/model.ts';

const MESSAGE_START = 151644;
const MESSAGE_END = 151645;
const RESULT_START = 151665;
const NEWLINE = 198;
const ROLES = new Map<number, Role>([[8948, 'system'], [872, 'user'], [77091, 'assistant']]);

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
 * Messages in `ids[from..]`, or null where the ids are not of this family: every start token must be followed by a
 * role and a line break, which other vocabularies do not produce by chance.
 */
export function cutMessages(ids: ArrayLike<number>, from = 0): MessageRun[] | null {
  const starts: number[] = [];
  for (let i = from; i < ids.length; i++) {
    if (ids[i] !== MESSAGE_START) continue;
    if (!ROLES.has(ids[i + 1] ?? -1) || ids[i + 2] !== NEWLINE) return null;
    starts.push(i);
  }
  if (starts.length === 0) return null;
  return starts.map((at, m) => {
    const start = m === 0 ? from : at; // what closes the message before belongs to the first one here
    const end = starts[m + 1] ?? ids.length;
    const role = ROLES.get(ids[at + 1]!)!;
    const open = role === 'assistant' && m === starts.length - 1 && !holds(ids, MESSAGE_END, at, end);
    return { role, start, end, open, results: role === 'user' ? cutResults(ids, start, at, end) : [] };
  });
}

/** The ids that open and close thinking and calls in one vocabulary; each mark is a run of one or more ids. */
export interface ReplyMarks {
  readonly thinkStart: readonly (readonly number[])[];
  readonly thinkEnd: readonly (readonly number[])[];
  readonly callStart: readonly (readonly number[])[];
  readonly callEnd: readonly (readonly number[])[];
  /** Line breaks and the end of the message: no content of their own. */
  readonly scaffold: ReadonlySet<number>;
}

export const QWEN_MARKS: ReplyMarks = {
  thinkStart: [[151667]],
  thinkEnd: [[151668]],
  callStart: [[151657]],
  callEnd: [[151658]],
  scaffold: new Set([NEWLINE, 271, MESSAGE_END]),
};

/** `<think>` and `<tool_call>` written as plain text over o200k_base, with the line break that may follow. */
export const O200K_MARKS: ReplyMarks = {
  thinkStart: [[33313, 881, 29], [33313, 881, 523], [33313, 881, 3037]],
  thinkEnd: [[808, 49631, 29], [808, 49631, 523], [808, 49631, 3037]],
  callStart: [[27, 17952, 25158, 29], [27, 17952, 25158, 523], [27, 17952, 25158, 3037]],
  callEnd: [[808, 17952, 25158, 29], [808, 17952, 25158, 523], [808, 17952, 25158, 3037]],
  scaffold: new Set([NEWLINE, 279, 200265]),
};

/** Thinking, calls and text of a completion `[from, ids.length)`; runs tile it. */
export function cutCompletion(ids: ArrayLike<number>, from = 0, marks: ReplyMarks = QWEN_MARKS): KindRun[] {
  const runs: KindRun[] = [];
  let kind = 'text' as Kind;
  let start = from;
  const close = (end: number, next: Kind): void => {
    if (end > start) runs.push({ kind, start, end });
    start = end;
    kind = next;
  };
  for (let i = from; i < ids.length; ) {
    const thinkEnd = markLength(ids, i, marks.thinkEnd);
    const callEnd = markLength(ids, i, marks.callEnd);
    if (markLength(ids, i, marks.thinkStart) > 0) close(i, 'thinking');
    else if (markLength(ids, i, marks.callStart) > 0) close(i, 'call');
    else if (callEnd > 0) close(i + callEnd, 'text');
    else if (thinkEnd > 0 && kind !== 'call') {
      kind = 'thinking'; // where the template has opened the thought, the completion only closes it
      close(i + thinkEnd, 'text');
    }
    i += Math.max(thinkEnd, callEnd, 1);
  }
  close(ids.length, 'text');
  return joinScaffold(runs, ids, marks.scaffold);
}

function markLength(ids: ArrayLike<number>, at: number, marks: readonly (readonly number[])[]): number {
  for (const mark of marks) {
    let i = 0;
    while (i < mark.length && ids[at + i] === mark[i]) i++;
    if (i === mark.length) return i;
  }
  return 0;
}

/** Scaffold between two runs goes with the one before; at the start, with the one after. */
function joinScaffold(runs: readonly KindRun[], ids: ArrayLike<number>, scaffold: ReadonlySet<number>): KindRun[] {
  const isScaffold = ({ kind, start, end }: KindRun): boolean => {
    if (kind !== 'text') return false;
    for (let i = start; i < end; i++) if (!scaffold.has(ids[i]!)) return false;
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
  for (let i = at; i < end; i++) {
    if (ids[i] !== RESULT_START) continue;
    const before = runs.pop();
    if (before !== undefined) runs.push({ ...before, end: i });
    runs.push({ kind: 'result', start: before === undefined ? start : i, end });
  }
  return runs;
}

function holds(ids: ArrayLike<number>, id: number, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (ids[i] === id) return true;
  return false;
}

/** Gives each run the next part of its kind; a run without one is blank, a part without a run covers no token. */
export function fitParts(runs: readonly KindRun[], parts: readonly Part[]): Part[] {
  const left = [...parts];
  const fitted = runs.map(({ kind, start, end }): Part => {
    const found = left.findIndex((part) => part.kind === kind);
    const part = found < 0 ? blank(kind) : left.splice(found, 1)[0]!;
    return { ...part, tokenCount: end - start };
  });
  return [...fitted, ...left.map((part) => ({ ...part, tokenCount: 0 }))];
}

/** A part whose text the log does not hold. */
export function blank(kind: Kind): Part {
  return { kind, text: '' };
}
