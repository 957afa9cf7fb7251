/** Cuts a long text into chunks that end at line ends where there are any, and never inside a character. */
import { CHUNK } from '../answers/transcript.ts';

/** Characters before the end of a chunk within which a line end is looked for. */
const REACH = 2048;

export function chunkCount(length: number): number {
  return Math.max(1, Math.ceil(length / CHUNK));
}

/** Where chunk `index` begins. Depends on the characters around it only, so that a chunk is found without those before it. */
export function chunkStart(text: string, index: number): number {
  if (index <= 0) return 0;
  if (index >= chunkCount(text.length)) return text.length;
  const end = index * CHUNK;
  const line = text.lastIndexOf('\n', end - 1);
  if (line >= end - REACH) return line + 1;
  const before = text.charCodeAt(end - 1);
  return before >= 0xd800 && before < 0xdc00 ? end - 1 : end;
}
