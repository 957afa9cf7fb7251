/**
 * Canonical texts of actions, hashed as they are written: the units of a text go into one buffer that is used again and
 * again, because logs have many megabytes of arguments and a string for each step of the way would cost more than the rest.
 */
import { hash128Of } from '../../base/hash.ts';
import { grown } from '../../base/growable.ts';
import { hashWritten } from './canonical-arguments.ts';

/** Argument names whose values differ between identical actions. */
const VOLATILE_NAME = /^(id|uuid|.*_id$|call_?id|timestamp|time|date|created(_at)?|nonce|seed|request_?id)$/i;
const VOLATILE_VALUE =
  /^(\d{4}(-\d{2}){2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12})$/i;
const MAX_DEPTH = 24;

const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const BACKSLASH = 92;
const CASE = 32;

/** UTF-16 units of the text that is being made. */
let units = new Uint16Array(1 << 12);
let length = 0;

/** Units up to which the buffer is kept. */
const KEPT = 1 << 20;

/** Hash of `head` and the text's words: lower case, one space between them. Null where there is no word. */
export function hashWords(head: string, text: string): string | null {
  length = 0;
  put(head);
  if (!putAsciiWords(text))
    put(
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    );
  return length === head.length ? null : finish();
}

/** Hash of `head` and JSON arguments with sorted keys and without volatile fields; other text with white space collapsed. */
export function hashArguments(head: string, text: string): string {
  const written = hashWritten(head, text);
  if (written !== null) return written;
  length = 0;
  put(head);
  try {
    putValue(JSON.parse(text), 0);
  } catch {
    length = head.length;
    putCollapsed(text, false);
  }
  return finish();
}

function finish(): string {
  const hash = hash128Of(units, length);
  if (units.length > KEPT) units = new Uint16Array(1 << 12);
  return hash;
}

function put(text: string): void {
  units = grown(units, length + text.length);
  for (let i = 0; i < text.length; i++) units[length++] = text.charCodeAt(i);
}

/** False, with nothing written, where the text is not all ASCII. */
function putAsciiWords(text: string): boolean {
  const start = length;
  units = grown(units, length + text.length);
  let parted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const letter = unit | CASE;
    if ((letter >= 97 && letter <= 122) || (unit >= 48 && unit <= 57)) {
      if (parted && length > start) units[length++] = SPACE;
      parted = false;
      units[length++] = unit <= 57 ? unit : letter;
    } else if (unit < 128) parted = true;
    else {
      length = start;
      return false;
    }
  }
  return true;
}

function putValue(value: unknown, depth: number): void {
  if (typeof value === 'string') putString(value);
  else if (value === null || typeof value !== 'object' || depth >= MAX_DEPTH) put(JSON.stringify(value));
  else if (Array.isArray(value)) {
    put('[');
    value.forEach((item, index) => {
      if (index > 0) put(',');
      putValue(item, depth + 1);
    });
    put(']');
  } else {
    put('{');
    let any = false;
    for (const [name, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (VOLATILE_NAME.test(name)) continue;
      if (any) put(',');
      any = true;
      put(JSON.stringify(name));
      put(':');
      putValue(member, depth + 1);
    }
    put('}');
  }
}

function putString(value: string): void {
  // Every volatile value has a dash at one of two places.
  const volatile = (value.charCodeAt(4) === DASH || value.charCodeAt(8) === DASH) && VOLATILE_VALUE.test(value);
  put('"');
  if (!volatile) putCollapsed(value, true);
  put('"');
}

/** `text` without blanks at its ends and with one space for every run of them; as inside a JSON string if `quoted`. */
function putCollapsed(text: string, quoted: boolean): void {
  const start = length;
  // Room for an escape more than the text needs.
  units = grown(units, length + text.length + 1);
  let parted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isBlank(unit)) {
      parted = true;
      continue;
    }
    if (parted && length > start) units[length++] = SPACE;
    parted = false;
    if (!quoted || !isEscaped(unit)) {
      units[length++] = unit;
      continue;
    }
    if (unit === QUOTE || unit === BACKSLASH) {
      units[length++] = BACKSLASH;
      units[length++] = unit;
    } else i += putRare(text, i) - 1;
    // An escape is longer than what it stands for.
    if (length + text.length - i >= units.length) units = grown(units, length + text.length - i + 1);
  }
}

/** A control character or a surrogate as JSON writes it; how many units of the text that is. */
function putRare(text: string, at: number): number {
  const pair = text.slice(at, at + 2);
  const whole = pair.length === 2 && pair.charCodeAt(0) >= 0xd800 && pair.isWellFormed() ? pair : text.charAt(at);
  put(JSON.stringify(whole).slice(1, -1));
  return whole.length;
}

/** What JSON may write as an escape: a surrogate only where it is alone. */
function isEscaped(unit: number): boolean {
  return unit === QUOTE || unit === BACKSLASH || unit < SPACE || (unit >= 0xd800 && unit <= 0xdfff);
}

/** What `\s` matches. */
function isBlank(unit: number): boolean {
  if (unit < 128) return unit === SPACE || (unit >= 9 && unit <= 13);
  return (
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}
