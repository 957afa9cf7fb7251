/** Part of a source as a source of its own. */
import type { ByteSource } from './byte-source.ts';

/** Bytes [start, end) of `source`, counted from 0; an end behind that of the source is moved there. */
export function sliceSource(source: ByteSource, start: number, end: number): ByteSource {
  const byteLength = Math.max(0, Math.min(end, source.byteLength) - start);
  return {
    name: source.name,
    byteLength,
    read: (from, to, into) => source.read(start + from, start + Math.min(to, byteLength), into),
  };
}
