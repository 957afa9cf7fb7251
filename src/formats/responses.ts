/**
 * Items of the OpenAI Responses API to chat messages: what one model call produced becomes one message. NeMo-Gym
 * adds token ids to the last item of a call. https://platform.openai.com/docs/api-reference/responses
 */
import { addNote, type Complaint } from './format.ts';
import { type JsonObject, describe, get, getId, getList, getString, isObject } from './json.ts';
import { alignToMask, faultNote, noteIds, readIds } from './per-token.ts';

/** Token ids of one model call. */
interface ItemIds {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
  readonly logprobs: Float64Array | null;
  /** Set where log-probs are there and do not fit the ids. */
  readonly misfit?: string;
}

export interface ItemMessage {
  /** Shaped as a chat message, for `readMessages`. */
  readonly message: JsonObject;
  readonly ids: ItemIds | null;
}

interface OpenCall {
  thinking: string[];
  content: unknown[];
  /** Entries of `output_text` parts, where the request asked for them. */
  logprobs: unknown[];
  calls: JsonObject[];
}

/** Messages in the order of the items; or what was found instead of an item. Ids and log-probs that cannot be are noted. */
export function itemMessages(items: readonly unknown[], notes: Complaint[]): ItemMessage[] | string {
  const messages: ItemMessage[] = [];
  let call: OpenCall | null = null;
  const flush = (ids: ItemIds | null): void => {
    if (call !== null) messages.push({ message: callMessage(call), ids });
    call = null;
  };
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (!isObject(item)) return `${describe(item)} at item ${i}`;
    const type = getString(item, 'type') ?? 'message';
    if (WORDLESS.has(type)) {
      addNote(notes, { code: 'item', expected: 'items whose words the log holds', found: `one of type ${type}; left out` });
      continue;
    }
    if (!isReply(item, type)) {
      if (get(item, 'role') === undefined && type !== 'message' && !type.endsWith('_output')) return `an item of type ${type} at item ${i}`;
      flush(null);
      messages.push({ message: contextMessage(item, type), ids: null });
      continue;
    }
    if (call !== null && beginsCall(call, type)) flush(null);
    call ??= { thinking: [], content: [], logprobs: [], calls: [] };
    addItem(call, item, type, notes);
    const ids = readItemIds(item, notes);
    if (ids !== null) flush(ids);
  }
  flush(null);
  return messages;
}

/** Items of which the log has no words: what a server summed up or stored for itself, or was asked. */
const WORDLESS: ReadonlySet<string> = new Set([
  'compaction',
  'compaction_summary',
  'item_reference',
  'mcp_list_tools',
  'mcp_approval_request',
]);

/** `function_call`, `custom_tool_call`, and those of tools that the server runs itself, such as `web_search_call`. */
const CALL = /_call$/;

function isReply(item: JsonObject, type: string): boolean {
  return type === 'reasoning' || CALL.test(type) || get(item, 'role') === 'assistant';
}

/** One call gives reasoning, then a message, then calls; each of them only goes back to an earlier one in a new call. */
function beginsCall(call: OpenCall, type: string): boolean {
  if (type === 'reasoning') return call.content.length > 0 || call.calls.length > 0;
  return type === 'message' && (call.content.length > 0 || call.calls.length > 0);
}

function addItem(call: OpenCall, item: JsonObject, type: string, notes: Complaint[]): void {
  if (type === 'reasoning') {
    const before = call.thinking.length;
    for (const part of [...(getList(item, 'summary') ?? []), ...(getList(item, 'content') ?? [])]) {
      const text = getString(part, 'text');
      if (text !== undefined) call.thinking.push(text);
    }
    const encrypted = getString(item, 'encrypted_content') ?? '';
    if (encrypted !== '' && call.thinking.length === before)
      addNote(notes, {
        code: 'encrypted-reasoning',
        expected: 'reasoning that can be read',
        found: `${encrypted.length.toLocaleString('en')} characters that only its server can read; left out`,
      });
  } else if (type === 'message') {
    const content = get(item, 'content');
    for (const part of Array.isArray(content) ? (content as unknown[]) : [content ?? '']) {
      call.content.push(part);
      for (const entry of getList(part, 'logprobs') ?? []) call.logprobs.push(entry);
    }
  } else {
    const id = getId(item, 'call_id', 'id');
    const args = get(item, 'arguments') ?? get(item, 'input') ?? get(item, 'action') ?? get(item, 'code') ?? get(item, 'queries');
    call.calls.push({ ...(id === undefined ? {} : { id }), name: get(item, 'name') ?? type.replace(CALL, ''), arguments: args });
  }
}

function callMessage({ thinking, content, logprobs, calls }: OpenCall): JsonObject {
  return {
    role: 'assistant',
    ...(thinking.length > 0 ? { reasoning_content: thinking.join('\n') } : {}),
    content,
    ...(logprobs.length > 0 ? { logprobs: { content: logprobs } } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function contextMessage(item: JsonObject, type: string): JsonObject {
  if (!type.endsWith('_output')) return item;
  return { role: 'tool', tool_call_id: get(item, 'call_id'), content: get(item, 'output'), error: get(item, 'error') };
}

/** Null where the item has no ids; empty lists mean the same. */
function readItemIds(item: JsonObject, notes: Complaint[]): ItemIds | null {
  const lists = [get(item, 'prompt_token_ids'), get(item, 'generation_token_ids')] as const;
  const [prompt, completion] = [readIds(lists[0]), readIds(lists[1])];
  if (prompt === null || completion === null) {
    noteIds(lists, 'prompt_token_ids and generation_token_ids', notes);
    return null;
  }
  const aligned = alignToMask(get(item, 'generation_log_probs'), new Uint8Array(completion.length).fill(1));
  if (aligned === null) return { prompt, completion, logprobs: null };
  if (aligned.ok) {
    if (aligned.fault) notes.push(faultNote(aligned.fault, 'generation_log_probs'));
    return { prompt, completion, logprobs: aligned.values };
  }
  return { prompt, completion, logprobs: null, misfit: aligned.found };
}
