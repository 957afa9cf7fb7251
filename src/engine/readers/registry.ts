/** All record readers. */
import { document } from './document.ts';
import { lines } from './lines.ts';
import type { RecordReader } from './reader.ts';

/** In the order in which they are asked: `lines` takes any text, hence is the last. */
export const READERS: readonly RecordReader[] = [document, lines];

/** Throws for an id that nobody registered: ids come from planning, so that is a bug. */
export function readerById(id: string): RecordReader {
  const reader = READERS.find((each) => each.id === id);
  if (reader === undefined) throw new Error(`no record reader is registered as ${id}`);
  return reader;
}
