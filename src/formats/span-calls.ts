/**
 * Model calls in spans: what was read and written, in the attribute names of OpenTelemetry's GenAI conventions (new and old),
 * OpenInference, OpenLLMetry and the Vercel AI SDK, or as inputs and outputs.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai · https://github.com/Arize-ai/openinference
 */
import { get, getObject, getString, isList, isObject, type JsonObject } from './json.ts';
import { firstChoice } from './logprobs.ts';
import { looseMessages, opened } from './loose-messages.ts';
import { isReply, readReply } from './reply-shapes.ts';
import type { Span } from './span.ts';

/** Shaped as chat messages; undefined where the span does not say. */
export interface SpanCall {
  readonly prompt: readonly JsonObject[] | undefined;
  readonly reply: readonly JsonObject[] | undefined;
}

/** Types that tracers give to spans of which they are told no other. */
const GENERIC = /^(?:|span|event|chain|custom|unknown|(?:SPAN_KIND_)?(?:UNSPECIFIED|INTERNAL|CLIENT))$/i;

/** Whether a span is one call of a model: the innermost, where tracers wrap one in another. */
export function isModelCall(span: Span): boolean {
  const { attributes, type, name } = span;
  if (isToolCall(span)) return false;
  const operation = attributes['ai.operationId'];
  if (typeof operation === 'string') return /\.do(?:Generate|Stream)$/.test(operation);
  const kind = attributes['openinference.span.kind'] ?? attributes['traceloop.span.kind'];
  if (typeof kind === 'string') return /^llm$/i.test(kind);
  const word = attributes['gen_ai.operation.name'];
  if (typeof word === 'string') return /^(?:chat|text_completion|generate_content|message|completion)$/.test(word);
  if (/^(?:llm|chat_model|generation)$/i.test(type)) return true;
  if (attributes['gen_ai.request.model'] !== undefined || attributes['llm.request.type'] !== undefined) return true;
  return GENERIC.test(type) && /(?:completions?|messages|responses)[._]create|generate_content/i.test(name);
}

/** Whether a span is one call of a tool, whatever the tool is called. */
export function isToolCall({ type, attributes }: Span): boolean {
  return (
    /^(?:tool|function)$/i.test(type) ||
    /^tool$/i.test(getString(attributes, 'openinference.span.kind') ?? '') ||
    attributes['gen_ai.operation.name'] === 'execute_tool'
  );
}

/** Whether a span may be of a trace of language models at all, by structure. */
export function hasModelNames(attributes: JsonObject): boolean {
  return Object.keys(attributes).some((key) =>
    /^(?:gen_ai\.|openinference\.|llm\.|ai\.(?:operationId|prompt|response|model)|traceloop\.)/.test(key),
  );
}

/** Never throws. */
export function callOfSpan(span: Span): SpanCall {
  const ways = [conventions, numbered, vercel, spanEvents, values];
  let prompt: SpanCall['prompt'];
  let reply: SpanCall['reply'];
  for (const way of ways) {
    const call = way(span);
    prompt ??= call.prompt;
    reply ??= call.reply;
  }
  return { prompt, reply };
}

/** `gen_ai.input.messages` and `gen_ai.output.messages`, as JSON texts or values. */
function conventions({ attributes }: Span): SpanCall {
  const system = looseMessages(systemParts(attributes['gen_ai.system_instructions']), 'user')?.map((message) => ({
    ...message,
    role: 'system',
  }));
  const prompt = looseMessages(attributes['gen_ai.input.messages'] ?? attributes['pydantic_ai.all_messages'], 'user');
  return {
    prompt: prompt && [...(system ?? []), ...prompt],
    reply: looseMessages(attributes['gen_ai.output.messages'], 'assistant'),
  };
}

/** Parts stand there without a message around them. */
function systemParts(value: unknown): unknown {
  const parts = opened(value);
  return isList(parts) && parts.every((part) => getString(part, 'role') === undefined) && parts.length > 0
    ? [{ role: 'system', parts }]
    : parts;
}

/** `llm.input_messages.0.message.role` of OpenInference, `gen_ai.prompt.0.role` of OpenLLMetry. */
function numbered({ attributes }: Span): SpanCall {
  return {
    prompt: numberedMessages(attributes, ['llm.input_messages', 'gen_ai.prompt', 'llm.prompts'], 'user'),
    reply: numberedMessages(attributes, ['llm.output_messages', 'gen_ai.completion', 'llm.completions'], 'assistant'),
  };
}

function numberedMessages(attributes: JsonObject, prefixes: readonly string[], role: 'user' | 'assistant'): SpanCall['prompt'] {
  for (const prefix of prefixes) {
    const messages = new Map<number, Record<string, unknown>>();
    const start = `${prefix}.`;
    for (const key of Object.keys(attributes)) {
      // Of tables each row has all columns.
      if (!key.startsWith(start) || attributes[key] === null) continue;
      const [index = '', ...steps] = key.slice(start.length).split('.');
      if (!/^\d+$/.test(index)) continue;
      let message = messages.get(Number(index));
      if (message === undefined) messages.set(Number(index), (message = {}));
      put(message, steps[0] === 'message' ? steps.slice(1) : steps, attributes[key]);
    }
    const list = [...messages.entries()].sort(([a], [b]) => a - b).map(([, message]) => plainMessage(message));
    if (list.length > 0) return looseMessages(list, role);
  }
  return undefined;
}

/** Puts a value at a path of names and numbers. */
function put(into: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let held = into;
  for (const [i, step] of steps.entries()) {
    // What would reach beyond own members is no name of these.
    if (step === '__proto__') return;
    if (i === steps.length - 1) {
      if (!isList(value) || !value.some(isObject)) held[step] = value;
      return;
    }
    const next = Object.hasOwn(held, step) ? held[step] : undefined;
    const inner: Record<string, unknown> = isObject(next) ? next : {};
    held[step] = inner;
    held = inner;
  }
}

/** `{contents: {0: {message_content: {type, text}}}, tool_calls: {0: {tool_call: {id, function}}}}`, as chat messages have it. */
function plainMessage(message: Record<string, unknown>): JsonObject {
  const contents = listOf(message['contents']).map((entry) => get(entry, 'message_content') ?? entry);
  const calls = listOf(message['tool_calls']).map((entry) => get(entry, 'tool_call') ?? entry);
  const { contents: _contents, tool_calls: _calls, ...rest } = message;
  return {
    ...rest,
    ...(rest['content'] === undefined && contents.length > 0 ? { content: contents } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function listOf(value: unknown): unknown[] {
  return isObject(value) ? Object.values(value) : isList(value) ? [...value] : [];
}

/** `ai.prompt.messages`, `ai.response.text`, `ai.response.toolCalls`. https://ai-sdk.dev/docs/ai-sdk-core/telemetry */
function vercel({ attributes }: Span): SpanCall {
  const prompt = looseMessages(attributes['ai.prompt.messages'] ?? attributes['ai.prompt'], 'user');
  const text = attributes['ai.response.text'] ?? attributes['ai.response.object'];
  const calls = opened(attributes['ai.response.toolCalls']);
  const reasoning = attributes['ai.response.reasoning'];
  if (text === undefined && !isList(calls)) return { prompt, reply: undefined };
  const blocks = isList(calls)
    ? calls.map((call) => ({
        id: get(call, 'toolCallId'),
        name: get(call, 'toolName'),
        arguments: get(call, 'input') ?? get(call, 'args'),
      }))
    : [];
  const message = {
    role: 'assistant',
    content: typeof text === 'string' ? text : '',
    ...(typeof reasoning === 'string' ? { reasoning_content: reasoning } : {}),
    ...(blocks.length > 0 ? { tool_calls: blocks } : {}),
  };
  return { prompt, reply: [message] };
}

/** Events of the older conventions: one for each message, `gen_ai.choice` for the answer. */
function spanEvents({ events }: Span): SpanCall {
  const prompt: JsonObject[] = [];
  const reply: JsonObject[] = [];
  const add = (to: JsonObject[], messages: readonly JsonObject[] | undefined): void => {
    for (const message of messages ?? []) to.push(message);
  };
  for (const { name, attributes } of events) {
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    const body = opened(attributes['event_body'] ?? attributes['gen_ai.event.content']) ?? attributes;
    if (role !== undefined) add(prompt, looseMessages([{ role, ...(isObject(body) ? body : { content: body }) }], 'user'));
    else if (name === 'gen_ai.choice') add(reply, looseMessages(get(body, 'message') ?? body, 'assistant'));
    else if (name === 'gen_ai.content.prompt') add(prompt, looseMessages(attributes['gen_ai.prompt'], 'user'));
    else if (name === 'gen_ai.content.completion') add(reply, looseMessages(attributes['gen_ai.completion'], 'assistant'));
  }
  return { prompt: prompt.length > 0 ? prompt : undefined, reply: reply.length > 0 ? reply : undefined };
}

/** What went in and what came out, as values of the span or of its attributes. */
function values({ input, output, attributes }: Span): SpanCall {
  const given = opened(input ?? attributes['input.value'] ?? attributes['input'] ?? attributes['gen_ai.prompt']);
  const made = opened(output ?? attributes['output.value'] ?? attributes['output'] ?? attributes['gen_ai.completion']);
  const read = isReply(made) ? readReply(made, []) : null;
  const answer = read !== null && typeof read !== 'string' ? read.answers[0] : undefined;
  const logprobs = getObject(firstChoice(answer?.logged), 'logprobs');
  const reply = logprobs === undefined ? answer?.messages : answer?.messages.map((message) => ({ ...message, logprobs }));
  return { prompt: looseMessages(itemsAsMessages(given), 'user'), reply: reply ?? looseMessages(streamed(made), 'assistant') };
}

/** Items of the Responses API among messages: calls and their outputs. */
function itemsAsMessages(value: unknown): unknown {
  if (!isList(value)) return value;
  return value.flatMap((item): unknown[] => {
    const type = getString(item, 'type');
    if (type === 'function_call')
      return [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: get(item, 'call_id'), name: get(item, 'name'), arguments: get(item, 'arguments') }],
        },
      ];
    if (type === 'function_call_output') return [{ role: 'tool', tool_call_id: get(item, 'call_id'), content: get(item, 'output') }];
    return type === 'reasoning' ? [] : [item];
  });
}

/** A folded stream keeps the name of a chunk. */
function streamed(value: unknown): unknown {
  const choice = get(value, 'choices');
  return isList(choice) ? (get(choice[0], 'message') ?? get(choice[0], 'delta') ?? value) : value;
}
