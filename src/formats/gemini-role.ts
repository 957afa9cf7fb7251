/** What an entry of a conversation of the Gemini API is. */
import { get, getList, getString, isObject } from './json.ts';

/** `{role, parts}`, and nothing that other logs of such parts have: an id, a type, a message around it. */
export function isGeminiContent(entry: unknown): boolean {
  return (
    isObject(entry) &&
    getList(entry, 'parts')?.every((part) => isObject(part)) === true &&
    /^(?:user|model|function|system)$/.test(getString(entry, 'role') ?? '') &&
    get(entry, 'type') === undefined &&
    get(entry, 'content') === undefined
  );
}
