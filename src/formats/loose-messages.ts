/**
 * Messages as frameworks and tracers write them, in one shape for `readMessages`: LangChain and AutoGen types, `parts` of the
 * OpenTelemetry GenAI conventions, parts of the Vercel AI SDK, JSON inside of JSON texts, single texts.
 */
import { get, getId, getList, getObject, getString, isList, isObject, parseJson, toJson, type JsonObject } from './json.ts';
import { roleOf } from './roles.ts';

/** JSON in a text, and JSON in a text in it: tracers encode what they are given once more. Other values as they are. */
export function opened(value: unknown, levels = 2): unknown {
  if (levels === 0 || typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
  const parsed = parseJson(value);
  return parsed.ok && (typeof parsed.value === 'object' || typeof parsed.value === 'string') ? opened(parsed.value, levels - 1) : value;
}

/** The messages of a value, which may hold them below a key; undefined where it holds none. A text is one message of `role`. */
export function looseMessages(given: unknown, role: 'user' | 'assistant'): readonly JsonObject[] | undefined {
  const value = opened(given);
  if (typeof value === 'string') return value === '' ? undefined : [{ role, content: value }];
  if (isList(value)) {
    // LangChain has batches of lists.
    if (value.length === 1 && isList(value[0])) return looseMessages(value[0], role);
    if (value.every((entry) => typeof entry === 'string') && value.length > 0) return [{ role, content: value.join('\n') }];
    const messages = value.flatMap((entry): readonly JsonObject[] => {
      const message = looseMessage(opened(entry), role);
      return message === undefined ? [] : [message];
    });
    return messages.length === value.length && messages.length > 0 ? messages : undefined;
  }
  if (!isObject(value)) return undefined;
  const system = value['system'] ?? value['instructions'] ?? value['system_prompt'];
  const before = typeof system === 'string' && system !== '' ? [{ role: 'system', content: system }] : [];
  const list = value['messages'] ?? value['input_messages'] ?? value['chat_history'] ?? value['generations'];
  if (isList(list)) {
    const messages = looseMessages(list, role);
    return messages && [...before, ...messages];
  }
  if (isObject(value['message'])) return looseMessages(value['message'], role);
  const one = looseMessage(value, role);
  if (one !== undefined) return [...before, one];
  const text = value['prompt'] ?? value['input'] ?? value['question'] ?? value['query'] ?? value['output'] ?? value['text'];
  const inner = typeof text === 'string' ? [{ role, content: text }] : isList(text) ? looseMessages(text, role) : undefined;
  return inner && [...before, ...inner];
}

/** Class names of LangChain (`HumanMessage`, `AIMessageChunk`) and AutoGen (`FunctionExecutionResultMessage`). */
const CLASSES: readonly (readonly [name: RegExp, role: string])[] = [
  [/^(?:System|Developer)Message/, 'system'],
  [/^(?:Human|User)Message/, 'user'],
  [/^(?:AI|Assistant)Message/, 'assistant'],
  [/^(?:Tool|Function|FunctionExecutionResult)Message/, 'tool'],
];

function roleIn(message: JsonObject): string | undefined {
  const word = getString(message, 'role') ?? getString(message, 'type');
  if (roleOf(word) !== undefined) return word;
  // LangChain's serialised form names its class last.
  const last = getList(message, 'id')?.at(-1);
  const name = word !== undefined && word !== 'constructor' ? word : typeof last === 'string' ? last : '';
  return CLASSES.find(([pattern]) => pattern.test(name))?.[1];
}

/** One message, or undefined where the value is none. */
function looseMessage(value: unknown, fallback: 'user' | 'assistant'): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const generation = value['message'];
  if (isObject(generation) && (value['text'] !== undefined || value['generation_info'] !== undefined))
    return looseMessage(generation, fallback);
  const kwargs = getObject(value, 'kwargs');
  const inner = kwargs ?? value;
  const parts = getList(inner, 'parts') ?? getList(inner, 'contents');
  const content = parts ?? get(inner, 'content') ?? get(inner, 'text');
  const calls = callsOf(inner);
  const role = roleIn(value) ?? (content !== undefined || calls !== undefined ? fallback : undefined);
  if (role === undefined || (content === undefined && calls === undefined)) return undefined;
  // An answer without a role of its own is told from other objects by its content; what was asked has one.
  if (roleIn(value) === undefined && (get(inner, 'content') === undefined || fallback === 'user')) return undefined;
  const blocks = isList(content) ? content.map((part) => looseBlock(part)) : (content ?? '');
  const apart = isList(blocks) && isList(calls) ? withoutTold(calls, blocks) : calls;
  const callId = getId(inner, 'tool_call_id', 'tool_use_id', 'call_id');
  const more = getObject(inner, 'additional_kwargs');
  const reasoning =
    getString(inner, 'thought') ??
    getString(inner, 'reasoning_content') ??
    getString(inner, 'reasoning') ??
    getString(more, 'reasoning_content');
  const server = getObject(inner, 'response_metadata');
  const logprobs = get(server, 'logprobs');
  const ended = getString(server, 'finish_reason') ?? getString(server, 'stop_reason');
  const name = getString(inner, 'name');
  return {
    role,
    content: isObject(blocks) && !isList(blocks) ? (toJson(blocks) ?? '') : blocks,
    ...(isList(apart) && apart.length > 0 ? { tool_calls: apart } : {}),
    ...(get(more, 'function_call') !== undefined && calls === undefined ? { function_call: get(more, 'function_call') } : {}),
    ...(isObject(logprobs) ? { logprobs } : {}),
    ...(ended === undefined ? {} : { finish_reason: ended }),
    ...(callId === undefined ? {} : { tool_call_id: callId }),
    ...(reasoning === undefined || reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(roleOf(role) === 'tool' && name !== undefined ? { name } : {}),
    ...(get(inner, 'is_error') === true || get(inner, 'status') === 'error' ? { is_error: true } : {}),
  };
}

/** LangChain keeps calls whose arguments are no JSON apart, and those of older servers as the server had them. */
function callsOf(message: JsonObject): unknown {
  const calls = get(message, 'tool_calls');
  const invalid = getList(message, 'invalid_tool_calls') ?? [];
  const told = isList(calls) ? [...calls, ...invalid] : invalid;
  if (told.length > 0) return told;
  return get(getObject(message, 'additional_kwargs'), 'tool_calls') ?? (isList(calls) ? undefined : calls);
}

/** What blocks of content name calls, and where their ids stand. */
const CALL_BLOCKS: ReadonlySet<string> = new Set(['tool_use', 'tool_call', 'tool-call', 'function_call', 'server_tool_use']);

/** Calls that are not in the content too, where LangChain leaves those of some servers. */
function withoutTold(calls: readonly unknown[], blocks: readonly unknown[]): readonly unknown[] {
  const isCall = (block: unknown): boolean => CALL_BLOCKS.has(getString(block, 'type') ?? '');
  const told = new Set(blocks.filter(isCall).flatMap((block) => ['id', 'call_id', 'toolCallId'].flatMap((key) => getId(block, key) ?? [])));
  return calls.filter((call) => {
    const id = getId(call, 'id', 'call_id');
    return id === undefined || !told.has(id);
  });
}

function looseBlock(part: unknown): unknown {
  if (!isObject(part)) return part;
  const type = getString(part, 'type') ?? getString(part, 'message_content.type');
  switch (type) {
    case 'tool_call_response':
      return { type: 'tool_result', tool_use_id: getId(part, 'id'), content: textOf(get(part, 'response') ?? get(part, 'result')) };
    case 'tool-call':
      return {
        type: 'tool_use',
        id: getId(part, 'toolCallId'),
        name: getString(part, 'toolName'),
        input: get(part, 'input') ?? get(part, 'args'),
      };
    case 'tool-result': {
      const output = get(part, 'output') ?? get(part, 'result');
      return { type: 'tool_result', tool_use_id: getId(part, 'toolCallId'), content: textOf(get(output, 'value') ?? output) };
    }
    case undefined:
      // AutoGen's calls and results have no type.
      if (getString(part, 'name') !== undefined && get(part, 'arguments') !== undefined) return { ...part, type: 'tool_use' };
      if (get(part, 'call_id') !== undefined)
        return {
          type: 'tool_result',
          tool_use_id: getId(part, 'call_id'),
          content: textOf(get(part, 'content')),
          is_error: get(part, 'is_error'),
        };
      return part;
    default:
      return part;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (toJson(value ?? null) ?? '');
}
