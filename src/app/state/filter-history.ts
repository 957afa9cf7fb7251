/** The filters that were used last, newest first; kept in this browser. */
import { keepStored, readStored } from './stored.ts';

const KEY = 'espalier-filters';
const MOST = 30;

export function usedFilters(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(readStored(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function rememberFilter(text: string): void {
  const filter = text.trim();
  if (filter === '') return;
  keepStored(KEY, JSON.stringify([filter, ...usedFilters().filter((used) => used !== filter)].slice(0, MOST)));
}
