/**
 * GLM 4.5 and later: `<tool_call>name`, a line `<arg_key>…</arg_key>` and a line `<arg_value>…</arg_value>` for each argument,
 * `</tool_call>`; strings bare, other values as JSON.
 */
import { callPart } from '../call-part.ts';
import { argumentsText } from './arguments.ts';
import { answerWith, markedCalls } from './blocks.ts';
import type { CallDialect } from './dialect.ts';
import { TOOL_CALL, toolResponses } from './tool-tags.ts';

const KEY = '<arg_key>';
/** A call without arguments is a name and a line end; Hermes writes no name there. */
const BARE_CALL = /<tool_call>[\w.-]{1,128}\n<\/tool_call>/;

function readCall(body: string): { readonly tool: string; readonly text: string } | null {
  const first = body.indexOf(KEY);
  const tool = (first < 0 ? body : body.slice(0, first)).trim();
  if (!/^[^\s<>{}"]{1,256}$/.test(tool)) return null;
  const pairs: [string, string][] = [];
  for (let at = first; at >= 0 && at < body.length;) {
    const keyEnd = body.indexOf('</arg_key>', at);
    const value = keyEnd < 0 ? -1 : body.indexOf('<arg_value>', keyEnd);
    if (value < 0 || body.slice(keyEnd + '</arg_key>'.length, value).trim() !== '') return null;
    const end = body.indexOf('</arg_value>', value);
    if (end < 0) return null;
    pairs.push([body.slice(at + KEY.length, keyEnd).trim(), body.slice(value + '<arg_value>'.length, end)]);
    const next = end + '</arg_value>'.length;
    at = body.length - body.slice(next).trimStart().length;
    if (at < body.length && !body.startsWith(KEY, at)) return null;
  }
  return { tool, text: argumentsText(pairs) };
}

const nextCall = markedCalls(TOOL_CALL, (body) => readCall(body) ?? callPart(body));

export const glm: CallDialect = {
  id: 'glm',
  label: 'GLM 4.5',
  source: 'https://huggingface.co/zai-org/GLM-4.5/blob/main/chat_template.jinja',
  beats: ['hermes'],
  detects: (text) => text.includes(TOOL_CALL.open) && (text.includes(KEY) || BARE_CALL.test(text)),
  answer: (text) => answerWith(text, nextCall),
  results: toolResponses,
};
