/** Finds the format a job names: a registered one, or the one that a mapping file describes. */
import type { Format } from '../formats/format.ts';
import { formatFromMapping, readMapping } from '../formats/mapping.ts';
import { formatById as registered } from '../formats/detect.ts';

export const MAPPED = 'mapping';

/** Throws for an id that nobody registered: ids come from detection, so that is a bug. */
export function formatById(id: string, mapping: unknown): Format {
  if (id === MAPPED) {
    const read = readMapping(mapping);
    if (!read.ok) throw new Error(read.reason);
    return formatFromMapping(read.mapping);
  }
  const format = registered(id);
  if (format === undefined) throw new Error(`no format is registered as ${id}`);
  return format;
}

/** What is wrong with a mapping file's JSON, or null. */
export function mappingFault(mapping: unknown): string | null {
  const read = readMapping(mapping);
  return read.ok ? null : read.reason;
}
