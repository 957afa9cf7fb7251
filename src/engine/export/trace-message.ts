/**
 * Messages and tools as verifiers types them.
 * https://github.com/PrimeIntellect-ai/verifiers/blob/main/verifiers/v1/types.py
 */
import type { MessageOut } from '../../core/export/message-record.ts';
import type { Tally } from './tally.ts';

export interface TraceMessage {
  readonly role: string;
  readonly content: string | readonly object[];
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

export function traceMessage(message: MessageOut, tally: Tally): TraceMessage {
  const { role, reasoning_content: thoughts, tool_calls: calls, tool_call_id: id, name } = message;
  if (message.text_missing === true) tally.add('messages whose text the log does not hold');
  return {
    role,
    content: role === 'assistant' ? textOf(message, tally) : contentOf(message, tally),
    ...(thoughts === undefined ? {} : { reasoning_content: thoughts }),
    ...(calls === undefined ? {} : { tool_calls: calls.map((call) => ({ id: call.id, ...call.function })) }),
    ...(role === 'tool' ? { tool_call_id: id ?? '' } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

/** An answer has text only. */
function textOf({ content }: MessageOut, tally: Tally): string {
  if (typeof content === 'string') return content;
  const texts = content.filter(isText);
  tally.add('images in answers, left out', content.length - texts.length);
  return texts.map(({ text }) => text).join('');
}

function contentOf({ content }: MessageOut, tally: Tally): TraceMessage['content'] {
  if (typeof content === 'string') return content;
  return content.map((entry) => {
    if (isText(entry)) return { type: 'text', text: entry.text };
    if (isImageUrl(entry)) return { type: 'image_url', image_url: { url: entry.image_url.url } };
    tally.add('images without an address, as JSON text');
    return { type: 'text', text: JSON.stringify(entry) };
  });
}

function isText(entry: unknown): entry is { readonly type: 'text'; readonly text: string } {
  return isRecord(entry) && entry['type'] === 'text' && typeof entry['text'] === 'string';
}

function isImageUrl(entry: unknown): entry is { readonly image_url: { readonly url: string } } {
  return isRecord(entry) && isRecord(entry['image_url']) && typeof entry['image_url']['url'] === 'string';
}

/** @param tools JSON text of a list of `{type, function}` */
export function traceTools(tools: string): object[] {
  const list: unknown = JSON.parse(tools);
  return (Array.isArray(list) ? list : []).flatMap((tool: unknown) => {
    const own = isRecord(tool) ? tool['function'] : undefined;
    if (!isRecord(own) || typeof own['name'] !== 'string') return [];
    const { name, description, parameters } = own;
    return [
      {
        name,
        ...(typeof description === 'string' ? { description } : {}),
        ...(isRecord(parameters) ? { parameters } : {}),
      },
    ];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
