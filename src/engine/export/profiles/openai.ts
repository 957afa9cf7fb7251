/** Conversations for fine-tuning with OpenAI, with `weight` 0 or 1 on each answer. */
import { get, getString } from '../../../formats/json.ts';
import { markedMessages, type MarkedMessage } from '../marked-messages.ts';
import { jsonLines, type ExportProfile } from '../profile.ts';
import { isText, spelled, toolsOf, withoutImages } from '../spelling.ts';
import type { Tally } from '../tally.ts';
import type { BranchUnit } from '../units.ts';
import { wholeMarkWarnings } from '../whole-mark-warnings.ts';

/** https://platform.openai.com/docs/api-reference/fine-tuning: names of functions */
const NAME = /^[\w-]{1,64}$/;

export const openai: ExportProfile = {
  id: 'openai',
  label: 'OpenAI fine-tuning',
  family: 'OpenAI',
  about: 'messages with weight 0 or 1 on each answer, and tools, for supervised fine-tuning with OpenAI',
  specification: 'https://platform.openai.com/docs/api-reference/fine-tuning/chat-input',
  fileName: 'openai/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [
    {
      name: 'reasoning',
      label: 'Thoughts',
      help: 'OpenAI takes none: leave them out, or write them into the answer between <think> and </think> (content)',
      type: 'choice',
      values: ['leave-out', 'content'],
      default: 'leave-out',
    },
  ],
  byDefault: false,
  training: [
    {
      trainer: 'OpenAI',
      fileName: null,
      text: [
        'curl https://api.openai.com/v1/files -H "Authorization: Bearer $OPENAI_API_KEY" -F purpose=fine-tune -F file=@openai/train.jsonl',
        '# FILE is the id that this gives',
        'curl https://api.openai.com/v1/fine_tuning/jobs -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" \\',
        '  -d \'{"training_file": "FILE", "model": "MODEL"}\'',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: wholeMarkWarnings,
  writer: jsonLines((unit: BranchUnit, planned, { reasoning }, tally) => {
    const marked = markedMessages(unit, planned, tally, { endsWithAnswer: true });
    if (marked === null) return null;
    const fault = faultOf(marked);
    if (fault !== null) {
      tally.add(fault);
      return null;
    }
    const tools = toolsOf(unit, marked, tally);
    return {
      messages: marked.map((message) => messageOf(message, reasoning === 'content', tally)),
      ...(tools === null ? {} : { tools }),
    };
  }),
};

function messageOf({ said, trains }: MarkedMessage, hasThoughts: boolean, tally: Tally): object {
  if (said.reasoning_content !== undefined && !hasThoughts) tally.add('answers whose thoughts are left out');
  const how = { calls: 'json', reasoning: hasThoughts ? 'content' : 'left-out', images: 'list' } as const;
  const { content, ...message } = spelled(said, how, tally);
  return {
    ...message,
    // It names the tool of a result by its call alone.
    name: undefined,
    content: typeof content === 'string' ? content : withImages(said.role, content, tally),
    ...(said.role === 'assistant' ? { weight: trains ? 1 : 0 } : {}),
  };
}

/** Images are for users, by their address: https://platform.openai.com/docs/guides/vision-fine-tuning */
function withImages(role: string, entries: readonly unknown[], tally: Tally): string | readonly object[] {
  const own = entries.map((entry) => (isText(entry) ? { type: 'text', text: entry.text } : imageOf(entry)));
  if (role !== 'user' || own.every((entry) => entry === null || entry.type === 'text')) return withoutImages(entries, tally);
  tally.add('images left out', own.filter((entry) => entry === null).length);
  return own.filter((entry) => entry !== null);
}

/** Of an entry as OpenAI's API has it, and null of others. */
function imageOf(entry: unknown): { readonly type: 'image_url'; readonly image_url: object } | null {
  const image = get(entry, 'type') === 'image_url' ? get(entry, 'image_url') : undefined;
  const url = typeof image === 'string' ? image : getString(image, 'url');
  const detail = getString(image, 'detail');
  return url === undefined ? null : { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

/** Why OpenAI would refuse the file for this record, or null. */
function faultOf(messages: readonly MarkedMessage[]): string | null {
  const waiting = new Set<string>();
  for (const { said } of messages) {
    if (said.role === 'tool') {
      if (said.tool_call_id === undefined || !waiting.delete(said.tool_call_id))
        return 'records with a result that no call asked for, left out';
      continue;
    }
    if (waiting.size > 0) return 'records with a call that has no result, left out';
    for (const { id, function: called } of said.tool_calls ?? []) {
      if (!NAME.test(called.name)) return 'records that call a function by a name that OpenAI does not take, left out';
      waiting.add(id);
    }
  }
  return null;
}
