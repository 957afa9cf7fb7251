/** The numbers of plots in words, as page and command line say them. */
import type { Plot } from './plot.ts';

const THIN = '\u202f';

/** `12.4`, `1,204`, `3.1 %`: a number of a plot, without its unit. */
export function plotNumber(format: Plot['format'], value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (format === 'percent') return `${minus((value * 100).toFixed(1))}${THIN}%`;
  const digits = format === 'count' ? 0 : Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 2;
  return minus(value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** `11.8 to 13.1`; empty where there is no interval. */
export function plotInterval(format: Plot['format'], low: number, high: number): string {
  return Number.isFinite(low) ? `${plotNumber(format, low)} to ${plotNumber(format, high)}` : '';
}

/** `−32.1 %`, `+4.0 %`; empty where there is none. */
export function changeText(change: number): string {
  if (!Number.isFinite(change)) return '';
  return `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(1)}${THIN}%`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
