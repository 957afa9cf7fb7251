/**
 * DeepSeek V3 and R1: `<｜tool▁calls▁begin｜>`, for each call `<｜tool▁call▁begin｜>function<｜tool▁sep｜>name`, its arguments
 * in a fence of JSON, `<｜tool▁call▁end｜>`; then `<｜tool▁calls▁end｜>`. V3.1 writes `name<｜tool▁sep｜>{arguments}` there.
 */
import { objectText } from './arguments.ts';
import { answerWith, callSections, markedResults, unwrap } from './blocks.ts';
import type { CallDialect, Result } from './dialect.ts';

const SECTION = { open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>' };
const CALL = { open: '<｜tool▁call▁begin｜>', close: '<｜tool▁call▁end｜>' };
const RESULT = { open: '<｜tool▁output▁begin｜>', close: '<｜tool▁output▁end｜>' };
const RESULTS = { open: '<｜tool▁outputs▁begin｜>', close: '<｜tool▁outputs▁end｜>' };
const SEPARATOR = '<｜tool▁sep｜>';

function readCall(body: string): { readonly tool: string; readonly text: string } | null {
  const separator = body.indexOf(SEPARATOR);
  if (separator < 0) return null;
  const first = body.slice(0, separator).trim();
  const rest = body.slice(separator + SEPARATOR.length).trim();
  const line = rest.indexOf('\n');
  const fenced = !rest.startsWith('{') && line >= 0 ? rest.slice(line + 1).trim() : null;
  const tool = fenced === null ? first : rest.slice(0, line).trim();
  const logged = fenced === null ? rest : withoutFence(fenced);
  const text = logged === null ? null : objectText(logged);
  return text === null || !/^\S{1,256}$/.test(tool) ? null : { tool, text };
}

function withoutFence(text: string): string | null {
  if (!text.startsWith('```')) return text;
  const from = text.indexOf('\n');
  return from >= 0 && text.endsWith('```') && text.length > from + 3 ? text.slice(from + 1, -3) : null;
}

const nextCalls = callSections(SECTION, CALL, readCall);

/** Each output is a result; the marks around all of them go with the first and the last. */
function results(text: string): readonly Result[] {
  return markedResults(RESULT, text, (body) => ({ text: unwrap(body) })).map((result) => {
    const before = text.slice(Math.max(0, result.start - 64), result.start).trimEnd();
    const opened = before.endsWith(RESULTS.open);
    const start = opened ? text.lastIndexOf(RESULTS.open, result.start) : result.start;
    const end = text.startsWith(RESULTS.close, result.end) ? result.end + RESULTS.close.length : result.end;
    return { ...result, start, end };
  });
}

export const deepseek: CallDialect = {
  id: 'deepseek',
  label: 'DeepSeek V3, R1',
  source: 'https://huggingface.co/deepseek-ai/DeepSeek-V3.1/blob/main/assets/chat_template.jinja',
  beats: ['hermes'],
  detects: (text) => text.includes(CALL.open) || text.includes(RESULT.open),
  answer: (text) => answerWith(text, nextCalls),
  results,
};
