/** Contents of the Gemini API (`{role, parts}`), as servers and agents log them, to messages. https://ai.google.dev/api/caching#Content */
import { type JsonObject, get, getId, getObject, getString, isList, isObject, toJson } from './json.ts';

/** Messages in the order of the content, each result one of its own; at least one. @param fallback the role where the content names none */
export function contentMessages(content: unknown, fallback: 'user' | 'assistant'): readonly JsonObject[] {
  const role = getString(content, 'role') ?? fallback;
  return partMessages(role === 'function' ? 'user' : role, get(content, 'parts'));
}

/** The same of the parts alone: a text, a part, or a list of either. */
export function partMessages(role: string, parts: unknown): readonly JsonObject[] {
  const messages: JsonObject[] = [];
  let said: JsonObject[] = [];
  const close = (): void => {
    if (said.length > 0) messages.push({ role, content: said });
    said = [];
  };
  for (const part of listOf(parts)) {
    const response = getObject(part, 'functionResponse') ?? getObject(part, 'function_response');
    if (response === undefined) said.push(blockOf(part));
    else {
      close();
      messages.push(responseMessage(response));
    }
  }
  close();
  return messages.length === 0 ? [{ role, content: [] }] : messages;
}

/** Blocks of what the model says at once: text, thoughts, calls and images. */
export function partBlocks(parts: unknown): readonly JsonObject[] {
  return listOf(parts).map(blockOf);
}

function listOf(parts: unknown): readonly unknown[] {
  if (isList(parts)) return parts;
  return typeof parts === 'string' || isObject(parts) ? [parts] : [];
}

/** Python writes the names with underscores. */
function blockOf(part: unknown): JsonObject {
  if (typeof part === 'string') return { type: 'text', text: part };
  const text = getString(part, 'text');
  if (text !== undefined) return get(part, 'thought') === true ? { type: 'thinking', thinking: text } : { type: 'text', text };
  const call = getObject(part, 'functionCall') ?? getObject(part, 'function_call');
  if (call !== undefined)
    return { type: 'tool_call', ...idOf(call, 'id'), name: get(call, 'name') ?? '', arguments: get(call, 'args') ?? {} };
  const data = ['inlineData', 'fileData', 'inline_data', 'file_data']
    .map((key) => getObject(part, key))
    .find((found) => found !== undefined);
  if (data !== undefined) return { ...data, type: 'image' };
  // What a part of another kind holds is not known: it is noted where it is read.
  return { type: isObject(part) ? (Object.keys(part)[0] ?? 'unknown') : 'unknown' };
}

function idOf(value: JsonObject, key: string): JsonObject {
  const id = getId(value, 'id');
  return id === undefined ? {} : { [key]: id };
}

/** What a tool gave, as the API says it: its text at `output`, or why it failed at `error`; a response of any other shape is its JSON. */
export function responseMessage(answer: JsonObject): JsonObject {
  const response = get(answer, 'response');
  const error = getString(response, 'error');
  const only = isObject(response) && Object.keys(response).length === 1 ? response : undefined;
  const text = getString(only, 'error') ?? getString(only, 'output') ?? getString(only, 'content');
  const name = getString(answer, 'name');
  const content = text ?? (typeof response === 'string' ? response : (toJson(response) ?? ''));
  const parts = get(answer, 'parts');
  return {
    role: 'tool',
    content: isList(parts) ? [{ type: 'text', text: content }, ...partBlocks(parts)] : content,
    ...idOf(answer, 'tool_call_id'),
    ...(name === undefined ? {} : { name }),
    ...(error === undefined ? {} : { is_error: true }),
  };
}
