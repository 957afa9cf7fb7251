/**
 * Qwen3-Coder: `<tool_call>`, `<function=name>`, for each argument `<parameter=name>`, the value on lines of its own,
 * `</parameter>`, then `</function>`, `</tool_call>`. OpenHands has models without tools write the inner part alone.
 */
import { argumentsText } from './arguments.ts';
import { answerWith, behindBlanks, unwrap, type Block } from './blocks.ts';
import type { CallDialect } from './dialect.ts';
import { TOOL_CALL, toolResponses } from './tool-tags.ts';

const OPEN = '<function=';
const CLOSE = '</function>';
const PARAMETER = '<parameter=';

function readCall(body: string): { readonly tool: string; readonly text: string } | null {
  const nameEnd = body.indexOf('>');
  const tool = body.slice(0, nameEnd).trim();
  if (nameEnd < 0 || !/^[^\s<>{}"]{1,256}$/.test(tool)) return null;
  const pairs: [string, string][] = [];
  let at = nameEnd + 1;
  for (let open = body.indexOf(PARAMETER, at); open >= 0; open = body.indexOf(PARAMETER, at)) {
    const end = body.indexOf('>', open);
    if (end < 0 || body.slice(at, open).trim() !== '') return null;
    const close = body.indexOf('</parameter>', end);
    if (close < 0) return null;
    pairs.push([body.slice(open + PARAMETER.length, end).trim(), unwrap(body.slice(end + 1, close))]);
    at = close + '</parameter>'.length;
  }
  return body.slice(at).trim() === '' ? { tool, text: argumentsText(pairs) } : null;
}

function nextCall(text: string, from: number): Block | null {
  const open = text.indexOf(OPEN, from);
  if (open < 0) return null;
  const close = text.indexOf(CLOSE, open);
  let start = open;
  let end = close < 0 ? text.length : close + CLOSE.length;
  const before = text.slice(from, open).trimEnd();
  if (before.endsWith(TOOL_CALL.open)) start = from + before.length - TOOL_CALL.open.length;
  const gap = behindBlanks(text, end);
  if (text.startsWith(TOOL_CALL.close, gap)) end = gap + TOOL_CALL.close.length;
  const call = close < 0 ? null : readCall(text.slice(open + OPEN.length, close));
  return call === null
    ? { start, end, calls: [], unread: [{ start, end }] }
    : { start, end, calls: [{ kind: 'call', start, end, ...call }], unread: [] };
}

export const qwen3Coder: CallDialect = {
  id: 'qwen3-coder',
  label: 'Qwen3-Coder',
  source: 'https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct/blob/main/qwen3coder_tool_parser.py',
  beats: ['hermes', 'llama3'],
  detects: (text) => text.includes(OPEN) && (text.includes(PARAMETER) || /<function=[^\s<>{}"]{1,256}>\s{0,16}<\/function>/.test(text)),
  answer: (text) => answerWith(text, nextCall),
  results: toolResponses,
};
