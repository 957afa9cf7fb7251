/** Events of a streamed reply of Anthropic's Messages API, folded to the reply that the server sends whole. */
import { gather } from './gather.ts';
import { get, getString, isObject, parseJson } from './json.ts';

const TYPES: ReadonlySet<string> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
]);

/** Whether an event is one of such a stream. */
export function isAnthropicEvent(event: unknown): boolean {
  const type = getString(event, 'type');
  if (type === undefined || !TYPES.has(type)) return false;
  return type === 'message_start' ? isObject(get(event, 'message')) : type === 'content_block_delta' ? isObject(get(event, 'delta')) : true;
}

export function opensMessage(event: unknown): boolean {
  return getString(event, 'type') === 'message_start';
}

/** Where the deltas of each type add to: member of the block. */
const TEXTS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  text_delta: ['text', 'text'],
  thinking_delta: ['thinking', 'thinking'],
  signature_delta: ['signature', 'signature'],
  compaction_delta: ['content', 'content'],
  input_json_delta: ['partial_json', 'input'],
};

export function foldAnthropic(events: readonly unknown[]): Record<string, unknown> {
  const reply = new Map<string, unknown>(Object.entries({ type: 'message', role: 'assistant' }));
  const blocks = new Map<number, Record<string, unknown>>();
  const texts = new Map<string, string>();
  for (const event of events) {
    const type = getString(event, 'type');
    const at = get(event, 'index');
    const index = typeof at === 'number' ? at : 0;
    const message = get(event, 'message');
    const block = get(event, 'content_block');
    const delta = get(event, 'delta');
    if (type === 'message_start') gather(reply, message);
    else if (type === 'content_block_start' && isObject(block)) blocks.set(index, { ...block });
    else if (type === 'message_delta' && isObject(delta)) {
      const usage = get(event, 'usage');
      gather(reply, delta);
      if (isObject(usage)) reply.set('usage', usage);
    } else if (type === 'content_block_delta') {
      const rule = TEXTS[getString(delta, 'type') ?? ''];
      if (rule === undefined) continue;
      const key = `${index} ${rule[1]}`;
      texts.set(key, (texts.get(key) ?? '') + (getString(delta, rule[0]) ?? ''));
    }
  }
  for (const [key, text] of texts) {
    const [index = '0', member = ''] = key.split(' ');
    const block = blocks.get(Number(index));
    if (block === undefined) continue;
    if (member !== 'input') block[member] = `${typeof block[member] === 'string' ? block[member] : ''}${text}`;
    else {
      const parsed = parseJson(text);
      block['input'] = parsed.ok ? parsed.value : text;
    }
  }
  return { ...Object.fromEntries(reply), content: [...blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block) };
}
