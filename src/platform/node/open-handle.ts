/** Opens an input handle in a Node thread. */
import { basename } from 'node:path';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputHandle } from '../../engine/input-file.ts';
import { isRangeHandle, rangeSource } from '../web/range-source.ts';
import { fetchFrom } from './fetch-from.ts';
import { openFileSource } from './file-source.ts';

/** A file that is gone is one that cannot be read: the job says so of its own part. */
export function openHandle(handle: InputHandle): Promise<ByteSource> {
  if ('bytes' in handle) return Promise.resolve(bytesSource('bytes', handle.bytes));
  if (!('path' in handle)) {
    const { blob } = handle;
    if (!isRangeHandle(blob)) throw new Error('a Blob cannot be opened in Node');
    return Promise.resolve(rangeSource('range', blob, fetchFrom, { block: 1 }));
  }
  const { path } = handle;
  return openFileSource(path).catch((error: unknown): ByteSource => ({
    name: basename(path),
    byteLength: 0,
    read: async () => {
      throw error;
    },
  }));
}
