/** tar archives, as far as they go: files one after the other, each behind its head. Links and devices hold nothing. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Archive, Inflated } from './container.ts';
import { written } from './stream.ts';
import { BLOCK, hasOwnChecksum, readPax, readTarHeader, textIn } from './tar-header.ts';

const CHUNK = 1 << 20;
/** What a name or a pax head may be long: nobody's path is. */
const LONGEST_HEAD = 1 << 20;

export const tar: Archive = {
  id: 'tar',
  recognises: (head) => hasOwnChecksum(head.subarray(0, BLOCK)),
  async *members(source) {
    /** What was said of the next member. */
    let next: { name?: string; size?: number } = {};
    let at = 0;
    while (at < source.byteLength) {
      const header = readTarHeader(await source.read(at, at + BLOCK));
      if (header === null) {
        const fault = source.byteLength - at < BLOCK ? `the archive ends at byte ${written(source.byteLength)}, inside a head` : null;
        yield { name: null, bytes: only(at, fault ?? `no head of a member at byte ${written(at)}`) };
        return;
      }
      if (header.kind === 'end') return;
      const start = at + BLOCK;
      const size = (header.kind === 'file' ? next.size : undefined) ?? header.size;
      at = start + Math.ceil(size / BLOCK) * BLOCK;
      if (header.kind === 'pax' || header.kind === 'long-name') {
        if (size > LONGEST_HEAD) {
          yield { name: null, bytes: only(start, `a name of ${written(size)} bytes at byte ${written(start)}`) };
          return;
        }
        const text = await source.read(start, start + size);
        next = header.kind === 'pax' ? { ...next, ...paxOf(readPax(text)) } : { ...next, name: textIn(text, 0, text.length) };
        continue;
      }
      const name = next.name ?? header.name;
      next = {};
      if (header.kind === 'sparse') yield { name, bytes: only(start, 'it is a sparse file, of which parts are left out') };
      else if (header.kind === 'file' && !name.endsWith('/')) yield { name, bytes: bytesOf(source, start, start + size) };
      // One fault is enough.
      if (start + size > source.byteLength) return;
    }
    yield { name: null, bytes: only(at, `the archive ends at byte ${written(source.byteLength)} without its end mark`) };
  },
};

function paxOf(records: ReadonlyMap<string, string>): { name?: string; size?: number } {
  const name = records.get('path');
  const size = Number(records.get('size') ?? NaN);
  return { ...(name === undefined ? {} : { name }), ...(Number.isSafeInteger(size) && size >= 0 ? { size } : {}) };
}

async function* bytesOf(source: ByteSource, start: number, end: number): AsyncGenerator<Inflated> {
  const last = Math.min(end, source.byteLength);
  for (let at = start; at < last; at += CHUNK) {
    const read = Math.min(last, at + CHUNK);
    const bytes = Uint8Array.from(await source.read(at, read));
    const fault = bytes.length < read - at ? `the file has become shorter: it ends at byte ${written(at + bytes.length)}` : null;
    yield { bytes, read, fault };
    if (fault !== null) return;
  }
  if (end > source.byteLength) yield* only(last, `the archive ends at byte ${written(source.byteLength)}, inside it`);
}

async function* only(read: number, fault: string): AsyncGenerator<Inflated> {
  yield { bytes: new Uint8Array(0), read, fault };
}
