/**
 * Mistral: `[TOOL_CALLS]` and a list of `{"name", "arguments", "id"}`; from the eleventh version of its tokenizer on
 * `[TOOL_CALLS]name[ARGS]{arguments}` for each call, with `[CALL_ID]id` before `[ARGS]` in between. Thoughts in `[THINK]`.
 */
import { callPart } from '../call-part.ts';
import { getString, isList, isObject, parseJson } from '../json.ts';
import { jsonEnd, objectText } from './arguments.ts';
import { answerWith, markedResults, thinkingAtStart, THINK, type Block } from './blocks.ts';
import type { CallDialect, Piece, Result } from './dialect.ts';

const CALLS = '[TOOL_CALLS]';
const ARGUMENTS = '[ARGS]';
const CALL_ID = '[CALL_ID]';
const RESULT = { open: '[TOOL_RESULTS]', close: '[/TOOL_RESULTS]' };
const CONTENT = '[TOOL_CONTENT]';
const BRACKETS = { open: '[THINK]', close: '[/THINK]' };

/** Each mark is a block of its own, up to the end of its JSON: so no text is looked at twice. */
function nextCalls(text: string, from: number): Block | null {
  const start = text.indexOf(CALLS, from);
  if (start < 0) return null;
  const next = text.indexOf(CALLS, start + CALLS.length);
  const limit = next < 0 ? text.length : next;
  const body = start + CALLS.length;
  const at = limit - text.slice(body, limit).trimStart().length;
  const found = text[at] === '[' ? readList(text, start, at, limit) : readNamed(text, start, body, limit);
  return found ?? { start, end: limit, calls: [], unread: [{ start, end: limit }] };
}

function readList(text: string, start: number, at: number, limit: number): Block | null {
  const end = jsonEnd(text, at, limit);
  const parsed = end < 0 ? null : parseJson(text.slice(at, end));
  if (!parsed?.ok || !isList(parsed.value) || parsed.value.length === 0) return null;
  const parts = parsed.value.map((call) => (isObject(call) ? callPart(call) : null));
  // The list's brackets and commas go with the calls that they stand next to.
  const calls: Piece[] = [];
  let from = start;
  let entry = at + 1;
  for (const [index, part] of parts.entries()) {
    if (part === null) return null;
    const open = text.indexOf('{', entry);
    entry = jsonEnd(text, open, end);
    const to = index === parts.length - 1 ? end : entry;
    calls.push({ ...part, kind: 'call', start: from, end: to });
    from = to;
  }
  return { start, end, calls, unread: [] };
}

function readNamed(text: string, start: number, body: number, limit: number): Block | null {
  const before = text.slice(body, limit).indexOf('{');
  if (before < 0) return null;
  const open = body + before;
  const end = jsonEnd(text, open, limit);
  const own = end < 0 ? null : objectText(text.slice(open, end));
  const head = text.slice(body, open);
  const named = (head.endsWith(ARGUMENTS) ? head.slice(0, -ARGUMENTS.length) : head).split(CALL_ID);
  const tool = named[0]!.trim();
  if (own === null || named.length > 2 || !/^[^\s[\]{}"]{1,256}$/.test(tool)) return null;
  const callId = named[1]?.trim();
  return { start, end, calls: [{ kind: 'call', start, end, tool, text: own, ...(callId ? { callId } : {}) }], unread: [] };
}

/** The oldest results are JSON with `content` and `call_id`, later ones begin with the id, the latest are bare. */
function readResult(body: string): Omit<Result, 'start' | 'end'> {
  const split = body.indexOf(CONTENT);
  if (split >= 0) return { text: body.slice(split + CONTENT.length), callId: body.slice(0, split).trim() };
  const parsed = /^\s*\{/.test(body) ? parseJson(body) : null;
  const text = parsed?.ok ? getString(parsed.value, 'content') : undefined;
  const callId = parsed?.ok ? getString(parsed.value, 'call_id') : undefined;
  return text === undefined ? { text: body } : { text, ...(callId === undefined ? {} : { callId }) };
}

export const mistral: CallDialect = {
  id: 'mistral',
  label: 'Mistral',
  source: 'https://github.com/mistralai/mistral-common/tree/main/src/mistral_common/tokens/tokenizers',
  beats: ['hermes'],
  detects: (text) => text.includes(CALLS) || text.includes(RESULT.open) || text.trimStart().startsWith(BRACKETS.open),
  answer: (text) =>
    answerWith(text, nextCalls, thinkingAtStart(text, text.includes(BRACKETS.close) || text.includes(BRACKETS.open) ? BRACKETS : THINK)),
  results: (text) => markedResults(RESULT, text, readResult),
};
