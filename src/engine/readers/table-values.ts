/** Values of table columns as the JSON that a log would have for them. */
import { MAX_NESTING } from '../../base/bounds.ts';
import { decodeText } from '../../formats/json.ts';

/**
 * A row as a record of JSON. Members of structs that are null are left out, because a table has no other way to say that a row
 * lacks them. Integers that a double cannot hold are texts of their digits, as `parseJson` has them; bytes are text where they are
 * UTF-8, else a `data:` address in base64.
 */
export function plainRow(row: unknown): unknown {
  return plain(row, 0);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isNumbers(value)) return Array.from<unknown, unknown>(value, (item) => plain(item, depth + 1));
  // What is nested deeper is refused as a record that is too deep, once its JSON is looked at.
  if (depth > MAX_NESTING) return null;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  const record: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    Object.defineProperty(record, key, { value: plain(item, depth + 1), enumerable: true, configurable: true, writable: true });
  }
  return record;
}

function isNumbers(value: object): value is ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}

const PICTURES: readonly (readonly [type: string, magic: string])[] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/webp', 'RIFF'],
];

/** Text where it is UTF-8, else a `data:` address in base64. */
export function bytesText(bytes: Uint8Array): string {
  const { text, invalid } = decodeText(bytes);
  if (invalid === 0 && !text.includes('\0')) return text;
  const type = PICTURES.find(([, magic]) => Array.from(magic).every((unit, i) => bytes[i] === unit.charCodeAt(0)))?.[0];
  return `data:${type ?? 'application/octet-stream'};base64,${base64(bytes)}`;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648, section 4. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = DIGITS[bits >> 18]! + DIGITS[(bits >> 12) & 63]! + DIGITS[(bits >> 6) & 63]! + DIGITS[bits & 63]!;
    const left = bytes.length - i;
    pieces.push(left >= 3 ? four : `${four.slice(0, left + 1)}${'='.repeat(3 - left)}`);
  }
  return pieces.join('');
}

/** @param micros since the epoch. ISO 8601, to the microsecond where there are any; null where no calendar has it */
export function timeText(micros: bigint): string | null {
  const below = ((micros % 1000n) + 1000n) % 1000n;
  const date = new Date(Number((micros - below) / 1000n));
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return below === 0n ? text : `${text.slice(0, -1)}${String(below).padStart(3, '0')}Z`;
}

/** @param days since the epoch. */
export function dateText(days: number): string | null {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
}
