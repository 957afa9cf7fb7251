/** Per-token arrays as logs hold them (ids, masks, log-probs) to columns that are parallel to the token ids. */
import { MAX_TOKEN_ID } from '../base/bounds.ts';
import type { NumberFault } from '../core/model/rollout.ts';
import { isPlausible, type NumberRange } from '../core/tokens/plausible.ts';
import { isColumn, itemAt } from './columns.ts';
import type { Complaint } from './format.ts';
import { asLogged, describe } from './json.ts';

/** Token ids, or null where `value` is not a non-empty list of non-negative 32-bit integers. */
export function readIds(value: unknown): Int32Array | null {
  if (value instanceof Int32Array) return isIds(value) ? value : null;
  if (value instanceof Float64Array) return readIds(Array.from(value));
  if (!Array.isArray(value) || value.length === 0) return null;
  const ids = new Int32Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const logged: unknown = value[i];
    const id = readId(logged);
    if (id === null) return null;
    ids[i] = id;
  }
  return ids;
}

function readId(logged: unknown): number | null {
  // Some servers' clients keep ids as the texts they came in.
  const id = typeof logged === 'string' && /^\d{1,10}$/.test(logged) ? Number(logged) : logged;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_TOKEN_ID ? id : null;
}

/** What is found where `readIds` finds no ids: of a list its first entry that is none. */
export function idsFound(value: unknown): string {
  if (!(Array.isArray(value) || isColumn(value))) return describe(value);
  for (let i = 0; i < value.length; i++) {
    const entry = itemAt(value, i);
    if (readId(entry) === null) return `${describe(entry)} at entry ${i} of ${value.length}`;
  }
  return describe(value);
}

/** Notes the first list of these that is not empty and that `readIds` refuses: a record has one such note. */
export function noteIds(values: readonly unknown[], key: string, notes: Complaint[]): void {
  const value = values.find((list) => (Array.isArray(list) || isColumn(list)) && list.length > 0 && readIds(list) === null);
  const expected = `token ids at ${key}, integers from 0 to ${MAX_TOKEN_ID}`;
  if (value === undefined || notes.some((note) => note.expected === expected)) return;
  notes.push({ code: 'token-ids', expected, found: `${idsFound(value)}; the ids are left out` });
}

function isIds(values: Int32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) return false;
  return true;
}

/** A mask of `length` entries from booleans or numbers (0 = off), or null where it is not that. */
export function readMask(value: unknown, length: number): Uint8Array | null {
  if (isColumn(value)) {
    if (value.length !== length) return null;
    return value instanceof Uint8Array ? value : Uint8Array.from(value, (entry) => (entry === 0 ? 0 : 1));
  }
  if (!Array.isArray(value) || value.length !== length) return null;
  const mask = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const entry: unknown = value[i];
    if (typeof entry !== 'boolean' && typeof entry !== 'number') return null;
    mask[i] = Number(entry) === 0 ? 0 : 1;
  }
  return mask;
}

/** What is found where `readMask` finds no mask. */
export function maskFound(value: unknown): string {
  if (!(Array.isArray(value) || isColumn(value))) return describe(value);
  const odd = Array.isArray(value) ? value.findIndex((entry) => typeof entry !== 'boolean' && typeof entry !== 'number') : -1;
  return odd < 0 ? `${value.length} numbers` : `${describe(itemAt(value, odd))} at entry ${odd} of ${value.length}`;
}

export type Aligned =
  | { readonly ok: true; readonly values: Float64Array; readonly fault?: NumberFault }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/**
 * Values of one token each, laid out parallel to `mask.length` ids. Logs align them in three ways, told apart by
 * their length: to all ids (with fillers where nothing was sampled), to the ids from the first sampled one on, or
 * compact, to the sampled ids alone. Positions that were not sampled are NaN, as are nulls and, with a fault, what is
 * no number. Null where the log has none (missing, null or an empty list), which is no error. A column may be changed in place,
 * so it is asked for once.
 */
export function alignToMask(value: unknown, mask: Uint8Array): Aligned | null {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return null;
  if (value instanceof Float64Array && value.length === mask.length) return { ok: true, values: whereSampled(value, mask) };
  const first = mask.indexOf(1);
  const sampled = countOnes(mask);
  const wanted = `${mask.length}, ${first < 0 ? 0 : mask.length - first} or ${sampled} numbers`;
  if (!Array.isArray(value) && !isColumn(value)) return { ok: false, expected: wanted, found: typeof value };
  const values = new Float64Array(mask.length).fill(Number.NaN);
  const compact = value.length === sampled && value.length !== mask.length;
  const shift = value.length === mask.length ? 0 : first;
  if (!compact && (shift < 0 || value.length !== mask.length - shift)) {
    return { ok: false, expected: wanted, found: `${value.length} entries` };
  }
  if (isColumn(value)) {
    // As the same list in whole texts is told of.
    if (value instanceof Uint8Array && sampled > 0) {
      const entry = value[compact ? 0 : first - shift] === 1;
      return { ok: false, expected: 'numbers or null', found: `${describe(entry)} at token ${first}` };
    }
    if (compact) {
      for (let i = 0, next = 0; i < mask.length; i++) if (mask[i] !== 0) values[i] = value[next++]!;
      return { ok: true, values };
    }
    values.set(value, shift);
    return { ok: true, values: whereSampled(values, mask) };
  }
  let next = 0;
  let odd = 0;
  let example = '';
  for (let i = Math.max(shift, 0); i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const entry: unknown = value[compact ? next++ : i - shift];
    const number = asLogged(entry);
    // A text of NaN is no number either.
    if (number !== undefined && !Number.isNaN(number)) values[i] = number;
    else if (entry !== null && odd++ === 0) example = `${describe(entry)} at token ${i}`;
  }
  if (odd === sampled && odd > 0) return { ok: false, expected: 'numbers or null', found: example };
  return { ok: true, values, ...(odd === 0 ? {} : { fault: { expected: 'numbers or null', count: odd, first: example } }) };
}

/** The column of a key as `alignToMask` has it; undefined where there is none. What does not fit is noted. */
export function readColumn(value: unknown, mask: Uint8Array, key: string, notes: Complaint[]): Float64Array | undefined {
  const aligned = alignToMask(value, mask);
  if (aligned === null) return undefined;
  if (!aligned.ok) {
    notes.push({ code: 'per-token', expected: `${key}: ${aligned.expected}`, found: `${aligned.found}; left out` });
    return undefined;
  }
  if (aligned.fault) notes.push(faultNote(aligned.fault, key));
  return aligned.values;
}

/** A note of entries in a column that are no numbers. */
export function faultNote({ expected, count, first }: NumberFault, key: string): Complaint {
  const found = `${count.toLocaleString('en')} of something else, the first ${first}; left out`;
  return { code: 'impossible-numbers', expected: `${key}: ${expected}`, found, numbers: count };
}

function whereSampled(values: Float64Array, mask: Uint8Array): Float64Array {
  for (let from = mask.indexOf(0); from >= 0;) {
    const to = mask.indexOf(1, from);
    if (to < 0) return values.fill(Number.NaN, from);
    values.fill(Number.NaN, from, to);
    from = mask.indexOf(0, to);
  }
  return values;
}

/** The one value that all positions of all columns have which are known and can be; undefined where they differ or none is. */
export function commonValue(columns: Iterable<ArrayLike<number> | undefined>, range: NumberRange): number | undefined {
  // NaN, not undefined, until one is known: a number that may also be none is slow to compare.
  let common = Number.NaN;
  for (const column of columns) {
    const values = column instanceof Float64Array ? column : new Float64Array(column ?? []);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === common || Number.isNaN(value) || !isPlausible(value, range)) continue;
      if (!Number.isNaN(common)) return undefined;
      common = value;
    }
  }
  return Number.isNaN(common) ? undefined : common;
}

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i]!;
  return count;
}
