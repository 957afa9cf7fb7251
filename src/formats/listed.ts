/**
 * Records with lists of objects, of which each is decoded and parsed once, however often its bytes come: all records that
 * have it share what was parsed, so nothing may ever change it. Else a record comes out as `parseJson` would have it.
 */
import { share } from '../base/shared.ts';
import { makeListedObjects, type ListedObjects } from '../core/source/listed-objects.ts';
import type { ParsedColumns } from './columns.ts';
import { decodeText, isList, isObject, parseJson, type JsonObject } from './json.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const LONGEST_KEY = 64;

/** What was parsed; null: it needs the reader of whole records. */
type Parsed = JsonObject | null;

let listed: ListedObjects<Parsed> | null = null;

/** The record, or null where it has no such lists, or needs the reader of whole texts: that one says what is wrong with it. */
export function parseListed(bytes: Uint8Array): ParsedColumns | null {
  const found = (listed ??= makeListedObjects<Parsed>()).recall(bytes, parseOne);
  if (found === null || found.lists.some(({ values }) => values.includes(null))) return null;
  const decoded = decodeText(found.outline);
  if (decoded.invalid > 0) return null;
  const parsed = parseJson(decoded.text);
  if (!parsed.ok || !isObject(parsed.value) || Object.keys(parsed.value).length !== found.members) return null;
  const record = parsed.value;
  for (const { at, values } of found.lists) {
    const key = keyBefore(bytes, at);
    // The list has other entries too where it is longer than its objects. A key is written once, so it can be no other.
    if (key === null || !isList(record[key]) || record[key].length !== values.length) return null;
    Reflect.set(record, key, values);
  }
  return { value: record, repairs: parsed.repairs };
}

function parseOne(bytes: Uint8Array): Parsed {
  const { text, invalid } = decodeText(bytes);
  const parsed = invalid > 0 ? null : parseJson(text);
  if (!parsed?.ok || parsed.repairs.length > 0 || !isObject(parsed.value)) return null;
  share(parsed.value);
  return parsed.value;
}

/** The key whose value opens at `at`; null for one with an escape, a long one and one beyond ASCII. */
function keyBefore(bytes: Uint8Array, at: number): string | null {
  let i = at - 1;
  while (bytes[i]! <= SPACE) i--;
  if (bytes[i--] !== COLON) return null;
  while (bytes[i]! <= SPACE) i--;
  if (bytes[i] !== QUOTE) return null;
  const end = i;
  while (i > 0 && bytes[i - 1] !== QUOTE) i--;
  const key = bytes.subarray(i, end);
  if (key.length > LONGEST_KEY || key.some((byte) => byte === BACKSLASH || byte >= 0x80) || bytes[i - 2] === BACKSLASH) return null;
  return String.fromCharCode(...key);
}
