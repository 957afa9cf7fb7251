/** The records of a task as one graph of messages, as verifiers keeps traces: what records share is there once. */
import type { MessageOut } from '../../core/export/message-record.ts';
import { NONE } from '../../core/model/kinds.ts';
import type { Convention } from '../../core/export/branches.ts';
import type { RowValues } from './row-values.ts';
import type { Tally } from './tally.ts';
import { traceMessage, type TraceMessage } from './trace-message.ts';
import type { BranchUnit } from './units.ts';

/** A message with the tokens that it adds to the conversation; columns by token. */
export interface TraceNode {
  /** NONE: it begins a conversation. */
  readonly parent: number;
  readonly message: TraceMessage;
  /** Of the record that brought it, as JSON text. */
  readonly tools: string | undefined;
  readonly ids: Int32Array;
  /** 1: sampled in some record that shares the node. */
  readonly sampled: Uint8Array;
  /** Summed over the records that share the node. */
  readonly weight: Float64Array;
  readonly logprob: Float32Array;
  readonly advantage: Float64Array;
}

/**
 * Parents first. Messages are one where all before them are and their tokens are equal; they keep the words and the ids of calls
 * of the first record, which later results then name.
 */
export function traceNodes(records: readonly BranchUnit[], convention: Convention, values: RowValues, tally: Tally): TraceNode[] {
  const nodes: TraceNode[] = [];
  /** node -> those below it; under NONE, those that begin */
  const below = new Map<number, number[]>([[NONE, []]]);

  const place = (made: TraceNode): number => {
    const siblings = below.get(made.parent) ?? [];
    const known = siblings.find((n) => isSame(nodes[n], made));
    const found = known === undefined ? undefined : nodes[known];
    if (known === undefined || found === undefined) {
      siblings.push(nodes.length);
      below.set(nodes.length, []);
      return nodes.push(made) - 1;
    }
    for (let i = 0; i < made.ids.length; i++) {
      found.weight[i] = (found.weight[i] ?? 0) + (made.weight[i] ?? 0);
      if (made.sampled[i] === 1) found.sampled[i] = 1;
    }
    return known;
  };

  for (const record of records) {
    const row = record.row(convention);
    const { said } = record;
    if (row === null || said === null) continue;
    const [sampled, logprob, advantage] = [values.sampled(row, record.trajectory), values.logprob(row), values.advantage(row)];
    /** Ids of the record's calls -> those of the nodes that hold them. */
    const calls = new Map<string, string>();
    // Results that close calls have no tokens.
    const messages = said.messages(convention).filter(({ closing }) => closing !== true);
    let parent = NONE;
    let start = 0;
    for (const [i, message] of messages.entries()) {
      // Of the messages of one event, the last has the tokens.
      const { end } = message.tokens;
      const until = messages[i + 1]?.tokens.end === end ? start : end;
      const own = traceMessage(withCall(message, calls), tally);
      parent = place({
        parent,
        message: own,
        tools: parent === NONE ? said.rollout.tools : undefined,
        ids: row.ids.subarray(start, until),
        sampled: sampled.slice(start, until),
        weight: row.weight.slice(start, until),
        logprob: logprob.subarray(start, until),
        advantage: advantage.subarray(start, until),
      });
      nodes[parent]?.message.tool_calls?.forEach(({ id }, at) => calls.set(own.tool_calls?.[at]?.id ?? id, id));
      start = until;
    }
    tally.add('trained tokens behind the last message, left out', row.weight.subarray(start).filter((weight) => weight > 0).length);
  }
  return nodes;
}

function isSame(node: TraceNode | undefined, made: TraceNode): boolean {
  if (node?.ids.length !== made.ids.length) return false;
  if (made.ids.length === 0) return JSON.stringify(node.message) === JSON.stringify(made.message);
  return node.ids.every((id, i) => id === made.ids[i]);
}

/** A result with the id under which the graph holds its call. */
function withCall(message: MessageOut, calls: ReadonlyMap<string, string>): MessageOut {
  const { tool_call_id: id } = message;
  return id === undefined ? message : { ...message, tool_call_id: calls.get(id) ?? id };
}
