/** Contents of Google's Gemini API, `{role, parts: [{text | functionCall | functionResponse}]}`, to chat messages. */
import { get, getId, getList, getObject, getString, isObject, type JsonObject } from './json.ts';

/** Shaped as a chat message, for `readMessages`. @param fallback the role where the content names none */
export function geminiMessage(content: unknown, fallback: 'user' | 'assistant'): JsonObject {
  const parts = getList(content, 'parts') ?? [];
  const role = getString(content, 'role') ?? (fallback === 'assistant' ? 'model' : 'user');
  const blocks = parts.map(blockOf);
  const results = blocks.filter((block) => get(block, 'type') === 'tool_result');
  // Python's own names have underscores; a turn of results has the role `user` or `function`.
  return { role: role === 'function' || (results.length > 0 && results.length === blocks.length) ? 'user' : role, content: blocks };
}

function blockOf(part: unknown): JsonObject {
  const call = getObject(part, 'functionCall') ?? getObject(part, 'function_call');
  if (call !== undefined) return { type: 'tool_use', ...idOf(call), name: getString(call, 'name') ?? '', input: get(call, 'args') ?? {} };
  const answer = getObject(part, 'functionResponse') ?? getObject(part, 'function_response');
  if (answer !== undefined) {
    const id = getId(answer, 'id');
    const response = get(answer, 'response');
    const text = typeof response === 'string' ? response : JSON.stringify(response ?? null);
    return { type: 'tool_result', ...(id === undefined ? {} : { tool_use_id: id }), content: text, name: getString(answer, 'name') };
  }
  const text = getString(part, 'text');
  if (text !== undefined) return { type: get(part, 'thought') === true ? 'thinking' : 'text', text };
  return isObject(part) ? { type: Object.keys(part)[0] ?? 'unknown' } : { type: 'unknown' };
}

function idOf(call: JsonObject): { readonly id?: string } {
  const id = getId(call, 'id');
  return id === undefined ? {} : { id };
}
