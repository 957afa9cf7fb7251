/** A branch as chat messages with loss marks per message. */
import type { Branch, Forest, Part, RolloutEvent } from '../model.ts';
import { pathTo } from '../tree/navigate.ts';
import { pathWeights, type BranchPlan, type Convention } from './branches.ts';

export interface MessageOut {
  readonly role: string;
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly type: 'function'; readonly function: { readonly name: string; readonly arguments: string } }[];
  readonly tool_call_id?: string;
  readonly name?: string;
  /** Some of its tokens carry loss. */
  readonly train: boolean;
  /** Mean weight of its sampled tokens in this record. */
  readonly weight: number;
}

/**
 * The messages of a kept branch, up to where the kept path ends. `eventEnds`: event -> tokens up to its end in the
 * trajectory. An event that the kept path does not hold completely is left out; the cut never ends inside one, so
 * that is at most a header without an answer. Calls without an id get one, `call_<event>_<part>`, and their results the same.
 */
export function messageRecord(
  forest: Forest, plan: BranchPlan, convention: Convention, trajectories: number, branch: number, source: Branch, eventEnds: ArrayLike<number>,
): MessageOut[] {
  const kept = plan.tokenCount[branch];
  const path = pathTo(forest, plan.leaf[branch]);
  const weights = pathWeights(forest, plan, convention, trajectories, branch, path);
  const messages: MessageOut[] = [];
  const waiting: { id: string; tool: string | undefined }[] = [];
  let start = 0;
  for (const [index, event] of source.events.entries()) {
    const end = eventEnds[index];
    if (end > kept) break;
    const loss = eventLoss(forest, path, weights, start, end);
    pushMessages(messages, event, index, loss, waiting);
    start = end;
  }
  return messages;
}

/** Loss of tokens [start, end) of a path. */
function eventLoss(forest: Forest, path: Int32Array, weights: Float64Array, start: number, end: number): { train: boolean; weight: number } {
  let sum = 0;
  let sampled = 0;
  for (const [index, node] of path.entries()) {
    const from = Math.max(start, forest.depth[node]);
    const to = Math.min(end, forest.depth[node] + forest.edgeStart[node + 1] - forest.edgeStart[node]);
    if (to <= from || forest.sampledCount[node] === 0) continue;
    sampled += to - from;
    sum += (to - from) * weights[index];
  }
  return { train: sum > 0, weight: sampled > 0 ? sum / sampled : 0 };
}

function pushMessages(
  messages: MessageOut[], event: RolloutEvent, index: number, loss: { train: boolean; weight: number }, waiting: { id: string; tool: string | undefined }[],
): void {
  const results = event.parts.filter((part) => part.kind === 'result');
  const own = event.parts.filter((part) => part.kind !== 'result');
  for (const result of results) {
    const id = result.callId ?? takeWaiting(waiting, result.tool);
    messages.push({ role: 'tool', content: result.text, ...(id === undefined ? {} : { tool_call_id: id }), ...(result.tool === undefined ? {} : { name: result.tool }), ...loss });
  }
  if (own.length === 0 && results.length > 0) return;
  if (event.role !== 'assistant') {
    // One event may hold several messages of a prompt (logged ids of a whole prompt): a part each.
    for (const part of own) messages.push({ role: part.kind === 'system' || part.kind === 'user' ? part.kind : event.role, content: part.text, ...loss });
    return;
  }
  const text = (wanted: (part: Part) => boolean): string => own.filter(wanted).map((part) => part.text).join('');
  const isCall = (part: Part): boolean => part.kind === 'call' || part.kind === 'memory';
  const thinking = text((part) => part.kind === 'thinking');
  const calls = own.filter(isCall).map((part) => {
    const id = part.callId ?? `call_${index}_${event.parts.indexOf(part)}`;
    if (part.callId === undefined) waiting.push({ id, tool: part.tool });
    return { id, type: 'function' as const, function: { name: part.tool ?? '', arguments: part.text } };
  });
  messages.push({
    role: event.role, content: text((part) => !isCall(part) && part.kind !== 'thinking'),
    ...(thinking === '' ? {} : { reasoning_content: thinking }), ...(calls.length === 0 ? {} : { tool_calls: calls }), ...loss,
  });
}

function takeWaiting(waiting: { id: string; tool: string | undefined }[], tool: string | undefined): string | undefined {
  const at = Math.max(0, waiting.findIndex((call) => tool === undefined || call.tool === tool));
  return waiting.splice(at, 1)[0]?.id;
}
