/** A branch as the messages that chat templates take. */
import type { Branch, Part } from '../../core/model/rollout.ts';
import { isSeparateCall } from '../../core/tokens/template.ts';
import { plainJson } from '../../formats/nesting.ts';

/** How a template wants what templates disagree about. */
export interface MessageSpelling {
  /** Arguments of a call: an object, or its JSON text. */
  readonly callArguments: 'object' | 'text';
  /** What the content of an answer that only calls is. */
  readonly emptyContent: '' | null;
  /** Keys under which reasoning is given. */
  readonly reasoning: readonly string[];
}

/** `thinking` is what gpt-oss reads. */
export const REASONING_KEYS: readonly string[] = ['reasoning_content', 'thinking'];

export type TemplateMessage = Readonly<Record<string, unknown>> & { readonly role: string; readonly content: string | null };

/** What a part is rendered with: its text, or for a call its tool name (its arguments stay). `null`: a turn in which nothing was said. */
export type TextOfPart = (part: Part | null, event: number, index: number) => string;

export function templateMessages(branch: Branch, textOf: TextOfPart, spelling: MessageSpelling): TemplateMessage[] {
  return branch.events.map((event, index) => templateMessage(event, index, textOf, spelling));
}

function templateMessage(
  event: Branch['events'][number],
  eventIndex: number,
  textOf: TextOfPart,
  spelling: MessageSpelling,
): TemplateMessage {
  if (event.parts.length === 0) return { role: event.role, content: event.role === 'assistant' ? textOf(null, eventIndex, 0) : '' };
  const texts = event.parts.map((part, index) => ({ part, text: textOf(part, eventIndex, index) }));
  const join = (kind: (part: Part) => boolean): string =>
    texts
      .filter(({ part }) => kind(part))
      .map(({ text }) => text)
      .join('');
  const calls = texts.filter(({ part }) => isSeparateCall(part));
  const thinking = join((part) => part.kind === 'thinking');
  const result = event.parts.find((part) => part.kind === 'result');
  const content = join((part) => part.kind !== 'thinking' && !isSeparateCall(part));
  return {
    role: event.role,
    content: content === '' && calls.length > 0 ? spelling.emptyContent : content,
    ...(thinking === '' ? {} : Object.fromEntries(spelling.reasoning.map((key) => [key, thinking]))),
    ...(result?.callId === undefined ? {} : { tool_call_id: result.callId }),
    ...(result?.tool === undefined ? {} : { name: result.tool }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ part, text }) => ({
            type: 'function' as const,
            ...(part.callId === undefined ? {} : { id: part.callId }),
            function: { name: text, arguments: spelling.callArguments === 'text' ? part.text : parsedArguments(part.text) },
          })),
        }),
  };
}

/** Templates of most families iterate over arguments as an object or dump them as JSON. */
function parsedArguments(text: string): unknown {
  const value = plainJson(text);
  return value === undefined ? text : value;
}
