/**
 * Kimi K2: `<|tool_calls_section_begin|>`, for each call `<|tool_call_begin|>functions.name:0<|tool_call_argument_begin|>`, its
 * arguments as JSON, `<|tool_call_end|>`; then `<|tool_calls_section_end|>`. A result names the call's id.
 */
import { objectText } from './arguments.ts';
import { answerWith, callSections, markedResults } from './blocks.ts';
import type { CallDialect, Result } from './dialect.ts';

const SECTION = { open: '<|tool_calls_section_begin|>', close: '<|tool_calls_section_end|>' };
const CALL = { open: '<|tool_call_begin|>', close: '<|tool_call_end|>' };
const ARGUMENTS = '<|tool_call_argument_begin|>';
const RESULT = { open: '<|im_system|>', close: '<|im_end|>' };
const ANSWER = '<|im_assistant|>assistant<|im_middle|>';

/** `functions.name:0`, or an id of another making, which is then all that is known. */
function toolOf(id: string): string {
  const named = /^(?:functions\.)?(.+?)(?::\d{1,9})?$/.exec(id);
  return named?.[1] ?? id;
}

function readCall(body: string): { readonly tool: string; readonly text: string; readonly callId: string } | null {
  const at = body.indexOf(ARGUMENTS);
  const callId = body.slice(0, at).trim();
  if (at < 0 || !/^\S{1,256}$/.test(callId)) return null;
  const text = objectText(body.slice(at + ARGUMENTS.length));
  return text === null ? null : { tool: toolOf(callId), text, callId };
}

const nextCalls = callSections(SECTION, CALL, readCall);

/** Null for a message of the system, which has the same marks. */
function readResult(body: string): Omit<Result, 'start' | 'end'> | null {
  const named = /^[^<]{0,256}<\|im_middle\|>## Return of (\S{1,256})\n/.exec(body);
  return named === null ? null : { text: body.slice(named[0].length), callId: named[1]! };
}

/** Messages of the tools, with the end of the answer before and the header of the one after. */
function results(text: string): readonly Result[] {
  let before = 0;
  return markedResults(RESULT, text, readResult).map((result) => {
    const closed = result.start - RESULT.close.length >= before && text.endsWith(RESULT.close, result.start);
    const start = closed ? result.start - RESULT.close.length : result.start;
    const end = text.startsWith(ANSWER, result.end) ? result.end + ANSWER.length : result.end;
    before = end;
    return { ...result, start, end };
  });
}

export const kimi: CallDialect = {
  id: 'kimi',
  label: 'Kimi K2',
  source: 'https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/docs/tool_call_guidance.md',
  beats: ['hermes'],
  detects: (text) => text.includes(CALL.open) && text.includes(ARGUMENTS),
  answer: (text) => answerWith(text, nextCalls),
  results,
};
