/** Arguments of calls as models write them, to one JSON text. */
import { isObject, parseJson, toJson } from '../json.ts';

/** The text as it stands where it is a JSON object (with Python's words for constants too), or null. */
export function objectText(text: string): string | null {
  const own = text.trim();
  if (!own.startsWith('{')) return null;
  const parsed = parseJson(own);
  if (!parsed.ok || !isObject(parsed.value)) return null;
  return parsed.repairs.length === 0 ? own : (toJson(parsed.value) ?? null);
}

/** Index behind the JSON object or list that begins at `from`, or -1 where it is not closed before `limit`. */
export function jsonEnd(text: string, from: number, limit = text.length): number {
  let depth = 0;
  for (let i = from; i < limit; i++) {
    const unit = text[i];
    if (unit === '"') {
      for (i++; i < limit && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (unit === '{' || unit === '[') depth++;
    else if ((unit === '}' || unit === ']') && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * An object of arguments that were written one by one. A value that is JSON but no string stands as it is, so that numbers
 * keep their digits; anything else is a string. (Whether `5` was a number or a text, only the tool's definition says.)
 */
export function argumentsText(pairs: readonly (readonly [name: string, value: string])[]): string {
  return `{${pairs.map(([name, value]) => `${quoted(name)}: ${valueText(value)}`).join(', ')}}`;
}

function valueText(value: string): string {
  const own = value.trim();
  if (/^(?:[{[\d-]|(?:true|false|null)$)/.test(own)) {
    try {
      JSON.parse(own);
      return own;
    } catch {
      // Then it is a text.
    }
  }
  return quoted(value);
}

function quoted(text: string): string {
  return toJson(text) ?? '""';
}
