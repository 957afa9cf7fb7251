/** Events of a streamed reply of the OpenAI Responses API, folded to the reply that a server sends whole. */
import { get, getList, getNumber, getString, has, isObject, type JsonObject } from './json.ts';

/** Whether an event is one of such a stream. */
export function isResponsesEvent(event: unknown): boolean {
  return getString(event, 'type')?.startsWith('response.') === true;
}

export function opensResponse(event: unknown): boolean {
  return getString(event, 'type') === 'response.created';
}

/**
 * The last state of the response that an event holds. Items that it lacks are taken from the events that end them, by their place,
 * because ids may be others in every event; log-probs of texts too, where only those events have them.
 */
export function foldResponses(events: readonly unknown[]): Record<string, unknown> {
  let reply: JsonObject = {};
  const items = new Map<number, JsonObject>();
  const logprobs = new Map<string, readonly unknown[]>();
  const deltas = new Map<number, { type: string; text: string }>();
  for (const event of events) {
    const response = get(event, 'response');
    if (isObject(response)) reply = response;
    const type = getString(event, 'type') ?? '';
    const at = get(event, 'output_index');
    const index = typeof at === 'number' ? at : 0;
    const item = get(event, 'item');
    if (isObject(item) && (type === 'response.output_item.done' || !items.has(index))) items.set(index, item);
    if (type === 'response.output_text.done') {
      const list = getList(event, 'logprobs');
      if (list !== undefined && list.length > 0) logprobs.set(`${index} ${getNumber(event, 'content_index') ?? 0}`, list);
    }
    const delta = getString(event, 'delta');
    if (delta === undefined) continue;
    const open = deltas.get(index);
    if (open === undefined) deltas.set(index, { type, text: delta });
    else if (open.type === type) open.text += delta;
  }
  const told = getList(reply, 'output') ?? [];
  const output =
    told.length > 0 ? told : [...items.entries()].sort(([a], [b]) => a - b).map(([index, item]) => filled(item, deltas.get(index)));
  return { ...reply, output: output.map((item, index) => withLogprobs(item, index, logprobs)) };
}

/** An item that no event ended, with what its deltas have come to. */
function filled(item: JsonObject, open: { readonly type: string; readonly text: string } | undefined): JsonObject {
  if (open === undefined) return item;
  if (open.type === 'response.function_call_arguments.delta')
    return getString(item, 'arguments') ? item : { ...item, arguments: open.text };
  if (open.type === 'response.output_text.delta')
    return (getList(item, 'content') ?? []).length > 0 ? item : { ...item, content: [{ type: 'output_text', text: open.text }] };
  if (open.type.startsWith('response.reasoning'))
    return [...(getList(item, 'summary') ?? []), ...(getList(item, 'content') ?? [])].length > 0
      ? item
      : { ...item, summary: [{ type: 'summary_text', text: open.text }] };
  return item;
}

function withLogprobs(item: unknown, index: number, logprobs: ReadonlyMap<string, readonly unknown[]>): unknown {
  const content = getList(item, 'content');
  if (logprobs.size === 0 || content === undefined || !isObject(item)) return item;
  return {
    ...item,
    content: content.map((part, place) => {
      const list = logprobs.get(`${index} ${place}`);
      const own = getList(part, 'logprobs') ?? [];
      return list === undefined || own.length > 0 || !isObject(part) || !has(part, 'text') ? part : { ...part, logprobs: list };
    }),
  };
}
