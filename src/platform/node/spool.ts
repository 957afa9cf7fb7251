/** Input that can be read only once, as a source that can be read anywhere: in memory where it is short, else in a scratch file. */
import { rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { MAX_STREAM_BYTES, MAX_STREAM_TEXT_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputFile } from '../../engine/input-file.ts';
import type { InputFault } from '../../engine/readers/reader.ts';
import { makeGlance } from '../../engine/sniff.ts';
import { openFileSource } from './file-source.ts';
import { onScratch, scratchPath } from './scratch.ts';

/** So much is read by one thread anyway: memory of more would be copied to each thread for each of its jobs. */
const MOST_IN_MEMORY = 8 << 20;

/** A pipe hands over a few kilobytes at a time, and each call of the file system costs as much as copying many. */
const WRITTEN_AT_ONCE = 1 << 20;

/** Where to stop; tests ask for less. */
interface SpoolBounds {
  readonly inMemory?: number;
  readonly bytes?: number;
  readonly textBytes?: number;
}

/**
 * Reads `stream` to its end, to the bound of what has none, or until it is plain that no log is in it. Rejects as the stream and the
 * scratch file do; then nothing of it is left.
 *
 * @param path that the input is shown with
 */
export async function spool(path: string, stream: AsyncIterable<Uint8Array>, bounds: SpoolBounds = {}): Promise<InputFile> {
  const { inMemory = MOST_IN_MEMORY, bytes: most = MAX_STREAM_BYTES, textBytes = MAX_STREAM_TEXT_BYTES } = bounds;
  const glance = makeGlance();
  let isLog: boolean | null = null;
  let isCut = false;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let waiting = 0;
  let written: Promise<void> = Promise.resolve();
  /** Hands on what waits, once what was handed on before is written: meanwhile the stream is read on. */
  const write = async (out: FileHandle): Promise<void> => {
    await written;
    const bytes = Buffer.concat(chunks.splice(0));
    waiting = 0;
    written = onScratch(() => out.writeFile(bytes));
    // It is awaited before anything else is written.
    written.catch(() => undefined);
  };
  let file: { readonly path: string; readonly out: FileHandle } | null = null;
  let isDone = false;
  try {
    for await (const whole of stream) {
      isCut = whole.length > most - length;
      const chunk = isCut ? whole.subarray(0, most - length) : whole;
      length += chunk.length;
      chunks.push(chunk);
      waiting += chunk.length;
      isLog ??= glance(chunk);
      if (file === null && length > inMemory) {
        const scratch = scratchPath('input');
        file = { path: scratch, out: await onScratch(() => open(scratch, 'w')) };
      }
      if (file !== null && waiting >= WRITTEN_AT_ONCE) await write(file.out);
      if (isCut || isLog === false || (isLog === null && length >= textBytes)) break;
    }
    if (file !== null) await write(file.out);
    await written;
    isDone = true;
  } finally {
    await written.catch(() => undefined);
    await file?.out.close();
    if (!isDone && file !== null) rmSync(file.path, { force: true });
  }
  const damage = isCut ? { damage: tooLong(most) } : {};
  if (file !== null) return { path, source: await openFileSource(file.path, path), handle: { path: file.path }, ...damage };
  const bytes = Uint8Array.from(Buffer.concat(chunks));
  return { path, source: bytesSource(path, bytes), handle: { bytes }, ...damage };
}

function tooLong(most: number): InputFault {
  const bound = `${most.toLocaleString('en')} bytes`;
  return {
    line: 0,
    address: bytesAt(most),
    code: 'too-large',
    expected: `at most ${bound} from a pipe or device; a file may be longer`,
    found: `more than that: only the first ${bound} are read`,
  };
}
