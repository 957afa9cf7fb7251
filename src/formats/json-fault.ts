/** Where JSON text stops being JSON, in words of our own: engines differ in theirs, and issues go into manifests. */

export interface JsonFault {
  /** Index of the UTF-16 unit. */
  readonly at: number;
  readonly message: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Those of JSON, and those of Python and JavaScript that are read as such. */
const WORD = /true|false|null|True|False|None|undefined|-?(?:NaN|nan|Infinity|inf)/y;
/** What is taken for one wrong word. */
const WRONG_WORD = /[^\s,:[\]{}"]*/y;
const LONGEST_WORD = 20;

/** What may come next: a value, the first key or the end of an object, a further key, and so on. */
type Awaited = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'more' | 'nothing';

const WORDS: Readonly<Record<Awaited, string>> = {
  value: 'a value',
  'first-value': 'a value or "]"',
  'first-key': 'a key or "}"',
  key: 'a key',
  colon: '":" behind a key',
  more: '',
  nothing: 'nothing more',
};

/**
 * The first fault of a text that is no JSON (RFC 8259), apart from words that `parseJson` repairs; null where it has none, though an
 * engine may still refuse it for its size or depth.
 */
export function jsonFault(text: string): JsonFault | null {
  const open: number[] = [];
  let awaited: Awaited = 'value';
  let at = 0;
  const wanted = (): string => (awaited === 'more' ? (open.at(-1) === OPEN_ARRAY ? '"," or "]"' : '"," or "}"') : WORDS[awaited]);
  const afterValue = (): Awaited => (open.length === 0 ? 'nothing' : 'more');
  for (;;) {
    while (isBlank(text.charCodeAt(at))) at++;
    if (at >= text.length) return awaited === 'nothing' ? null : { at, message: `the end of the text where ${wanted()} should come` };
    const unit = text.charCodeAt(at);
    const takesValue: boolean = awaited === 'value' || awaited === 'first-value';
    if (unit === QUOTE && (takesValue || awaited === 'first-key' || awaited === 'key')) {
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      awaited = takesValue ? afterValue() : 'colon';
    } else if ((unit === OPEN_ARRAY || unit === OPEN_OBJECT) && takesValue) {
      open.push(unit);
      at++;
      awaited = unit === OPEN_ARRAY ? 'first-value' : 'first-key';
    } else if (closes(unit, open.at(-1), awaited)) {
      open.pop();
      at++;
      awaited = afterValue();
    } else if (unit === 0x2c && awaited === 'more') {
      at++;
      awaited = open.at(-1) === OPEN_ARRAY ? 'value' : 'key';
    } else if (unit === 0x3a && awaited === 'colon') {
      at++;
      awaited = 'value';
    } else {
      const end = takesValue ? Math.max(matchEnd(NUMBER, text, at), matchEnd(WORD, text, at)) : at;
      if (end === at) return { at, message: `${shown(text, at)} where ${wanted()} should come` };
      at = end;
      awaited = afterValue();
    }
  }
}

function closes(unit: number, opener: number | undefined, awaited: Awaited): boolean {
  if (unit === CLOSE_ARRAY) return opener === OPEN_ARRAY && (awaited === 'more' || awaited === 'first-value');
  return unit === CLOSE_OBJECT && opener === OPEN_OBJECT && (awaited === 'more' || awaited === 'first-key');
}

/** The index behind a string, or what is wrong with it. */
function stringEnd(text: string, open: number): number | JsonFault {
  for (let at = open + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit < 0x20) return { at, message: 'a control character in a string' };
    if (unit !== BACKSLASH) continue;
    const escaped = text[at + 1];
    if (escaped === undefined) break;
    if (escaped === 'u' ? !/^[0-9a-fA-F]{4}/.test(text.slice(at + 2, at + 6)) : !'"\\/bfnrt'.includes(escaped)) {
      if (at + 6 > text.length && escaped === 'u') break;
      return { at, message: 'an escape in a string that JSON does not have' };
    }
    at++;
  }
  return { at: text.length, message: 'the end of the text inside a string' };
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function shown(text: string, at: number): string {
  const end = matchEnd(WRONG_WORD, text, at);
  const word = end > at ? text.slice(at, end) : String.fromCodePoint(text.codePointAt(at) ?? 0);
  return JSON.stringify(word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}…` : word);
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}
