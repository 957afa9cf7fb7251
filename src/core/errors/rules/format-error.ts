/** Format error: the harness says that it could not read the answer. */
import { WHOLE_TURN, type ErrorRule } from '../error-rule.ts';

/** In the first 600 units of what is said to a turn, in results or in messages. [ours] */
const LOOKED_AT = 600;
const SAID: readonly RegExp[] = [
  /\bexactly one (?:action|command|tool call|function call|bash code block)\b/i,
  /\b(?:output|response|answer|message) was not (?:formatted|in the (?:correct|expected) format)\b/i,
  /\b(?:could not|couldn't|cannot|can't|unable to|failed to) parse (?:your|the|tool|function|action|response|output|input|json)\b/i,
  /\b(?:response|output|action|call|arguments) could not be parsed\b/i,
  /\bdid not (?:use|contain|include|make) any (?:tool|function) calls?\b/i,
  /\bno (?:tool|function) calls? (?:was |were )?found in\b/i,
  /\b(?:malformed|invalid) (?:tool|function) ?call\b/i,
  /\berror in code parsing\b/i,
  /\byour code snippet is invalid\b/i,
  /\binvalid action payload\b/i,
  /\binvalid json in (?:the )?(?:tool|function|arguments)/i,
  /\bcannot execute multiple commands at once\b/i,
  /\bformat error\b/i,
];

export const formatError: ErrorRule = {
  id: 'format-error',
  label: 'Format error',
  help: 'The answer to a turn says that it could not be parsed, held no call or more than one, or that a call was malformed.',
  judges: 'outcome',
  begin:
    () =>
    ({ calls, results, replies }) => [
      ...calls.flatMap((call, at) => (call.results.some(({ head }) => saysSo(head)) ? [at] : [])),
      ...(replies.some(saysSo) || results.some(({ head }) => saysSo(head)) ? [WHOLE_TURN] : []),
    ],
};

function saysSo(text: string): boolean {
  const start = text.slice(0, LOOKED_AT);
  return SAID.some((mark) => mark.test(start));
}
