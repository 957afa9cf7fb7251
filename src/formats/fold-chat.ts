/** Chunks of a streamed chat completion or text completion, folded to the reply that a server sends whole. */
import { get, getList, getObject, getString, isObject } from './json.ts';

interface OpenCall {
  id: string | undefined;
  name: string;
  arguments: string;
}

/** What the deltas of one choice have come to. */
interface OpenChoice {
  readonly index: number;
  content: string;
  reasoning: string;
  refusal: string;
  text: string;
  readonly calls: Map<number, OpenCall>;
  /** Of `logprobs`, by its own keys (`content`, `tokens`, `token_logprobs`, …). */
  readonly logprobs: Map<string, unknown[]>;
  tokenIds: unknown[];
  promptIds: readonly unknown[] | undefined;
  finish: string | undefined;
}

/** Whether an event is a chunk of such a stream. */
export function isChatChunk(event: unknown): boolean {
  const object = getString(event, 'object');
  if (object === 'chat.completion.chunk') return getList(event, 'choices') !== undefined;
  // Whole text completions have the same name; those that are streamed say so by choices that have not ended.
  return object === 'text_completion' && getList(event, 'choices')?.some((choice) => get(choice, 'finish_reason') === null) === true;
}

/** Whether a chunk begins another reply than the chunks before it: with an id of its own, and with the role that opens a message. */
export function opensChat(event: unknown, before: unknown, isDone: boolean): boolean {
  if (get(event, 'id') === get(before, 'id')) return false;
  return isDone || (getList(event, 'choices') ?? []).some((choice) => getString(get(choice, 'delta'), 'role') !== undefined);
}

/** The whole reply, `{id, object, model, created, choices, usage}`; members that no chunk has stay away. */
export function foldChat(events: readonly unknown[]): Record<string, unknown> {
  const reply: Record<string, unknown> = {};
  const choices = new Map<number, OpenChoice>();
  let isText = false;
  for (const event of events) {
    for (const key of ['id', 'model', 'created', 'usage', 'prompt_token_ids', 'weight_version'] as const) {
      const value = get(event, key);
      if (value !== undefined && value !== null && (key === 'usage' || !(key in reply))) reply[key] = value;
    }
    isText ||= get(event, 'object') === 'text_completion';
    for (const chunk of getList(event, 'choices') ?? []) takeChunk(choices, chunk);
  }
  reply['object'] = isText ? 'text_completion' : 'chat.completion';
  reply['choices'] = [...choices.values()].sort((a, b) => a.index - b.index).map((choice) => wholeChoice(choice, isText));
  return reply;
}

function takeChunk(choices: Map<number, OpenChoice>, chunk: unknown): void {
  if (!isObject(chunk)) return;
  const at = get(chunk, 'index');
  const index = typeof at === 'number' ? at : 0;
  let choice = choices.get(index);
  if (choice === undefined) choices.set(index, (choice = newChoice(index)));
  const delta = get(chunk, 'delta');
  choice.content += textOf(get(delta, 'content'));
  choice.reasoning += getString(delta, 'reasoning_content') ?? getString(delta, 'reasoning') ?? '';
  choice.refusal += getString(delta, 'refusal') ?? '';
  choice.text += getString(chunk, 'text') ?? '';
  const calls = getList(delta, 'tool_calls') ?? [];
  for (const [place, call] of calls.entries()) takeCall(choice, call, place);
  const logprobs = getObject(chunk, 'logprobs') ?? {};
  for (const key of Object.keys(logprobs)) {
    const list = logprobs[key];
    if (!Array.isArray(list)) continue;
    const known = choice.logprobs.get(key) ?? [];
    for (const entry of list as unknown[]) known.push(entry);
    choice.logprobs.set(key, known);
  }
  for (const id of getList(chunk, 'token_ids') ?? []) choice.tokenIds.push(id);
  choice.promptIds ??= getList(chunk, 'prompt_token_ids');
  choice.finish = getString(chunk, 'finish_reason') ?? choice.finish;
}

function newChoice(index: number): OpenChoice {
  const texts = { content: '', reasoning: '', refusal: '', text: '' };
  return { index, ...texts, calls: new Map(), logprobs: new Map(), tokenIds: [], promptIds: undefined, finish: undefined };
}

/** A text, or parts of one (Mistral). */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part: unknown) => getString(part, 'text') ?? '').join('') : '';
}

function takeCall(choice: OpenChoice, delta: unknown, place: number): void {
  const at = get(delta, 'index');
  const index = typeof at === 'number' ? at : place;
  let call = choice.calls.get(index);
  if (call === undefined) choice.calls.set(index, (call = { id: undefined, name: '', arguments: '' }));
  const named = get(delta, 'function');
  call.id ??= getString(delta, 'id');
  // Some servers send the name with every delta.
  if (call.name === '') call.name = getString(named, 'name') ?? '';
  call.arguments += getString(named, 'arguments') ?? '';
}

function wholeChoice(choice: OpenChoice, isText: boolean): Record<string, unknown> {
  const { index, content, reasoning, refusal, text, calls, logprobs, tokenIds, promptIds, finish } = choice;
  const called = [...calls.entries()].sort(([a], [b]) => a - b);
  return {
    index,
    ...(isText
      ? { text }
      : {
          message: {
            role: 'assistant',
            content: content === '' ? null : content,
            ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
            ...(refusal === '' ? {} : { refusal }),
            ...(called.length === 0
              ? {}
              : {
                  tool_calls: called.map(([, { id, ...named }]) => ({
                    ...(id === undefined ? {} : { id }),
                    type: 'function',
                    function: named,
                  })),
                }),
          },
        }),
    ...(logprobs.size === 0 ? {} : { logprobs: Object.fromEntries(logprobs) }),
    ...(tokenIds.length === 0 ? {} : { token_ids: tokenIds }),
    ...(promptIds === undefined ? {} : { prompt_token_ids: promptIds }),
    ...(finish === undefined ? {} : { finish_reason: finish }),
  };
}
