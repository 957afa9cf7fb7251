/** Schema: a call that is none by the definitions of tools, or that its tool refuses as such. */
import { argumentsOf } from '../arguments.ts';
import type { ErrorRule } from '../error-rule.ts';
import { commandOf } from '../shell.ts';
import type { ToolTable } from '../tool-table.ts';
import type { SeenCall } from '../turns.ts';

/** In the first 512 units of a result: what harnesses say of a call that they cannot make. [ours] */
const LOOKED_AT = 512;
const REFUSED: readonly RegExp[] = [
  /\b(?:unknown|unrecognized|invalid|no such) (?:tool|function)\b/i,
  /\btool\b[^\n]{0,80}\b(?:does not exist|not found|is not available)\b/i,
  /\b\d{1,4} validation errors? for\b/i,
  /\bmissing (?:\d{1,3} )?required (?:positional |keyword-only )?(?:argument|parameter|field|property)/i,
  /\b(?:parameter|argument)s? [^\n]{0,80}\bis required for\b/i,
  /\b(?:unexpected|unknown|invalid) (?:keyword argument|argument|parameter|action payload)\b/i,
  /\binput(?: is invalid|ValidationError| validation error)/i,
];

export const schema: ErrorRule = {
  id: 'schema',
  label: 'Schema',
  help:
    'The arguments of a call are no JSON object, lack a parameter that the log’s tools need, or name a tool that these lack; ' +
    'or its result begins by refusing it for that.',
  judges: 'outcome',
  begin:
    (tools) =>
    ({ calls }) =>
      calls.flatMap((call, at) => (violates(call, tools) || isRefused(call) ? [at] : [])),
};

function violates({ tool, text, isInline }: SeenCall, tools: ToolTable): boolean {
  // The words of a message, such as a command in a fence, are no JSON.
  if (isInline) return false;
  const given = argumentsOf(text);
  const required = tools.get(tool);
  if (tools.size > 0 && required === undefined) return true;
  if (given.is === 'fault') return tools.size > 0 || /^\s{0,8}[{[]/.test(text);
  if (given.is !== 'object' || required === undefined) return false;
  return required.some((name) => !Object.hasOwn(given.of, name));
}

/** What a shell prints is the word of the programs that it ran. */
function isRefused(call: SeenCall): boolean {
  if (commandOf(call) !== null) return false;
  return call.results.some(({ head }) => REFUSED.some((mark) => mark.test(head.slice(0, LOOKED_AT))));
}
