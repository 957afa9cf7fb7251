/** The parts of one message: content as text or as a list, reasoning beside it, calls in their several spellings, results. */
import type { Part, Role } from '../core/model/rollout.ts';
import { callPart } from './call-part.ts';
import { addNote, type Complaint } from './format.ts';
import { isImage, joinBlocks, joinParts } from './images.ts';
import type { JsonObject } from './json.ts';
import { describe, get, getId, getList, getObject, getString, has, isList, isObject, parseJson, toJson } from './json.ts';
import { answerParts } from './text.ts';

function textKind(role: Role): Part['kind'] {
  return role === 'system' ? 'system' : role === 'user' ? 'user' : role === 'tool' ? 'result' : 'text';
}

/** What one message holds, in the order it was written: reasoning, content, calls; or results. `word`: the role as logged. */
export function messageParts(message: JsonObject, role: Role, word: unknown, notes: Complaint[] | undefined, where: string): Part[] {
  const content =
    get(message, 'content') ??
    get(message, 'value') ??
    get(message, 'text') ??
    (role === 'system' ? get(message, 'system_prompt') : undefined);
  const parts: Part[] = [];
  const reasoning = getString(message, 'reasoning_content') ?? getString(message, 'reasoning') ?? getString(message, 'thinking');
  if (role === 'assistant' && reasoning !== undefined && reasoning !== '') parts.push({ kind: 'thinking', text: reasoning });
  if (role === 'tool') {
    // tau2 bundles the results of one turn; the bundle has no content of its own.
    const bundle = content === undefined ? (getList(message, 'tool_messages') ?? []) : [];
    if (bundle.length === 0) return resultParts(message, content, notes, where);
    return bundle.flatMap((inner) => (isObject(inner) ? resultParts(inner, get(inner, 'content'), notes, where) : []));
  }
  if (typeof word === 'string' && /^(?:function|tool)[_-]?calls?$/i.test(word)) {
    const words = isList(content) && content.every((block) => getString(block, 'text') !== undefined);
    const said = words ? content.map((block) => getString(block, 'text')).join('\n') : content;
    const parsed = typeof said === 'string' && said.trimStart().startsWith('[') ? parseJson(said) : null;
    const calls = parsed?.ok ? parsed.value : null;
    for (const call of isList(calls) ? calls : [said]) {
      parts.push(callPart(call) ?? { kind: 'call', text: typeof call === 'string' ? call : (toJson(call) ?? '') });
    }
    return parts;
  }
  if (typeof content === 'string') {
    if (content !== '') {
      if (role === 'assistant') for (const part of answerParts(content, notes)) parts.push(part);
      else parts.push({ kind: textKind(role), text: content });
    }
  } else if (Array.isArray(content)) {
    for (const item of content) pushItem(parts, item, role, notes, where);
  } else if (content !== null && content !== undefined) {
    // A structured reply that was logged as an object: its JSON is the closest text.
    addNote(notes, {
      code: 'content',
      expected: `text or a list of parts at ${where}.content`,
      found: `${describe(content)}; its JSON is used`,
    });
    parts.push({ kind: textKind(role), text: toJson(content) ?? '' });
  }
  if (role === 'assistant') {
    const refusal = getString(message, 'refusal');
    if (refusal !== undefined && refusal !== '') parts.push({ kind: 'text', text: refusal });
  }
  pushCalls(parts, message, notes, where);
  return parts;
}

/** A list of calls, or what some logs write for it: one call, or the JSON text of either. */
function loggedCalls(value: unknown): readonly unknown[] {
  if (isList(value)) return value;
  if (isObject(value)) return Object.keys(value).length === 0 ? [] : [value];
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return [];
  const parsed = parseJson(value);
  return parsed.ok && typeof parsed.value === 'object' ? loggedCalls(parsed.value) : [value];
}

function pushCalls(parts: Part[], message: JsonObject, notes: Complaint[] | undefined, where: string): void {
  const calls = loggedCalls(get(message, 'tool_calls'));
  for (const call of calls) {
    const part = callPart(call);
    if (part) parts.push(part);
    else addNote(notes, { code: 'tool-call', expected: `a call with a name in ${where}.tool_calls`, found: describe(call) });
  }
  const legacy = getObject(message, 'function_call');
  if (legacy && calls.length === 0) {
    const part = callPart(legacy);
    if (part) parts.push(part);
  }
}

function resultParts(message: JsonObject, content: unknown, notes: Complaint[] | undefined, where: string): Part[] {
  const callId = getId(message, 'tool_call_id', 'call_id', 'id');
  const tool = getString(message, 'name') ?? getString(message, 'tool_name');
  const error = isErrorMark(message);
  const extra = { ...(tool === undefined ? {} : { tool }), ...(callId === undefined ? {} : { callId }), ...(error ? { error } : {}) };
  if (Array.isArray(content)) {
    const parts: Part[] = [];
    for (const item of content) pushItem(parts, item, 'tool', notes, where);
    // Several text items are one result.
    if (parts.every((part) => part.callId === undefined)) {
      return [{ kind: 'result', ...joinParts(parts), ...extra }];
    }
    return parts;
  }
  const text = content === null || content === undefined ? '' : textOrJson(content);
  return [{ kind: 'result', text, ...extra }];
}

function isErrorMark(message: JsonObject): boolean {
  const error = get(message, 'error');
  return (
    get(message, 'is_error') === true ||
    get(message, 'status') === 'error' ||
    (has(message, 'error') && error !== null && error !== false && error !== '' && error !== undefined)
  );
}

function textOrJson(value: unknown): string {
  return typeof value === 'string' ? value : (toJson(value) ?? '');
}

/** One item of a content list: OpenAI and Anthropic blocks, and LLaMA-Factory's `{type, value}`. */
function pushItem(parts: Part[], item: unknown, role: Role, notes: Complaint[] | undefined, where: string): void {
  if (typeof item === 'string') {
    parts.push({ kind: textKind(role), text: item });
    return;
  }
  if (!isObject(item)) {
    addNote(notes, { code: 'content-part', expected: `text or an object in ${where}`, found: describe(item) });
    return;
  }
  const type = getString(item, 'type') ?? (getString(item, 'text') === undefined ? undefined : 'text');
  const text = getString(item, 'text') ?? getString(item, 'value') ?? getString(item, 'content') ?? '';
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'refusal': {
      const words = type === 'refusal' ? (getString(item, 'refusal') ?? text) : text;
      if (role === 'assistant') for (const part of answerParts(words, notes)) parts.push(part);
      else parts.push({ kind: textKind(role), text: words });
      return;
    }
    case 'reasoning':
    case 'thinking':
    case 'reasoning_text':
    case 'redacted_thinking':
      parts.push({ kind: 'thinking', text: getString(item, 'thinking') ?? getString(item, 'reasoning') ?? text });
      return;
    case 'compaction':
      // Anthropic's servers sum up what came before, and go on from there.
      parts.push({ kind: 'summary', text });
      return;
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
    case 'tool_call':
    case 'function_call':
    case 'function': {
      const call = callPart(getString(item, 'value') ?? item);
      parts.push(call ?? { kind: 'call', text });
      return;
    }
    case 'tool_result': {
      const inner = get(item, 'content') ?? undefined;
      const callId = getId(item, 'tool_use_id', 'tool_call_id');
      parts.push({
        kind: 'result',
        // What a tool gives as an object is told as its JSON.
        ...(Array.isArray(inner) ? joinBlocks(inner) : { text: inner === undefined ? text : textOrJson(inner) }),
        ...(callId === undefined ? {} : { callId }),
        ...(isErrorMark(item) ? { error: true } : {}),
      });
      return;
    }
    default: {
      const placeholder = `[${type ?? 'unknown'}]`;
      if (isImage(item)) {
        parts.push({ kind: textKind(role), text: placeholder, images: [{ start: 0, end: placeholder.length, entry: item }] });
        return;
      }
      addNote(notes, {
        code: 'content-part',
        expected: `text, reasoning or a tool call in ${where}`,
        found: `a part of type ${type ?? 'unknown'}`,
      });
      parts.push({ kind: textKind(role), text: placeholder });
    }
  }
}
