/** Files that flags name, beside the logs: read whole, and of a pipe or a device no more than a bound. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { MAX_FLAG_STREAM_BYTES } from '../base/bounds.ts';
import { faultOf } from '../platform/node/fault.ts';
import { UsageError } from './usage.ts';

const CHUNK = 1 << 20;
const NOTHING_THERE = ['ENOENT', 'ENOTDIR'];

/** Throws UsageError where nothing can be read, or the file does not end. */
export function readFlagFile(flag: string, path: string): Buffer<ArrayBuffer> {
  try {
    const file = openSync(path, 'r');
    try {
      return fstatSync(file).isFile() ? readFileSync(file) : readStream(flag, path, file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const fault = faultOf(`${flag}: cannot read ${path}`, error);
    if (fault === null) throw error;
    throw new UsageError(NOTHING_THERE.includes(fault.code) ? `${flag}: no file at ${path}` : fault.message);
  }
}

function readStream(flag: string, path: string, file: number): Buffer<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length <= MAX_FLAG_STREAM_BYTES;) {
    const chunk = new Uint8Array(CHUNK);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  const bound = MAX_FLAG_STREAM_BYTES.toLocaleString('en');
  throw new UsageError(`${flag}: expected at most ${bound} bytes from a pipe or device, found more at ${path}`);
}
