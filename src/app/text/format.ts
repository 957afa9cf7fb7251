/** Numbers as people read them: tabular, with unit, and never more exact than they are. */
import { visible } from '../../base/visible.ts';

const THIN = '\u202f';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 41,403 — every digit. */
export function exact(value: number): string {
  return grouped.format(value);
}

/** 12.41 M, 184 k, 931: four significant digits above ten thousand, exact below. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 10_000) return exact(value);
  return scaled(value, 1000, ['', 'k', 'M', 'G', 'T', 'P', 'E']);
}

/** 1.34 GB (decimal units, as file managers show them). */
export function bytes(value: number): string {
  if (value < 1000) return `${exact(value)}${THIN}B`;
  return scaled(value, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= step * 0.99995 && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  const digits = Math.abs(rest) >= 99.95 ? 1 : 2;
  return `${rest.toFixed(digits)}${THIN}${units[unit]}`;
}

/** 30.0 % */
export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)}${THIN}%` : '–';
}

/**
 * A share that must not look complete when it is not, nor empty when it is not: rounded down below 100 %, and up to
 * the last shown digit above 0 %.
 */
export function honestPercent(share: number, digits = 1): string {
  if (!Number.isFinite(share)) return '–';
  const scale = 10 ** digits;
  const down = Math.floor(share * 100 * scale + 1e-9) / scale;
  if (share > 0 && down === 0) return `< ${(1 / scale).toFixed(digits)}${THIN}%`;
  return `${down.toFixed(digits)}${THIN}%`;
}

/** Three or four significant digits; an en dash where unknown. */
export function decimal(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  // What is left when a centred group is summed in doubles: a zero.
  if (size < 1e-14) return (0).toFixed(digits);
  if (size >= 10_000) return count(value);
  if (size >= 100) return value.toFixed(1);
  if (size > 0 && size < 10 ** -digits) return (size < 1e-4 ? value.toExponential(1) : value.toPrecision(2)).replaceAll('-', '−');
  return value.toFixed(digits).replace('-', '−');
}

/** +0.61, −1.02: always with its sign. */
export function signed(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  const text = decimal(Math.abs(value), digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** 8.7× */
export function times(value: number): string {
  return Number.isFinite(value) ? `${value >= 100 ? exact(value) : value.toFixed(1)}×` : '–';
}

/** 40 s, 3 min 05 s, 2 h 10 min */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** "1 record", "3 records" */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${exact(value)} ${value === 1 ? one : many}`;
}

/** A reason as a sentence that stands alone: a capital letter, unless a name comes first, and a full stop. */
export function asSentence(reason: string): string {
  const [first = ''] = reason;
  const begun = /^[a-z]+[\s,]/.test(reason) ? first.toUpperCase() + reason.slice(1) : reason;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A time (ISO 8601) as people say it; what is none, as it is. */
export function whenOf(saved: string): string {
  const time = Date.parse(saved);
  return Number.isNaN(time) ? visible(saved) : DAY.format(time);
}
