/** How targets spell messages: calls, thoughts, images and tools. What a target cannot express is counted. */
import type { MessageOut } from '../../core/export/message-record.ts';
import { plainJson } from '../../formats/nesting.ts';
import type { OptionValues, ProfileOption } from '../answers/exporting.ts';
import type { MarkedMessage } from './marked-messages.ts';
import type { PlannedExport } from './planned.ts';
import { UNDESCRIBED_TOOLS, type Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';

/** How a target wants what targets spell differently. */
export interface Spelling {
  /** Arguments of calls as an object, or as JSON text; `text`: the call itself is written into the answer. */
  readonly calls: 'object' | 'json' | 'text';
  /** Thoughts as `reasoning_content`, or between `<think>` and `</think>` before the answer, or not. */
  readonly reasoning: 'member' | 'content' | 'left-out';
  /** Content with images as a list of its entries, or its texts alone. */
  readonly images: 'list' | 'left-out';
}

/** A message as most chat templates take it. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string | readonly unknown[];
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ChatCall[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

interface ChatCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string | object };
}

export function spelled({ role, content, reasoning_content: thoughts, ...message }: MessageOut, how: Spelling, tally: Tally): ChatMessage {
  const calls = message.tool_calls ?? [];
  const inFront = how.reasoning === 'content' && thoughts !== undefined ? `<think>\n${thoughts}\n</think>\n\n` : '';
  const behind = how.calls === 'text' ? calls.map((call) => callText(call.function, tally)).join('\n') : '';
  return {
    role,
    content: around(inFront, how.images === 'list' ? content : withoutImages(content, tally), behind),
    ...(how.reasoning === 'member' && thoughts !== undefined ? { reasoning_content: thoughts } : {}),
    ...(how.calls === 'text' || calls.length === 0
      ? {}
      : { tool_calls: calls.map((call) => spelledCall(call, how.calls === 'json', tally)) }),
    ...(message.tool_call_id === undefined ? {} : { tool_call_id: message.tool_call_id }),
    ...(message.name === undefined ? {} : { name: message.name }),
  };
}

function around(inFront: string, content: MessageOut['content'], behind: string): MessageOut['content'] {
  if (typeof content === 'string') return inFront + content + (content !== '' && behind !== '' ? '\n' : '') + behind;
  const text = (words: string): object[] => (words === '' ? [] : [{ type: 'text', text: words }]);
  return [...text(inFront), ...content, ...text(behind)];
}

/** The texts of a content alone. */
export function withoutImages(content: MessageOut['content'], tally: Tally): string {
  if (typeof content === 'string') return content;
  const texts = content.map((entry) => (isText(entry) ? entry.text : null));
  tally.add('images left out', texts.filter((text) => text === null).length);
  return texts.filter((text) => text !== null).join('');
}

/** An entry of a content that is text. */
export function isText(entry: unknown): entry is { readonly text: string } {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'type' in entry &&
    entry.type === 'text' &&
    'text' in entry &&
    typeof entry.text === 'string'
  );
}

function spelledCall(call: ChatCall, asText: boolean, tally: Tally): ChatCall {
  const { name, arguments: given } = call.function;
  const own = argumentsOf(given, tally);
  if (!asText && /(?<![\w.])-?\d{16,}(?![\w.])/.test(own.text)) tally.add('calls with integers of 16 digits or more, which may be rounded');
  return { ...call, function: { name, arguments: asText ? own.text : own.value } };
}

/** A call as the plain template writes it, which is how Hermes and Qwen do. */
function callText({ name, arguments: given }: ChatCall['function'], tally: Tally): string {
  return `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${argumentsOf(given, tally).text}}\n</tool_call>`;
}

/** The arguments of a call as an object and as its JSON text. What is no JSON object becomes the member `input` of one. */
export function argumentsOf(given: string | object, tally: Tally): { readonly value: object; readonly text: string } {
  if (typeof given !== 'string') return { value: given, text: JSON.stringify(given) };
  const value = plainJson(given, DEEPEST);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value, text: given };
  tally.add('calls whose arguments are no JSON object: they stand in its member input');
  const wrapped = { input: value === undefined ? given : value };
  return { value: wrapped, text: JSON.stringify(wrapped) };
}

/** JSON readers give up on lists in lists in lists: Python's at about a thousand. */
const DEEPEST = 200;

/** The tools that the log describes, each `{type: "function", function}`; null where it describes none. Counts calls without. */
export function toolsOf({ said }: BranchUnit, messages: readonly Pick<MarkedMessage, 'said'>[], tally: Tally): readonly object[] | null {
  const text = said?.rollout.tools;
  const tools = text === undefined ? null : plainJson(text, DEEPEST);
  if (Array.isArray(tools) && tools.length > 0) return tools as readonly object[];
  if (messages.some(({ said: { tool_calls: calls } }) => calls !== undefined)) tally.add(UNDESCRIBED_TOOLS);
  return null;
}

/** For targets that give messages to the model's chat template. */
export const ARGUMENTS_OPTION: ProfileOption = {
  name: 'arguments',
  label: 'Arguments of calls',
  help: 'as an object or as JSON text; template: as the chat template of the open tokenizer takes them, an object without one',
  type: 'choice',
  values: ['template', 'object', 'text'],
  default: 'template',
};

export function callSpelling({ template }: PlannedExport, { arguments: chosen }: OptionValues): 'object' | 'json' {
  const how = chosen === 'template' ? (template?.callArguments ?? 'object') : chosen;
  return how === 'text' ? 'json' : 'object';
}
