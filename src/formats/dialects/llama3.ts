/**
 * Llama 3: `<|python_tag|>` and then a call as JSON `{"name", "parameters"}` (several are parted by `;`), a built-in tool as
 * `brave_search.call(query="…")`, or code for the interpreter; without built-in tools the JSON is the whole answer; and
 * `<function=name>{parameters}</function>` where a prompt asks for it. Results are messages of the role `ipython`.
 */
import { get, getString, isObject, parseJson, toJson } from '../json.ts';
import { argumentsText, jsonEnd, objectText } from './arguments.ts';
import { answerWith, type Block } from './blocks.ts';
import type { CallDialect, Piece } from './dialect.ts';

const TAG = '<|python_tag|>';
const FUNCTION = '<function=';
const FUNCTION_CLOSE = '</function>';
/** What the model ends its message with; part of the template. */
const ENDS = ['<|eom_id|>', '<|eot_id|>'];

type Call = { readonly tool: string; readonly text: string };

/** `{"name", "parameters"}` and nothing else, so that an answer that happens to be JSON stays one. */
function readJson(text: string): Call | null {
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return null;
  const { value } = parsed;
  const tool = getString(value, 'name');
  const parameters = get(value, 'parameters');
  const isCall = Object.keys(value).every((key) => key === 'name' || key === 'parameters' || (key === 'type' && value[key] === 'function'));
  return tool === undefined || !isObject(parameters) || !isCall ? null : { tool, text: toJson(parameters) ?? '{}' };
}

/** `tool.call(name="value", …)`; values may hold anything but a quote. */
function readBuiltIn(text: string): Call | null {
  const call = /^([\w-]{1,128})\.call\(/.exec(text);
  if (call === null || !text.endsWith(')')) return null;
  const pairs: [string, string][] = [];
  const argument = /\s{0,4}(\w{1,128})="([^"]*)"\s{0,4}(?:,|(?=\)$))/y;
  argument.lastIndex = call[0].length;
  while (argument.lastIndex < text.length - 1) {
    const found = argument.exec(text);
    if (found === null) return null;
    pairs.push([found[1]!, found[2]!]);
  }
  return { tool: call[1]!, text: argumentsText(pairs) };
}

/** Everything behind the tag is the call: a message ends with it. */
function taggedCalls(text: string, start: number): Block {
  const next = text.indexOf(TAG, start + TAG.length);
  const end = next < 0 ? text.length : next;
  const own = text.slice(start, end).trimEnd();
  const mark = ENDS.find((each) => own.endsWith(each));
  const to = mark === undefined ? end : start + own.length - mark.length;
  const calls: Piece[] = [];
  let from = start;
  let at = start + TAG.length;
  for (;;) {
    at += text.slice(at, to).search(/[^\s;]|$/);
    if (text[at] !== '{') break;
    const close = jsonEnd(text, at, to);
    const call = close < 0 ? null : readJson(text.slice(at, close));
    if (call === null) break;
    calls.push({ kind: 'call', start: from, end: close, ...call });
    from = at = close;
  }
  if (at < to && calls.length === 0) {
    const code = text.slice(at, to).trim();
    const call = code.startsWith('{') ? null : (readBuiltIn(code) ?? { tool: 'code_interpreter', text: argumentsText([['code', code]]) });
    if (call !== null && code !== '') calls.push({ kind: 'call', start, end: to, ...call });
    at = calls.length > 0 ? to : at;
  }
  if (calls.length === 0) return { start, end, calls, unread: [{ start, end }] };
  return { start, end, calls, unread: at < to ? [{ start: from, end }] : [] };
}

function functionCall(text: string, start: number): Block {
  const name = text.indexOf('>', start);
  const close = name < 0 ? -1 : text.indexOf(FUNCTION_CLOSE, name);
  const end = close < 0 ? text.length : close + FUNCTION_CLOSE.length;
  const tool = text.slice(start + FUNCTION.length, Math.max(name, start + FUNCTION.length)).trim();
  const own = close < 0 || !/^[^\s<>{}"]{1,256}$/.test(tool) ? null : objectText(text.slice(name + 1, close));
  return own === null
    ? { start, end, calls: [], unread: [{ start, end }] }
    : { start, end, calls: [{ kind: 'call', start, end, tool, text: own }], unread: [] };
}

function nextCalls(text: string, from: number): Block | null {
  if (from === 0 && startsAsJson(text)) {
    const call = readJson(text);
    if (call !== null) return { start: 0, end: text.length, calls: [{ kind: 'call', start: 0, end: text.length, ...call }], unread: [] };
  }
  const tag = text.indexOf(TAG, from);
  if (tag >= 0) return taggedCalls(text, tag);
  const named = text.indexOf(FUNCTION, from);
  return named < 0 ? null : functionCall(text, named);
}

function startsAsJson(text: string): boolean {
  return /^\s{0,64}\{\s{0,64}"(?:name|type|parameters)"\s{0,64}:/.test(text) && text.includes('"parameters"');
}

export const llama3: CallDialect = {
  id: 'llama3',
  label: 'Llama 3',
  source: 'https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/prompt_format.md',
  beats: ['hermes'],
  detects: (text) => text.includes(TAG) || startsAsJson(text) || /<function=[^\s<>{}"]{1,256}>\s{0,16}\{/.test(text),
  answer: (text) => answerWith(text, nextCalls),
};
