/**
 * Records with long lists of numbers: the lists are read from the bytes into typed arrays, and only what is left is parsed
 * as text. A format names the keys; everything else about the record comes out as `parseJson` would have it.
 */
import { numberListsOf, type NumberList, type NumberLists } from '../core/source/number-lists.ts';
import { decodeText, get, isList, isObject, parseJson, type JsonObject, type ParsedJson } from './json.ts';

/**
 * Where a format's columns stand: by the keys that lead there, lists being passed through. `read`: a list of numbers or
 * booleans there, or each of a list of such, becomes a `NumberList`. `later`: it becomes what `columnNow` reads. `unread`:
 * `decode` never looks there, and such a list comes out empty.
 */
export interface ColumnTree {
  readonly [key: string]: 'read' | 'later' | 'unread' | ColumnTree;
}

export interface ParsedColumns {
  readonly value: unknown;
  readonly repairs: readonly string[];
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Strings longer than this are left by the host's own search. */
const SHORT_STRING = 32;

export function isColumn(value: unknown): value is NumberList {
  return value instanceof Int32Array || value instanceof Float64Array || value instanceof Uint8Array;
}

/**
 * The record with its columns, which hold until the next record is asked for, or null where there are none, or where
 * the record needs the reader of whole texts: that one
 * says what is wrong with it. Each list gives way to a list of one integer, its number among the columns. No such list is
 * left of the record itself, since it would be a column too; so nothing in a log can pass for one.
 */
export function parseColumns(bytes: Uint8Array, tree: ColumnTree): ParsedColumns | null {
  const lists = numberListsOf(bytes);
  const taken = lists && takeLists(bytes, tree, lists);
  if (!taken || taken.pieces.length === 0) return null;
  const decoded = decodeText(joined(taken.pieces, bytes.subarray(taken.rest)));
  if (decoded.invalid > 0) return null;
  const parsed = parseJson(decoded.text);
  if (!parsed.ok || !isObject(parsed.value)) return null;
  putBack(parsed.value, tree, taken.columns);
  return { value: parsed.value, repairs: parsed.repairs };
}

/** Bytes of a list of numbers from which on `parseShortened` cuts it, and where. */
const LONG_LIST = 4096;
const SHORTENED = 256;

/** The record for a look at its structure: of long lists of numbers or booleans only the first entries are there. */
export function parseShortened(bytes: Uint8Array): ParsedJson {
  const lists = numberListsOf(bytes);
  if (lists === null) return parseJson(decodeText(bytes).text);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i++];
    if (byte === QUOTE) i = stringEnd(bytes, i);
    else if (byte === OPEN_ARRAY) {
      const end = lists.endOf(i);
      if (end < i + LONG_LIST) continue;
      pieces.push(bytes.subarray(from, bytes.indexOf(COMMA, i + SHORTENED)));
      i = end;
      from = end - 1;
    }
  }
  return parseJson(decodeText(joined(pieces, bytes.subarray(from))).text);
}

type Column = NumberList | (() => NumberList | undefined);

interface Taken {
  readonly columns: readonly Column[];
  /** The text before each list with its opening bracket, then what stands for its entries. */
  readonly pieces: readonly Uint8Array[];
  /** First byte behind the last list's entries. */
  readonly rest: number;
}

/** What an open bracket holds. `object`: false for a list. */
interface Level {
  readonly at: ColumnTree[string] | undefined;
  readonly object: boolean;
}

/** Null where a key of an object that may hold columns is spelled with escapes: it could be any. */
function takeLists(bytes: Uint8Array, tree: ColumnTree, lists: NumberLists): Taken | null {
  const columns: Column[] = [];
  const pieces: Uint8Array[] = [];
  const open: Level[] = [];
  let level: Level = { at: tree, object: false };
  let keyStart = 0;
  let keyEnd = 0;
  let from = 0;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i++];
    if (byte === QUOTE) {
      keyStart = i;
      i = stringEnd(bytes, i);
      keyEnd = i - 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      let at = level.at;
      if (level.object && typeof at === 'object') {
        const key = keyText(bytes, keyStart, keyEnd);
        if (key === null) return null;
        at = below(at, key);
      } else if (level.object) at = undefined;
      const found = byte === OPEN_ARRAY && at === 'read' ? lists.read(i) : null;
      const end = found ? found.end : byte === OPEN_ARRAY && (at === 'later' || at === 'unread') ? lists.endOf(i) : -1;
      if (end < 0) {
        open.push(level);
        level = { at, object: byte === OPEN_OBJECT };
        continue;
      }
      pieces.push(bytes.subarray(from, i));
      const column = found ? found.values : at === 'later' ? readLater(lists, i) : null;
      if (column) pieces.push(digits(columns.push(column) - 1));
      from = end - 1;
      i = end;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) level = open.pop() ?? { at: undefined, object: false };
  }
  return { columns, pieces, rest: from };
}

/** Reads the list when it is first asked for, and once: there is room for each list once. */
function readLater(lists: NumberLists, at: number): () => NumberList | undefined {
  let values: NumberList | undefined;
  return () => (values ??= lists.read(at)?.values);
}

function below(tree: ColumnTree, key: string): ColumnTree[string] | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** Index behind the closing quote of the string whose text begins at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number {
  for (let i = from; i < from + SHORT_STRING; i++) {
    if (bytes[i] === QUOTE) return i + 1;
    if (bytes[i] === BACKSLASH) i++;
  }
  let i = from;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, i);
    if (quote < 0) return bytes.length;
    let slashes = 0;
    while (quote - 1 - slashes >= from && bytes[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    i = quote + 1;
  }
}

/** Null for a key with an escape in it. Long keys and those beyond ASCII are nobody's. */
function keyText(bytes: Uint8Array, start: number, end: number): string | null {
  if (bytes.subarray(start, end).includes(BACKSLASH)) return null;
  let text = '';
  for (let i = start; i < end && i < start + 2 * SHORT_STRING; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

function digits(number: number): Uint8Array {
  const text = String(number);
  return Uint8Array.from(text, (_, i) => text.charCodeAt(i));
}

function joined(pieces: readonly Uint8Array[], rest: Uint8Array): Uint8Array {
  const text = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, rest.length));
  let at = 0;
  for (const piece of pieces) {
    text.set(piece, at);
    at += piece.length;
  }
  text.set(rest, at);
  return text;
}

/** Puts the columns where their numbers stand. */
function putBack(record: JsonObject, tree: ColumnTree, columns: readonly Column[]): void {
  const open: { readonly value: object; readonly at: ColumnTree[string] }[] = [{ value: record, at: tree }];
  const put = (holder: object, key: string | number, item: unknown, at: ColumnTree[string] | undefined): void => {
    if (at === undefined || at === 'unread' || typeof item !== 'object' || item === null) return;
    const number: unknown = (at === 'read' || at === 'later') && isList(item) && item.length === 1 ? item[0] : undefined;
    const column = typeof number === 'number' ? columns[number] : undefined;
    if (column === undefined) open.push({ value: item, at });
    else Reflect.set(holder, key, column);
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, at } = next;
    if (isList(value))
      value.forEach((item, i) => {
        put(value, i, item, at);
      });
    else if (typeof at === 'object') for (const key of Object.keys(at)) put(value, key, get(value, key), below(at, key));
  }
}

/** A column that is read later, read; any other value as it is. */
export function columnNow(value: unknown): unknown {
  return typeof value === 'function' ? Reflect.apply(value, undefined, []) : value;
}

/** The entry of a list of JSON or of a column as JSON has it. */
export function itemAt(list: unknown, index: number): unknown {
  if (list instanceof Uint8Array) return list[index] === undefined ? undefined : list[index] === 1;
  return isList(list) || isColumn(list) ? list[index] : undefined;
}
