/** The values of a text of server-sent events, or of JSON values one after the other. https://html.spec.whatwg.org/#server-sent-events */
import { parseJson } from './json.ts';

/** A value's place in the text, in UTF-16 units. */
export interface SseValue {
  readonly start: number;
  readonly end: number;
}

const FIELD = /^(?:event|id|retry)?:/;

/**
 * Where the values of a text are: what follows `data:` (the lines of one event together), or whole JSON values that follow one another
 * with or without line ends. Lines that are no field and no JSON are values too, so that nothing of them is lost. O(text).
 */
export function sseValues(text: string): SseValue[] {
  const values: SseValue[] = [];
  let at = 0;
  // Once a value is not closed to the end of the text, none is looked for beyond its line.
  let isOpen = false;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    const prefix = /^data: ?/.exec(line)?.[0].length ?? 0;
    const from = at + prefix + (/^\s*/.exec(line.slice(prefix))?.[0].length ?? 0);
    if (from >= lineEnd || (prefix === 0 && FIELD.test(line))) {
      at = lineEnd + 1;
      continue;
    }
    const opener = text[from];
    const close: number = opener === '{' || opener === '[' ? valueEnd(text, from, prefix > 0 || isOpen ? lineEnd : text.length) : lineEnd;
    isOpen ||= close < 0;
    const end = close < 0 ? lineEnd : close;
    values.push({ start: from, end });
    // Behind a value the next one may begin on the same line.
    at = end === lineEnd ? lineEnd + 1 : end;
  }
  return values;
}

/** The values themselves; `[DONE]` and what else is no JSON is left out. */
export function sseData(text: string): unknown[] {
  return sseValues(text).flatMap(({ start, end }) => {
    const read = parseJson(text.slice(start, end));
    return read.ok ? [read.value] : [];
  });
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Index behind the value that opens at `from`; −1 where it is not closed before `limit`. */
function valueEnd(text: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      for (at++; at < limit && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    } else if (unit === 0x7b || unit === 0x5b) depth++;
    else if ((unit === 0x7d || unit === 0x5d) && --depth === 0) return at + 1;
  }
  return -1;
}
