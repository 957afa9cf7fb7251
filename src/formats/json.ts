/** JSON as log writers really write it: Python's NaN and Infinity, integers beyond 2^53, JSON inside a JSON string, bad UTF-8. */

import { MAX_NESTING } from '../base/bounds.ts';
import { jsonFault } from './json-fault.ts';
import { isTooDeep, nestingOf } from './nesting.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** `at`: index of the UTF-16 unit in the text where parsing stopped. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown; readonly repairs: readonly string[] }
  | {
      readonly ok: false;
      readonly at: number;
      readonly message: string;
      /** How deep it nests, where that is too deep to be followed. */
      readonly levels?: number;
    };

/** The fewest digits of an integer that a double may not hold. */
const LONG = 16;
const OUTSIDE_STRINGS = /(?<![\w.+-])-?\d{16,}(?![\w.+-])|-?\b(?:NaN|nan|Infinity|inf|None|True|False|undefined)\b/g;

/**
 * Parses one record. What JSON has no words for is replaced outside strings, and named in `repairs`:
 * - `NaN`, `nan`, `None`, `undefined` become null. A reader that knows the field holds numbers takes null for NaN.
 * - `Infinity` and `-Infinity` become the numbers they are.
 * - `True`, `False` become booleans.
 * - integers that a double cannot hold become strings of their digits, so that ids survive.
 * - a record that is a string holding a JSON object or array is parsed a second time.
 * A value that nests too deep to be followed is none. Never throws. Lone surrogates in escapes survive.
 */
export function parseJson(text: string): ParsedJson {
  const repairs: string[] = [];
  let source = text;
  if (hasLongInteger(text)) source = repairOutsideStrings(text, repairs);
  let parsed = parsedOrNull(source);
  if (parsed === null) {
    const repaired = repairOutsideStrings(text, repairs);
    parsed = repaired === source ? null : parsedOrNull(repaired);
    if (parsed === null) return failure(text);
    source = repaired;
  }
  const { value } = parsed;
  if (source.length > 2 * MAX_NESTING && isTooDeep(value))
    return { ok: false, at: 0, message: 'too many levels', levels: nestingOf(source) };
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) {
    const inner = parseJson(value);
    if (inner.ok) return { ok: true, value: inner.value, repairs: [...repairs, 'JSON inside a JSON string', ...inner.repairs] };
  }
  return { ok: true, value, repairs };
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/**
 * Whether a run of 16 digits or more is an integer, be it a number or in a string: the repair looks again. Only every
 * 16th character is looked at, because no such run fits between two of them.
 */
function hasLongInteger(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    const isFraction = text[start - 1] === '.' || text[end] === '.';
    if (end - start >= LONG && !isFraction) return true;
    at = end;
  }
  return false;
}

/** Parsed texts that are looked at first once one was no JSON: to throw costs more than to look. */
const WARY = 64;
let wary = 0;

/** Parses, without a throw where texts before it were no JSON either; null: it is none. */
function parsedOrNull(text: string): { readonly value: unknown } | null {
  if (wary > 0) {
    wary--;
    if (jsonFault(text) !== null) return null;
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function failure(text: string): ParsedJson {
  wary = WARY;
  return { ok: false, ...(jsonFault(text) ?? { at: 0, message: 'it is nested too deep, or too long, to be read' }) };
}

/** `text` with the replacements that `parseJson` promises; strings are skipped with indexOf, hence untouched. */
function repairOutsideStrings(text: string, repairs: string[]): string {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const gapEnd = open < 0 ? text.length : open;
    const gap = text.slice(at, gapEnd);
    pieces.push(gap.length === 0 ? gap : gap.replace(OUTSIDE_STRINGS, (word) => replacement(word, repairs)));
    if (open < 0) break;
    const close = stringEnd(text, open);
    pieces.push(text.slice(open, close));
    at = close;
  }
  return pieces.join('');
}

function replacement(word: string, repairs: string[]): string {
  let result = word;
  switch (word.replace(/^-/, '')) {
    case 'NaN':
    case 'nan':
    case 'None':
    case 'undefined':
      result = 'null';
      break;
    case 'Infinity':
    case 'inf':
      // JSON.parse reads a number beyond the range of doubles as infinite.
      result = word.startsWith('-') ? '-1e999' : '1e999';
      break;
    case 'True':
      result = 'true';
      break;
    case 'False':
      result = 'false';
      break;
    default:
      if (!Number.isSafeInteger(Number(word))) result = `"${word}"`;
  }
  if (result !== word && repairs.length < 8) repairs.push(word);
  return result;
}

/** Index behind the closing quote of the string that opens at `open`. */
function stringEnd(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 to text. `invalid`: how many U+FFFD stand for bytes that are no UTF-8. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly invalid: number } {
  try {
    return { text: strict.decode(bytes), invalid: 0 };
  } catch {
    const text = lenient.decode(bytes);
    let invalid = 0;
    for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) invalid++;
    // Those that the file really holds are no fault.
    for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
      if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) invalid--;
    }
    return { text, invalid };
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Fields of untrusted objects. Only own properties count, so that a key such as `constructor` finds nothing.

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function has(record: JsonObject, key: string): boolean {
  return Object.hasOwn(record, key);
}

export function get(record: unknown, key: string): unknown {
  return isObject(record) && Object.hasOwn(record, key) ? record[key] : undefined;
}

export function getString(record: unknown, key: string): string | undefined {
  const value = get(record, key);
  return typeof value === 'string' ? value : undefined;
}

/** A finite number, or a text that spells one (Python's `default=str` writes numpy scalars so). */
export function getNumber(record: unknown, key: string): number | undefined {
  return toNumber(get(record, key));
}

export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const NO_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i;

/**
 * A number as the log has it, be it one that cannot be: infinite, or the text of one. What can be is for `core/tokens/plausible` to
 * say, so that nothing is left out unsaid. Undefined where there is no number at all.
 */
export function asLogged(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !NO_NUMBER.test(value.trim())) return toNumber(value);
  if (/nan/i.test(value)) return Number.NaN;
  return value.trim().startsWith('-') ? -Infinity : Infinity;
}

export function getList(record: unknown, key: string): readonly unknown[] | undefined {
  const value = get(record, key);
  return isList(value) ? value : undefined;
}

export function getObject(record: unknown, key: string): JsonObject | undefined {
  const value = get(record, key);
  return isObject(value) ? value : undefined;
}

/** An id as text: logs write ids as strings and as integers. */
export function getId(record: unknown, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = get(record, key);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/** The value as JSON text; undefined where there is none (a value nested too deep for the host's writer included). */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A short description of a value for `Complaint.found`. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value) || value instanceof Int32Array || value instanceof Float64Array || value instanceof Uint8Array)
    return `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    const shown = keys
      .slice(0, 8)
      .map((key) => key.slice(0, 40))
      .join(', ');
    return keys.length === 0 ? 'an empty object' : `an object with ${shown}${keys.length > 8 ? `, and ${keys.length - 8} more keys` : ''}`;
  }
  if (typeof value === 'string') return value.length > 60 ? `a text of ${value.length} characters` : `the text ${toJson(value) ?? ''}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : `a ${typeof value}`;
}
