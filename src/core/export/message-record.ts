/** A branch as chat messages with loss marks per message. */
import type { Branch, Part, RolloutEvent } from '../model/rollout.ts';
import type { Forest } from '../model/forest.ts';
import { isSeparateCall } from '../tokens/template.ts';
import { hasSampled } from '../tree/sampled.ts';
import { pathWeights, shownPath, type BranchPlan, type Convention } from './branches.ts';

export interface MessageOut {
  readonly role: string;
  /** Text; where it holds images, the entries of a content list: texts, and images as the log has them. */
  readonly content: string | readonly unknown[];
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
  readonly name?: string;
  /** The log holds this message as token ids only: its content is not known. */
  readonly text_missing?: true;
  /** The log cuts it off: a trainer would end it with a mark that the policy never wrote, so it does not train as a message. */
  readonly truncated?: true;
  /** The log does not hold it: it closes a call that has no result in this record. */
  readonly closing?: true;
  /** Some of its tokens carry loss. */
  readonly train: boolean;
  /** Mean weight of the tokens that the record's trajectory sampled. */
  readonly weight: number;
  readonly tokens: MessageTokens;
}

/** Tokens of a message's event, as marks of whole messages have to round them. */
export interface MessageTokens {
  /** Its place among the tokens of the record: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Sampled by the record's trajectory. */
  readonly sampled: number;
  /** Of those, with loss in this record. */
  readonly trained: number;
  /** Of those, with loss in an earlier record instead; 0 unless the convention is train-once. */
  readonly before: number;
}

/**
 * The messages that a record shows. `eventEnds`: event -> tokens up to its end in the
 * trajectory. An event that the kept path does not hold completely is left out; the cut never ends inside one, so
 * that is at most a header without an answer. Calls without an id get one, `call_<event>_<part>`, and their results the same.
 */
export function messageRecord(
  forest: Forest,
  plan: BranchPlan,
  convention: Convention,
  divisor: number,
  record: number,
  source: Branch,
  eventEnds: ArrayLike<number>,
): MessageOut[] {
  const { end: last, head, from } = plan.extent[record];
  const kept = forest.depth[last] + forest.edgeStart[last + 1] - forest.edgeStart[last];
  const shown = shownPath(forest, plan, record);
  const { nodes } = shown;
  const weights = pathWeights(plan, convention, divisor, record, shown);
  const sampled = nodes.map((n) => (hasSampled(forest, plan.trajectory[record], n) ? 1 : 0));
  const messages: MessageOut[] = [];
  const waiting: WaitingCall[] = [];
  const lossOf = eventLosses(forest, plan.factors, nodes, { weights, sampled, carries: shown.marks });
  let end = 0;
  for (const [index, event] of source.events.entries()) {
    const start = end;
    end = eventEnds[index];
    if (end > kept) break;
    if (start >= head && start < from) continue;
    const own = lossOf(start, end);
    const hidden = start >= from ? from - head : 0;
    const loss = { ...own, tokens: { ...own.tokens, start: start - hidden, end: end - hidden } };
    const marks = {
      ...(isTextMissing(event) ? { text_missing: true as const } : {}),
      ...(event.truncated === true ? { ...loss, truncated: true as const, train: false, weight: 0 } : loss),
    };
    pushMessages(messages, event, index, marks, waiting);
  }
  return messages;
}

function isTextMissing({ tokens, parts, empty }: RolloutEvent): boolean {
  return (tokens?.ids?.length ?? 0) > 0 && empty !== true && parts.every((part) => part.text === '' && part.tool === undefined);
}

/** Of each node of a path. */
interface PathLoss {
  readonly weights: Float64Array;
  /** 1: the record's trajectory sampled it; 1: it carries loss by what that trajectory sampled, here or in another record. */
  readonly sampled: Int32Array;
  readonly carries: Uint8Array;
}

type EventLoss = Pick<MessageOut, 'train' | 'weight' | 'tokens'>;

/** Loss of tokens [start, end) of a path; to be asked for ranges that follow each other, so that the path is walked once. */
function eventLosses(
  forest: Forest,
  factors: Float32Array | null,
  path: Int32Array,
  { weights, sampled: isSampled, carries }: PathLoss,
): (start: number, end: number) => EventLoss {
  let at = 0;
  return (start, end) => {
    let sum = 0;
    let sampled = 0;
    let trained = 0;
    let before = 0;
    for (; at < path.length; at++) {
      const node = path[at];
      const nodeEnd = forest.depth[node] + forest.edgeStart[node + 1] - forest.edgeStart[node];
      const from = Math.max(start, forest.depth[node]);
      const tokens = Math.min(end, nodeEnd) - from;
      if (tokens > 0 && isSampled[at] === 1) {
        sampled += tokens;
        const first = forest.edgeStart[node] + from - forest.depth[node];
        const chosen = factorsOf(factors, first, first + tokens);
        if (weights[at] > 0) {
          sum += weights[at] * chosen.sum;
          trained += chosen.tokens;
        } else if (carries[at] === 1) before += chosen.tokens;
      }
      // The next range may begin inside this node.
      if (nodeEnd > end) break;
    }
    return { train: sum > 0, weight: sampled > 0 ? sum / sampled : 0, tokens: { start, end, sampled, trained, before } };
  };
}

/** Of tokens [from, to); each counts 1 where whole nodes carry loss. */
function factorsOf(factors: Float32Array | null, from: number, to: number): { readonly sum: number; readonly tokens: number } {
  if (factors === null) return { sum: to - from, tokens: to - from };
  let sum = 0;
  let tokens = 0;
  for (let i = from; i < to; i++) {
    sum += factors[i];
    if (factors[i] > 0) tokens++;
  }
  return { sum, tokens };
}

/** A call of this record that has no result yet. */
interface WaitingCall {
  readonly id: string;
  readonly tool: string | undefined;
}

function pushMessages(
  messages: MessageOut[],
  event: RolloutEvent,
  index: number,
  loss: Pick<MessageOut, 'text_missing' | 'truncated' | 'train' | 'weight' | 'tokens'>,
  waiting: WaitingCall[],
): void {
  // The user of a chat without tools may tell what a command gave: that stays the user's message.
  const isResult = (part: Part): boolean => part.kind === 'result' && (event.role !== 'user' || part.callId !== undefined);
  const results = event.parts.filter(isResult);
  const own = event.parts.filter((part) => !isResult(part));
  for (const result of results) {
    const id = takeWaiting(waiting, result);
    messages.push({
      role: 'tool',
      content: contentOf([result]),
      ...(id === undefined ? {} : { tool_call_id: id }),
      ...(result.tool === undefined ? {} : { name: result.tool }),
      ...loss,
    });
  }
  if (own.length === 0 && results.length > 0) return;
  if (event.role === 'assistant') {
    messages.push({ ...replyOf(own, index, event, waiting), ...loss });
    return;
  }
  // An event may hold several messages of a prompt (logged ids of a whole prompt); parts of one role are one message.
  let from = 0;
  for (let to = 1; to <= own.length; to++) {
    const role = roleOf(own[from], event);
    if (to < own.length && roleOf(own[to], event) === role) continue;
    const group = own.slice(from, to);
    if (role === 'assistant') messages.push({ ...replyOf(group, index, event, waiting), ...loss });
    else messages.push({ role, content: contentOf(group), ...loss });
    from = to;
  }
  if (own.length === 0) messages.push({ role: event.role, content: '', ...loss });
}

/** Who says a part of a message that is not the assistant's. */
function roleOf({ kind }: Part, event: RolloutEvent): string {
  if (kind === 'system' || kind === 'user') return kind;
  return kind === 'text' || kind === 'thinking' || kind === 'call' || kind === 'memory' ? 'assistant' : event.role;
}

function joined(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

function contentOf(parts: readonly Part[]): MessageOut['content'] {
  if (!parts.some(({ images }) => images !== undefined)) return joined(parts);
  const entries: unknown[] = [];
  for (const { text, images = [] } of parts) {
    let at = 0;
    const addText = (end: number): void => {
      if (end > at) entries.push({ type: 'text', text: text.slice(at, end) });
    };
    for (const { start, end, entry } of images) {
      addText(start);
      entries.push(entry);
      at = end;
    }
    addText(text.length);
  }
  return entries;
}

function replyOf(own: readonly Part[], index: number, event: RolloutEvent, waiting: WaitingCall[]): Omit<MessageOut, keyof EventLoss> {
  const thinking = joined(own.filter((part) => part.kind === 'thinking'));
  const calls = own.filter(isSeparateCall).map((part) => {
    const id = part.callId ?? `call_${index}_${event.parts.indexOf(part)}`;
    waiting.push({ id, tool: part.tool });
    return { id, type: 'function' as const, function: { name: part.tool ?? '', arguments: part.text === '' ? '{}' : part.text } };
  });
  return {
    role: 'assistant',
    content: contentOf(own.filter((part) => !isSeparateCall(part) && part.kind !== 'thinking')),
    ...(thinking === '' ? {} : { reasoning_content: thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** The id of the call that a result answers: its own, else that of the earliest call of its tool that waits, else of any. */
function takeWaiting(waiting: WaitingCall[], result: Part): string | undefined {
  if (result.callId !== undefined) {
    const own = waiting.findLastIndex((call) => call.id === result.callId);
    if (own >= 0) waiting.splice(own, 1);
    return result.callId;
  }
  const sameTool = waiting.findIndex((call) => result.tool !== undefined && call.tool === result.tool);
  return waiting.splice(Math.max(0, sameTool), 1)[0]?.id;
}
