/** The parts of one message of opencode, to chat messages: what the model says up to its calls, then what those gave. */
import { type JsonObject, get, getObject, getString, toJson } from './json.ts';
import type { LineTally } from './session.ts';

/** A message; those of one reply of the model share a number. */
export type PartMessage = JsonObject & { readonly reply?: number | undefined };

export function partMessages(role: string, parts: readonly JsonObject[], tally: Pick<LineTally, 'aside'>): PartMessage[] {
  const messages: PartMessage[] = [];
  let results: PartMessage[] = [];
  let reply = 0;
  const flush = (): void => {
    if (results.length > 0) reply++;
    for (const result of results) messages.push(result);
    results = [];
  };
  const say = (message: JsonObject): void => void messages.push({ role, ...message, ...(role === 'assistant' ? { reply } : {}) });
  for (const part of parts) {
    const type = getString(part, 'type') ?? '';
    if (type === 'tool') {
      const state = getObject(part, 'state');
      const id = get(part, 'callID');
      say({ content: '', tool_calls: [{ id, name: get(part, 'tool'), arguments: get(state, 'input') ?? {} }] });
      const output = get(state, 'output') ?? get(state, 'error');
      const failed = getString(state, 'status') === 'error' ? { is_error: true } : {};
      if (output !== undefined)
        results.push({ role: 'tool', tool_call_id: id, content: typeof output === 'string' ? output : (toJson(output) ?? ''), ...failed });
      continue;
    }
    if (type === 'text' || type === 'reasoning') flush();
    if (type === 'text') say({ content: getString(part, 'text') ?? '' });
    else if (type === 'reasoning') say({ content: '', reasoning_content: getString(part, 'text') ?? '' });
    else if (type === 'step-start') flush();
    else tally.aside(`part ${type}`);
  }
  flush();
  return messages;
}
