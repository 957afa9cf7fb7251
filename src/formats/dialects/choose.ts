/** The choice of a dialect for a text. */
import type { CallDialect } from './dialect.ts';
import { DIALECTS } from './registry.ts';

/** The dialect whose marks a text has: the one that no other found there beats, or null where there are no marks. */
export function dialectOf(text: string, dialects: readonly CallDialect[] = DIALECTS): CallDialect | null {
  const found = dialects.filter((dialect) => dialect.detects(text));
  return found.find(({ id }) => !found.some(({ beats }) => beats.includes(id))) ?? found[0] ?? null;
}

/** The same, and for texts without marks the one that reads those. */
export function readerOf(text: string, dialects: readonly CallDialect[] = DIALECTS): CallDialect {
  const dialect = dialectOf(text, dialects) ?? dialects.find(({ readsUnmarked }) => readsUnmarked);
  if (dialect === undefined) throw new Error('expected a dialect that reads texts without marks');
  return dialect;
}
