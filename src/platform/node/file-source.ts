/** Files as byte sources in Node. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource, SourceState } from '../../core/source/byte-source.ts';
import { withFaults } from './fault.ts';

/** Opens the file for each read and closes it again: thousands of inputs need no thousands of descriptors. Rejects with FileFault. */
export async function openFileSource(path: string, name = basename(path)): Promise<ByteSource> {
  const made = await stateOf(path);
  const { byteLength } = made;
  return {
    name,
    byteLength,
    made,
    now: () => stateOf(path),
    read: (start, end, into) => withFaults('read', path, () => readRange(path, start, Math.min(end, byteLength), into)),
  };
}

async function stateOf(path: string): Promise<SourceState> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await withFaults('read', path, () => stat(path, { bigint: true }));
  return { byteLength: Number(size), modified: String(mtimeNs), touched: `${ctimeNs} ${mtimeNs} ${dev} ${ino}` };
}

async function readRange(path: string, start: number, end: number, into?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const length = Math.max(0, end - start);
  // A new one is not cleared first: all of it is written, or what is not is cut off.
  const bytes =
    into !== undefined && into.length >= length ? into.subarray(0, length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  const file = await open(path, 'r');
  try {
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) return bytes.slice(0, done);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
