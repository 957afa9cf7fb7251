/**
 * JSON laid out for people without a change to any value: numbers keep every digit and members their order, because nothing is read
 * into JavaScript's own numbers. One pass over the text.
 */

/** A member of an object. Of a text `value` is what it says, else its JSON, laid out. */
export interface JsonField {
  readonly name: string;
  readonly value: string;
  readonly isText: boolean;
}

const INDENT = '  ';
/** Deeper members are not indented further: a text that nests as deep as it is long stays in proportion. */
const DEEPEST = 40;

function lineAt(depth: number): string {
  return `\n${INDENT.repeat(Math.min(depth, DEEPEST))}`;
}

/** The members of a JSON object, null where the text is none. */
export function jsonFields(text: string): readonly JsonField[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !isJson(trimmed)) return null;
  const fields: JsonField[] = [];
  let at = skipBlank(trimmed, 1);
  while (trimmed[at] === '"') {
    const end = stringEnd(trimmed, at);
    const colon = skipBlank(trimmed, end);
    const from = skipBlank(trimmed, colon + 1);
    const to = valueEnd(trimmed, from);
    const raw = trimmed.slice(from, to);
    const isText = raw.startsWith('"');
    fields.push({ name: said(trimmed.slice(at, end)), value: isText ? said(raw) : indented(raw), isText });
    at = skipBlank(trimmed, skipBlank(trimmed, to) + 1);
  }
  return fields;
}

/** The JSON in lines; null where the text is no JSON object or list. */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  return /^[[{]/.test(trimmed) && isJson(trimmed) ? indented(trimmed) : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function said(quoted: string): string {
  const value: unknown = JSON.parse(quoted);
  return typeof value === 'string' ? value : quoted;
}

function skipBlank(text: string, at: number): number {
  let i = at;
  while (i < text.length && ' \t\r\n'.includes(text[i] ?? '.')) i++;
  return i;
}

/** Behind the closing quote of the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function valueEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length;) {
    const letter = text[i] ?? '';
    if (letter === '"') {
      i = stringEnd(text, i);
      if (depth === 0) return i;
      continue;
    }
    if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (letter === ',' || ' \t\r\n'.includes(letter))) return i;
    i++;
  }
  return text.length;
}

function indented(json: string): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < json.length;) {
    const letter = json[i] ?? '';
    if (letter === '"') {
      const end = stringEnd(json, i);
      out += json.slice(i, end);
      i = end;
      continue;
    }
    i++;
    if (' \t\r\n'.includes(letter)) continue;
    if (letter === '{' || letter === '[') {
      const close = skipBlank(json, i);
      if (json[close] === '}' || json[close] === ']') {
        out += letter + (json[close] ?? '');
        i = close + 1;
        continue;
      }
      out += letter + lineAt(++depth);
    } else if (letter === '}' || letter === ']') out += lineAt(--depth) + letter;
    else if (letter === ',') out += `,${lineAt(depth)}`;
    else out += letter === ':' ? ': ' : letter;
  }
  return out;
}
