/** Streams of the `/generate` servers: SGLang sends the reply so far each time, TGI one token at a time. */
import { gather } from './gather.ts';
import { get, getList, getString, isObject } from './json.ts';

/** Whether an event is one of SGLang's: the text or ids so far, and what is known of them. */
export function isSglangChunk(event: unknown): boolean {
  return isObject(get(event, 'meta_info')) && (getString(event, 'text') !== undefined || getList(event, 'output_ids') !== undefined);
}

/** Another reply has another id. */
export function opensSglang(event: unknown, before: unknown): boolean {
  return get(get(event, 'meta_info'), 'id') !== get(get(before, 'meta_info'), 'id');
}

/** The last chunk that has each member: a chunk tells the whole of what came before it. */
export function foldSglang(events: readonly unknown[]): Record<string, unknown> {
  const reply = new Map<string, unknown>();
  for (const event of events) gather(reply, event);
  return Object.fromEntries(reply);
}

/** Whether an event is one of TGI's: one token, and with the last one the whole text. */
export function isTgiChunk(event: unknown): boolean {
  const token = get(event, 'token');
  return isObject(token) && getString(token, 'text') !== undefined && get(token, 'logprob') !== undefined;
}

/** The token before was the last one of its reply. */
export function opensTgi(before: unknown): boolean {
  return getString(before, 'generated_text') !== undefined;
}

/** `{generated_text, details: {tokens, top_tokens?, finish_reason?, …}}`. */
export function foldTgi(events: readonly unknown[]): Record<string, unknown> {
  const tokens = events.map((event) => get(event, 'token'));
  const tops = events.map((event) => getList(event, 'top_tokens') ?? []);
  const last = events.at(-1);
  const details = get(last, 'details');
  return {
    generated_text: getString(last, 'generated_text') ?? tokens.map((token) => getString(token, 'text') ?? '').join(''),
    details: {
      ...(isObject(details) ? details : {}),
      tokens,
      ...(tops.some((top) => top.length > 0) ? { top_tokens: tops } : {}),
    },
  };
}
