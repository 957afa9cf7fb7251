/** Numbers as people write them in a filter: `0.5`, `-1e3`, `20k`, `1.5M`, `38%`, and ranges of them. */

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|k|K|M|G)?$/;
const FACTORS: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/** Null: not a number. */
export function readNumber(text: string): number | null {
  const found = NUMBER.exec(text);
  if (found === null) return null;
  const [, digits = '', suffix = ''] = found;
  const value = Number(digits);
  // Divided: 38 % is 0.38, and 38 × 0.01 is not.
  const scaled = suffix === '%' ? value / 100 : value * (FACTORS[suffix] ?? 1);
  // Added to 0, −0 is 0: it is written so.
  return Number.isFinite(scaled) ? scaled + 0 : null;
}

/** Both ends belong to it. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** `a..b`, `a..`, `..b` or one number; null: neither. */
export function readRange(text: string): NumberRange | null {
  const at = text.indexOf('..');
  if (at < 0) {
    const value = readNumber(text);
    return value === null ? null : { low: value, high: value };
  }
  const [first, last] = [text.slice(0, at), text.slice(at + 2)];
  if (first === '' && last === '') return null;
  const low = first === '' ? -Infinity : readNumber(first);
  const high = last === '' ? Infinity : readNumber(last);
  return low === null || high === null ? null : { low, high };
}
