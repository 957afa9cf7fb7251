/** The reader of texts before there were dialects: what Hermes and texts without marks must still give, byte for byte. */
import type { Part, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { callPart } from '../../../../src/formats/call-part.ts';

/** `text` without the one line end that templates put behind an opening and before a closing tag. */
function unwrap(text: string): string {
  const from = text.startsWith('\n') ? 1 : 0;
  const to = text.length > from && text.endsWith('\n') ? text.length - 1 : text.length;
  return text.slice(from, to);
}

/**
 * Reasoning and the rest of an answer. The tags, and the line ends that templates put next to them, belong to the
 * template and not to either part. An answer whose opening tag was part of the prompt begins with the reasoning.
 */
function splitThinking(text: string): { readonly thinking: string | null; readonly rest: string } {
  const opened = /^\s*<think>/.exec(text);
  const close = text.indexOf('</think>');
  if (opened) {
    const from = opened[0].length;
    if (close < 0) return { thinking: unwrap(text.slice(from)), rest: '' };
    return { thinking: unwrap(text.slice(from, close)), rest: text.slice(close + 8).replace(/^\n{1,2}/, '') };
  }
  if (close < 0 || text.lastIndexOf('<think>', close) >= 0) return { thinking: null, rest: text };
  return { thinking: unwrap(text.slice(0, close)), rest: text.slice(close + 8).replace(/^\n{1,2}/, '') };
}

const CALL_OPEN = '<tool_call>';
const CALL_CLOSE = '</tool_call>';

/** The parts of an answer in text form: reasoning at its start, then text and `<tool_call>` blocks in their order. */
export function formerParts(text: string): Part[] {
  const parts: Part[] = [];
  const { thinking, rest } = splitThinking(text);
  if (thinking !== null && thinking !== '') parts.push({ kind: 'thinking', text: thinking });
  let at = 0;
  for (let open = rest.indexOf(CALL_OPEN); open >= 0; open = rest.indexOf(CALL_OPEN, at)) {
    const close = rest.indexOf(CALL_CLOSE, open);
    const body = rest.slice(open + CALL_OPEN.length, close < 0 ? rest.length : close);
    pushText(parts, rest.slice(at, open));
    parts.push(callPart(body) ?? { kind: 'call', text: unwrap(body) });
    at = close < 0 ? rest.length : close + CALL_CLOSE.length;
  }
  pushText(parts, rest.slice(at));
  return parts;
}

/** Text between call blocks: the line ends at its borders are the template's; alone they are no part. */
function pushText(parts: Part[], text: string): void {
  const afterCall = parts.at(-1)?.kind === 'call';
  const trimmed = afterCall ? unwrap(text) : text.endsWith('\n') && text.trim() === '' ? '' : text;
  if (trimmed !== '') parts.push({ kind: 'text', text: trimmed });
}

const RESULT_OPEN = '<tool_response>';
const RESULT_CLOSE = '</tool_response>';

/**
 * What the policy wrote and what the environment put between, from the text of one whole answer: `<tool_response>`
 * blocks become results that are not sampled. Bare role lines next to a block belong to the template.
 */
export function formerEvents(text: string): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  let at = 0;
  for (let open = text.indexOf(RESULT_OPEN); open >= 0; open = text.indexOf(RESULT_OPEN, at)) {
    const close = text.indexOf(RESULT_CLOSE, open);
    pushAnswer(
      events,
      text
        .slice(at, open)
        .replace(/(^|\n)(?:user|tool)\n$/, '')
        .replace(/\n$/, ''),
    );
    const part: Part = { kind: 'result', text: unwrap(text.slice(open + RESULT_OPEN.length, close < 0 ? text.length : close)) };
    events.push({ role: 'tool', sampled: false, parts: [part] });
    at = close < 0 ? text.length : close + RESULT_CLOSE.length;
    at += /^\n?assistant\n/.exec(text.slice(at, at + 12))?.[0].length ?? 0;
  }
  pushAnswer(events, text.slice(at));
  return events;
}

function pushAnswer(events: RolloutEvent[], text: string): void {
  if (text.trim() === '') return;
  events.push({ role: 'assistant', sampled: true, parts: formerParts(text) });
}
