/** Finds the reader that a job or an address names. */
import type { RecordReader } from './reader.ts';
import { READERS } from './registry.ts';

/** Throws for an id that nobody registered: ids come from planning, so that is a bug. */
export function readerById(id: string): RecordReader {
  const reader = READERS.find((each) => each.id === id);
  if (reader === undefined) throw new Error(`no record reader is registered as ${id}`);
  return reader;
}
