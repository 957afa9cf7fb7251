/** Contents of the Gemini API (`{role, parts}`), as agents log them, to messages. https://ai.google.dev/api/caching#Content */
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject, toJson } from './json.ts';

/** Blocks of the model's own turn, or of what a person says. A text alone, or a list of parts. */
export function partBlocks(parts: unknown): readonly unknown[] {
  if (typeof parts === 'string') return [{ type: 'text', text: parts }];
  const list = isList(parts) ? parts : isObject(parts) ? [parts] : [];
  return list.flatMap((part): readonly unknown[] => {
    if (typeof part === 'string') return [{ type: 'text', text: part }];
    const text = getString(part, 'text');
    if (text !== undefined) return [get(part, 'thought') === true ? { type: 'thinking', thinking: text } : { type: 'text', text }];
    const call = getObject(part, 'functionCall');
    if (call !== undefined) return [callBlock(call)];
    if (getObject(part, 'functionResponse') !== undefined) return [];
    const data = getObject(part, 'inlineData') ?? getObject(part, 'fileData');
    return data === undefined ? [] : [{ type: 'image', ...data }];
  });
}

function callBlock(call: JsonObject): JsonObject {
  const id = getId(call, 'id');
  return { type: 'tool_call', name: get(call, 'name'), arguments: get(call, 'args') ?? {}, ...(id === undefined ? {} : { id }) };
}

/** Results among parts, each as a message of its own. */
export function resultMessages(parts: unknown): JsonObject[] {
  return (isList(parts) ? parts : []).flatMap((part) => {
    const response = getObject(part, 'functionResponse');
    return response === undefined ? [] : [responseMessage(response)];
  });
}

/** The text that the tool gave; a response of any other shape is its JSON. */
export function responseMessage(response: JsonObject): JsonObject {
  const inner = get(response, 'response');
  const error = getString(inner, 'error');
  const id = getId(response, 'id');
  const name = getString(response, 'name');
  return {
    role: 'tool',
    content: error ?? getString(inner, 'output') ?? getString(inner, 'content') ?? toJson(inner) ?? '',
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(name === undefined ? {} : { name }),
    ...(error === undefined ? {} : { is_error: true }),
  };
}

/** Blocks of what the model says at once: thoughts, text and calls. */
export function thoughtBlocks(thoughts: unknown): readonly unknown[] {
  return (getList({ thoughts }, 'thoughts') ?? []).flatMap((thought) => {
    const words = [getString(thought, 'subject'), getString(thought, 'description')].filter((word) => word !== undefined && word !== '');
    return words.length === 0 ? [] : [{ type: 'thinking', thinking: words.join('\n') }];
  });
}
