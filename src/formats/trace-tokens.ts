/** Token columns of the nodes of a verifiers trace. */
import type { LoggedTokens, NumberFault, RolloutEvent } from '../core/model/rollout.ts';
import { cutCompletion, cutMessages, replyParts, saysNothing } from './chatml-ids.ts';
import type { Complaint } from './format.ts';
import { get } from './json.ts';
import { alignToMask, idsFound, noteIds, readIds, readMask } from './per-token.ts';

/** Column of `LoggedTokens` <- key of a node; each is compact (its length is the mask's count) or as long as the ids. */
const COLUMNS = [
  ['logprobs', 'logprobs'],
  ['entropy', 'entropies'],
  ['advantages', 'advantages'],
] as const;

/**
 * The events of the nodes with their tokens, or null where the trace has no ids to go by (noted when it has some). A
 * node holds only the ids that it adds to the conversation; a message may add none.
 */
export function readNodeTokens(nodes: readonly unknown[], events: readonly RolloutEvent[], notes: Complaint[]): RolloutEvent[] | null {
  const all = nodes.map((node) => readIds(get(node, 'token_ids')));
  if (all.every((ids) => ids === null)) {
    noteIds(
      nodes.map((node) => get(node, 'token_ids')),
      'token_ids',
      notes,
    );
    return null;
  }
  for (let n = 0; n < nodes.length; n++) {
    const logged = get(nodes[n], 'token_ids');
    const isEmpty = logged === undefined || logged === null || (Array.isArray(logged) && logged.length === 0);
    if (all[n] !== null || (isEmpty && get(nodes[n], 'sampled') !== true)) continue;
    notes.push({ code: 'token-ids', expected: `token ids at every reply; node ${n} has none, so texts are used`, found: idsFound(logged) });
    return null;
  }
  const isChatml = all.some((ids) => ids !== null && cutMessages(ids) !== null);
  const dropped = new Map<string, { count: number; expected: string; found: string }>();
  const read = events.map((event, n) => {
    const ids = all[n];
    if (ids === null || ids === undefined) return { ...event, tokens: { ids: new Int32Array(0) } };
    const mask = readMask(get(nodes[n], 'mask'), ids.length) ?? new Uint8Array(ids.length).fill(event.sampled ? 1 : 0);
    const columns: Partial<Record<(typeof COLUMNS)[number][0], Float64Array>> = {};
    const faults: NumberFault[] = [];
    for (const [column, key] of COLUMNS) {
      const aligned = alignToMask(get(nodes[n], key), mask);
      if (aligned?.ok === true) {
        columns[column] = aligned.values;
        if (aligned.fault) faults.push({ ...aligned.fault, expected: `${key}: ${aligned.fault.expected}` });
      } else if (aligned !== null) dropped.set(key, { ...aligned, count: (dropped.get(key)?.count ?? 0) + 1 });
    }
    const tokens: LoggedTokens = { ids, mask, ...columns, ...(faults.length > 0 ? { faults } : {}) };
    const empty = event.parts.length === 0 && (!isChatml || saysNothing(ids)) ? { empty: true as const } : {};
    return { ...event, parts: isChatml && event.sampled ? cutReply(ids, mask, event) : event.parts, ...empty, tokens };
  });
  for (const [key, { count, expected, found }] of dropped) {
    notes.push({ code: 'per-token', expected: `${key}: ${expected}`, found: `${found}; left out at ${count} nodes` });
  }
  return read;
}

function cutReply(ids: Int32Array, mask: Uint8Array, event: RolloutEvent): RolloutEvent['parts'] {
  const first = mask.indexOf(1);
  if (first < 0) return event.parts;
  return replyParts(cutCompletion(ids, first), event.parts, first);
}
