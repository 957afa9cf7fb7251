/** An item of the Responses API, as Codex logs it, to a chat message. https://platform.openai.com/docs/api-reference/responses */
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject, parseJson, toJson } from './json.ts';

/** Null where the item is of no kind that is known. */
export function itemMessage(item: JsonObject, kind: string): JsonObject | null {
  if (kind === 'message') return getString(item, 'role') === undefined ? null : { role: get(item, 'role'), content: contentOf(item) };
  if (kind === 'agent_message') return { role: 'user', content: contentOf(item) };
  if (kind === 'reasoning') return { role: 'assistant', reasoning_content: thoughtOf(item), content: '' };
  if (kind.endsWith('_output') || kind === 'tool_result') return resultMessage(item);
  if (kind.endsWith('_call')) return callMessage(item, kind);
  return null;
}

/** What is encrypted is nothing that anyone can read. An image that was left out of the log is none. */
function contentOf(item: JsonObject): unknown {
  const content = get(item, 'content');
  if (!isList(content)) return content ?? '';
  return content.filter((part) => getString(part, 'type') !== 'encrypted_content' && get(part, 'image_url') !== null);
}

function thoughtOf(item: JsonObject): string {
  const parts = [...(getList(item, 'summary') ?? []), ...(getList(item, 'content') ?? [])];
  return parts.flatMap((part) => getString(part, 'text') ?? []).join('\n');
}

function callMessage(item: JsonObject, kind: string): JsonObject {
  const name = getString(item, 'name') ?? getString(getObject(item, 'function'), 'name') ?? kind.replace(/_call$/, '');
  const given = get(item, 'arguments') ?? get(item, 'input') ?? get(item, 'action') ?? get(item, 'revised_prompt');
  const id = getId(item, 'call_id', 'id');
  return { role: 'assistant', content: '', tool_calls: [{ ...(id === undefined ? {} : { id }), name, arguments: given }] };
}

/** The text as the model read it: of an object its JSON, of a list of parts what they say. */
function resultMessage(item: JsonObject): JsonObject {
  const output = get(item, 'output') ?? get(item, 'result') ?? get(item, 'tools');
  const parts = isList(output) && output.every((part) => getString(part, 'type') !== undefined && get(part, 'name') === undefined);
  const inner = isObject(output) ? (getString(output, 'text') ?? getString(output, 'content')) : undefined;
  const id = getId(item, 'call_id', 'id');
  return {
    role: 'tool',
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(getString(item, 'name') === undefined ? {} : { name: get(item, 'name') }),
    content: typeof output === 'string' || parts ? output : (inner ?? toJson(output) ?? ''),
    ...(failed(output) ? { is_error: true } : {}),
  };
}

/** Codex writes what a command came to as JSON text: `{output, metadata: {exit_code}}`. */
function failed(output: unknown): boolean {
  if (get(output, 'success') === false) return true;
  const parsed = typeof output === 'string' && output.startsWith('{"output"') ? parseJson(output) : null;
  const told = parsed?.ok ? parsed.value : output;
  const code = get(getObject(told, 'metadata'), 'exit_code') ?? get(told, 'exitCode') ?? get(told, 'exit_code');
  return typeof code === 'number' && code !== 0;
}
