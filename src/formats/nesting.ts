/** How deep JSON nests: what nests deeper than a bound is followed by nothing here. */
import { MAX_NESTING } from '../base/bounds.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** A value of plain JSON, without any repair; undefined where the text is none, or nests too deep. */
export function plainJson(text: string, levels: number = MAX_NESTING): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value, levels) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether lists and objects nest deeper in a value than anything here follows. */
export function isTooDeep(value: unknown, room: number = MAX_NESTING): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (room === 0) return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const item of items) if (typeof item === 'object' && item !== null && isTooDeep(item, room - 1)) return true;
  return false;
}

/** Levels of lists and objects in a text that is JSON. */
export function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at++;
      while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    } else if (unit === OPEN_LIST || unit === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth--;
  }
  return deepest;
}
