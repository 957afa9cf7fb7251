/** All record readers. */
import { aider } from './aider.ts';
import { bound } from './bound.ts';
import { document } from './document.ts';
import { eventStream } from './event-stream.ts';
import { lines } from './lines.ts';
import { parquet } from './parquet.ts';
import { pickle, torch } from './pickle.ts';
import type { RecordReader } from './reader.ts';
import { together } from './together.ts';
import { yaml } from './yaml.ts';

/** In the order in which they are asked: `lines` takes any text, hence is the last. */
export const READERS: readonly RecordReader[] = [bound, parquet, pickle, torch, aider, eventStream, yaml, document, together, lines];
