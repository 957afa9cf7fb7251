/** Which format the first records of an input are of. */
import { formatFromMapping, readMapping } from '../formats/mapping.ts';
import { suggestMapping } from '../formats/mapping-proposal.ts';
import type { Format } from '../formats/format.ts';
import { toJson } from '../formats/json.ts';
import { detectFormat, detectMost, detectsRecord, type SeenRecord } from '../formats/detect.ts';
import { FORMATS } from '../formats/registry.ts';
import type { UnmappedFile } from './answers/opening.ts';
import { MAPPED } from './format-by-id.ts';

const EXAMPLES = 5;
const EXAMPLE_LENGTH = 20_000;

/** `unmapped`: what a person who says which field is what is shown. `isSure`: by at least half of the records, or by a person. */
export interface Recognised {
  readonly format: Format | null;
  readonly unmapped: UnmappedFile | null;
  readonly isSure: boolean;
}

/**
 * What at least half of the records are; else what the mapping reads, where that is no less than a known format does;
 * else what a few of them are, so that they are read and the others become issues of their own.
 */
export function recognise(seen: readonly SeenRecord[], path: string, mapping: unknown): Recognised {
  const format = detectFormat(seen);
  if (format) return { format, unmapped: null, isSure: true };
  const few = detectMost(seen);
  const read = mapping === undefined ? null : readMapping(mapping);
  if (read?.ok) {
    const mapped = formatFromMapping(read.mapping);
    const count = seen.filter(({ record, context }) => detectsRecord(mapped, record, context)).length;
    if (count > 0 && count >= (few?.count ?? 0)) return { format: { ...mapped, id: MAPPED }, unmapped: null, isSure: true };
  }
  const strange = seen.filter(({ record, context }) => !FORMATS.some((known) => detectsRecord(known, record, context)));
  const suggestion = suggestMapping(strange.map(({ record }) => record));
  if (strange.length === 0 || (few && suggestion === null)) return { format: few?.format ?? null, unmapped: null, isSure: false };
  const examples = strange.slice(0, EXAMPLES).map(({ record }) => (toJson(record) ?? '').slice(0, EXAMPLE_LENGTH));
  return { format: few?.format ?? null, unmapped: { name: path, examples, suggestion }, isSure: false };
}
