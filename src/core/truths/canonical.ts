/** Values of arguments as texts that are equal where the JSON values are. */
import { hash128 } from '../../base/hash.ts';

const MAX_DEPTH = 64;

/** UTF-16 units of a value that is told as it is. */
export const LONGEST_VALUE = 512;

/** Equal for equal JSON values, whatever the order of their members; of a long one its length and a 128-bit hash of it. Never throws. */
export function canonicalValue(value: unknown): string {
  const text = written(value, 0);
  return text.length <= LONGEST_VALUE ? text : `#${text.length} ${hash128(text)}`;
}

/** Whether `canonicalValue` gave a hash in place of the value. */
export function isHashed(canonical: string): boolean {
  return canonical.startsWith('#');
}

function written(value: unknown, depth: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  // Whoever nests deeper is told by the outline alone.
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${written(member, depth + 1)}`).join(',')}}`;
}
