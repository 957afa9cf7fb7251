/** The tags of Hermes, which other model families use too: `<tool_call>`, and `<tool_response>` as environments write it. */
import { unwrap } from './blocks.ts';
import type { Result } from './dialect.ts';

export const TOOL_CALL = { open: '<tool_call>', close: '</tool_call>' };

export const RESULT_OPEN = '<tool_response>';
const RESULT_CLOSE = '</tool_response>';

/** `<tool_response>` blocks. Bare role lines next to a block belong to the template: special tokens between were left out. */
export function toolResponses(text: string): readonly Result[] {
  const results: Result[] = [];
  let at = 0;
  for (let open = text.indexOf(RESULT_OPEN); open >= 0; open = text.indexOf(RESULT_OPEN, at)) {
    const close = text.indexOf(RESULT_CLOSE, open);
    let start = open;
    for (const line of ['user\n', 'tool\n']) {
      const from = open - line.length;
      if (from >= at && text.startsWith(line, from) && (from === at || text[from - 1] === '\n')) start = from === at ? from : from - 1;
    }
    if (start > at && text[start - 1] === '\n') start--;
    const body = text.slice(open + RESULT_OPEN.length, close < 0 ? text.length : close);
    at = close < 0 ? text.length : close + RESULT_CLOSE.length;
    at += /^\n?assistant\n/.exec(text.slice(at, at + 12))?.[0].length ?? 0;
    results.push({ start, end: at, text: unwrap(body) });
  }
  return results;
}
