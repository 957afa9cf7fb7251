/** Opens an input handle in a Node thread. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import type { InputHandle } from '../../engine/pool.ts';
import { openFileSource } from './file-source.ts';

const opened = new Map<string, Promise<ByteSource>>();

export function openHandle(handle: InputHandle): Promise<ByteSource> {
  if ('bytes' in handle) return Promise.resolve(bytesSource('bytes', handle.bytes));
  if (!('path' in handle)) throw new Error('a Blob cannot be opened in Node');
  const { path } = handle;
  let source = opened.get(path);
  if (!source) opened.set(path, (source = openFileSource(path)));
  return source;
}
