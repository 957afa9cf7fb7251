/** No-op edit: an edit that changed nothing. */
import { argumentsOf } from '../arguments.ts';
import type { ErrorRule } from '../error-rule.ts';
import { commandOf } from '../shell.ts';
import type { SeenCall } from '../turns.ts';

/** In the first 512 units of a result. [ours] */
const LOOKED_AT = 512;
const SAID: readonly RegExp[] = [
  /\bno replacement (?:was|were) (?:performed|made)\b/i,
  /\bdid not appear verbatim\b/i,
  /\bno (?:changes?|edits?) (?:(?:was|were) )?(?:made|applied|needed|performed|detected)\b/i,
  /\b(?:old|search)[_ ]?(?:str|string|text)?\b[^\n]{0,80}\b(?:must be different|are identical|is identical|are the same|not found)\b/i,
  /\b(?:replace tag|new[_ ]?(?:str|string|text|code))\b[^\n]{0,40}\bthe same as\b/i,
  /\b(?:could not find|couldn't find|cannot find) the (?:exact )?(?:text|string)\b/i,
  /\b(?:string|text) (?:to replace )?(?:was )?not found in (?:the )?file\b/i,
  /\b0 (?:replacements|occurrences)\b/i,
];
/** Names under which tools take what is replaced, and what by. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['old_str', 'new_str'],
  ['old_string', 'new_string'],
  ['oldText', 'newText'],
  ['old_text', 'new_text'],
  ['search', 'replace'],
];

export const noOpEdit: ErrorRule = {
  id: 'no-op-edit',
  label: 'No-op edit',
  help: 'An edit whose result says that nothing was replaced or changed, or that replaces a text by itself.',
  judges: 'outcome',
  begin:
    () =>
    ({ calls }) =>
      calls.flatMap((call, at) => (replacesByItself(call) || saysSo(call) ? [at] : [])),
};

function replacesByItself({ text, isInline }: SeenCall): boolean {
  if (isInline || !/old|search/.test(text.slice(0, 1 << 16))) return false;
  const given = argumentsOf(text);
  if (given.is !== 'object') return false;
  const { of } = given;
  return PAIRS.some(([from, to]) => typeof of[from] === 'string' && of[from] !== '' && of[from] === of[to]);
}

/** What a shell prints may be any text: of it only what `patch` and `git apply` say counts. */
const SAID_BY_SHELLS: readonly RegExp[] = [/\bpatch does not apply\b/i, /\b(?:only garbage was found in the patch|hunk FAILED)\b/i];

function saysSo(call: SeenCall): boolean {
  const marks = commandOf(call) === null ? SAID : SAID_BY_SHELLS;
  return call.results.some(({ head }) => marks.some((mark) => mark.test(head.slice(0, LOOKED_AT))));
}
