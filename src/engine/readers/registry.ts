/** All record readers. */
import { document } from './document.ts';
import { lines } from './lines.ts';
import { parquet } from './parquet.ts';
import type { RecordReader } from './reader.ts';
import { together } from './together.ts';

/** In the order in which they are asked: `lines` takes any text, hence is the last. */
export const READERS: readonly RecordReader[] = [parquet, document, together, lines];
