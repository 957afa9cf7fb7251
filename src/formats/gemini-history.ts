/**
 * Conversations as the Gemini API takes them, `[{role: "user" | "model", parts}]`: checkpoints of Gemini CLI and Qwen Code (`/chat save`),
 * also under `history` or `contents`, and tuning sets (`systemInstruction`, `contents`). https://ai.google.dev/api/caching#Content
 */
import { accept, readEnvelope, readTaskId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { contentMessages, partMessages } from './gemini-content.ts';
import { isGeminiContent } from './gemini-role.ts';
import { get, getList, getString, isList } from './json.ts';
import { readMessages } from './messages.ts';

function contentsOf(record: unknown): readonly unknown[] | undefined {
  const list = isList(record) ? record : (getList(record, 'history') ?? getList(record, 'contents') ?? getList(record, 'messages'));
  return list !== undefined && list.length > 0 && list.every(isGeminiContent) ? list : undefined;
}

/** Gemini CLI answers its own first message, which says where it runs, in the name of the model. */
function isScripted(content: unknown): boolean {
  const parts = getList(content, 'parts') ?? [];
  return parts.length === 1 && /^Got it\. Thanks for the (?:additional )?context!$/.test(getString(parts[0], 'text') ?? '');
}

export const geminiHistory: Format = {
  id: 'gemini-history',
  label: 'Gemini conversations',
  beats: ['chat'],
  // With a reply beside it, it is what a server was asked.
  detects: (record) => contentsOf(record) !== undefined && get(record, 'response') === undefined && get(record, 'candidates') === undefined,
  decode(record, context) {
    const contents = contentsOf(record);
    if (contents === undefined) return [refuse('shape', 'a list of contents, each with a role and parts', 'another record')];
    const notes: Complaint[] = [];
    const system = get(record, 'systemInstruction') ?? get(record, 'system_instruction');
    const before = system === undefined ? [] : partMessages('system', get(system, 'parts') ?? system);
    const messages = contents.flatMap((content, at) => {
      const said = contentMessages(content, 'user');
      return at === 1 && isScripted(content) ? said.map((message) => ({ ...message, sampled: false })) : said;
    });
    const read = readMessages([...before, ...messages], { name: 'contents', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    return [accept(singleRollout(readEnvelope(record, context), read.events, readTaskId(record)), notes)];
  },
};
