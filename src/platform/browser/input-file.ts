/** What the page hands to another thread, as a file that the engine reads: a Blob, or a file that is read by ranges. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import { bytesSource } from '../../core/source/bytes-source.ts';
import { isRangeFile, type RangeFile } from '../../core/source/range-file.ts';
import type { GrowingSource } from '../../engine/input-file.ts';
import type { InputFile } from '../../engine/input-file.ts';
import type { InputHandle } from '../../engine/input-file.ts';
import type { FetchFrom } from '../web/fetch-from.ts';
import { isRangeHandle, rangeSource, stateNow } from '../web/range-source.ts';
import { blobSource } from './blob-source.ts';

/** A file that grows: a handle that the browser can look at again, or an address. */
export type Growing = FileSystemFileHandle | RangeFile;

/** What an `inputFile` is made from. */
export function isContent(value: unknown): value is Blob | RangeFile {
  return value instanceof Blob || isRangeFile(value);
}

export function isGrowing(value: unknown): value is Growing {
  return isRangeFile(value) || (typeof FileSystemFileHandle !== 'undefined' && value instanceof FileSystemFileHandle);
}

/** @param growing absent: the file is read as it is */
export function inputFile(path: string, blob: Blob | RangeFile, fetchFrom: FetchFrom, growing?: Growing): InputFile {
  const file = fileOf(path, blob, fetchFrom);
  return growing === undefined ? file : { ...file, growing: growingSource(path, growing, fetchFrom) };
}

function fileOf(path: string, blob: Blob | RangeFile, fetchFrom: FetchFrom): InputFile {
  if (blob instanceof Blob) return { path, source: blobSource(path, blob), handle: { blob } };
  const source = rangeSource(path, { file: blob, held: [] }, fetchFrom);
  return {
    path,
    source,
    handle: {
      // What was read by the time that it crosses to another thread goes with it.
      get blob() {
        return source.handle();
      },
    },
  };
}

/** Looks at the file again each time; one at an address that is as it was keeps what was read of it. */
export function growingSource(path: string, growing: Growing, fetchFrom: FetchFrom): GrowingSource {
  if ('getFile' in growing) return { path, now: async () => fileOf(path, await growing.getFile(), fetchFrom) };
  let last: { readonly version: string; readonly file: InputFile } | null = null;
  return {
    path,
    async now() {
      const { byteLength: size, touched } = await stateNow(growing, fetchFrom);
      const version = `${size} ${touched}`;
      if (last?.version !== version) last = { version, file: fileOf(path, { ...growing, size, tag: null }, fetchFrom) };
      return last.file;
    },
  };
}

/** In the thread that it crossed to. */
export function openHandle(handle: InputHandle, fetchFrom: FetchFrom): Promise<ByteSource> {
  if ('bytes' in handle) return Promise.resolve(bytesSource('bytes', handle.bytes));
  const blob = 'blob' in handle ? handle.blob : null;
  if (isRangeHandle(blob)) return Promise.resolve(rangeSource('range', blob, fetchFrom, { block: 1 }));
  if (!(blob instanceof Blob)) throw new Error('expected a Blob, found a path');
  return Promise.resolve(blobSource('blob', blob));
}
