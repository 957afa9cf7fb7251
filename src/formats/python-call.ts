/** A call in Python's words, as the multi-turn truths of the Berkeley Function Calling Leaderboard have them: `mv(source='a', n=1)`. */

export interface PythonCall {
  readonly tool: string;
  /** In their order; null: without a name. */
  readonly args: readonly { readonly name: string | null; readonly value: unknown }[];
}

interface Scan {
  readonly text: string;
  at: number;
}

const MAX_DEPTH = 64;
const WORDS: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\u0007', b: '\b', f: '\f', v: '\v' };

/** Null where it is no call with literals alone. Linear in the text; never throws. */
export function pythonCall(text: string): PythonCall | null {
  const tool = /^\s*([\w.]+)\s*\(/.exec(text);
  if (tool === null) return null;
  const scan: Scan = { text, at: tool[0].length };
  const args: { name: string | null; value: unknown }[] = [];
  for (skipBlanks(scan); !take(scan, ')'); skipBlanks(scan)) {
    const name = matched(scan, /([A-Za-z_]\w*)\s*=(?!=)/y)?.[1] ?? null;
    const value = literal(scan, 0);
    if (value === null) return null;
    args.push({ name, value: value.value });
    skipBlanks(scan);
    if (!take(scan, ',') && scan.text[scan.at] !== ')') return null;
  }
  skipBlanks(scan);
  return scan.at === text.length ? { tool: tool[1] ?? '', args } : null;
}

function matched(scan: Scan, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text);
  if (found !== null) scan.at = pattern.lastIndex;
  return found;
}

function skipBlanks(scan: Scan): void {
  matched(scan, /\s*/y);
}

function take(scan: Scan, mark: string): boolean {
  if (scan.text[scan.at] !== mark) return false;
  scan.at++;
  return true;
}

/** In a box, because a value may be null. */
function literal(scan: Scan, depth: number): { readonly value: unknown } | null {
  skipBlanks(scan);
  const first = scan.text[scan.at];
  if (depth > MAX_DEPTH || first === undefined) return null;
  if (first === '"' || first === "'") return textLiteral(scan);
  if (first === '[' || first === '(') return list(scan, first === '[' ? ']' : ')', depth);
  if (first === '{') return members(scan, depth);
  const word = matched(scan, /[A-Za-z]+\b/y)?.[0];
  if (word !== undefined) return Object.hasOwn(WORDS, word) ? { value: WORDS[word] } : null;
  const number = matched(scan, /[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y)?.[0];
  return number === undefined ? null : { value: Number(number.replaceAll('_', '')) };
}

function textLiteral(scan: Scan): { readonly value: string } | null {
  const mark = scan.text[scan.at++] ?? '';
  let value = '';
  for (; scan.at < scan.text.length; scan.at++) {
    const unit = scan.text[scan.at] ?? '';
    if (unit === mark) {
      scan.at++;
      return { value };
    }
    if (unit !== '\\') value += unit;
    else {
      const next = scan.text[++scan.at] ?? '';
      if (next !== '\n') value += ESCAPES[next] ?? (/["'\\]/.test(next) ? next : `\\${next}`);
    }
  }
  return null;
}

function list(scan: Scan, end: string, depth: number): { readonly value: unknown[] } | null {
  scan.at++;
  const value: unknown[] = [];
  for (skipBlanks(scan); !take(scan, end); skipBlanks(scan)) {
    const entry = literal(scan, depth + 1);
    if (entry === null) return null;
    value.push(entry.value);
    skipBlanks(scan);
    if (!take(scan, ',') && scan.text[scan.at] !== end) return null;
  }
  return { value };
}

function members(scan: Scan, depth: number): { readonly value: Record<string, unknown> } | null {
  scan.at++;
  const entries: [string, unknown][] = [];
  for (skipBlanks(scan); !take(scan, '}'); skipBlanks(scan)) {
    const key = literal(scan, depth + 1);
    skipBlanks(scan);
    if (key === null || !take(scan, ':')) return null;
    const entry = literal(scan, depth + 1);
    if (entry === null) return null;
    entries.push([String(key.value), entry.value]);
    skipBlanks(scan);
    if (!take(scan, ',') && scan.text[scan.at] !== '}') return null;
  }
  return { value: Object.fromEntries(entries) };
}
