/** Values on disk, in a temporary file that is removed when the process ends. */
import { appendFileSync, createReadStream, rmSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { MakeSpill, Spill } from '../../engine/stream/spill.ts';
import { scratchFault, scratchPath } from './scratch.ts';

const HEAD = 8;

export const makeSpill: MakeSpill = <T>(name: string): Spill<T> => {
  const path = scratchPath(name);
  let isEmpty = true;
  return {
    add(value) {
      const bytes = serialize(value);
      const head = Buffer.alloc(HEAD);
      head.writeDoubleLE(bytes.length);
      try {
        appendFileSync(path, head);
        appendFileSync(path, bytes);
      } catch (error) {
        throw scratchFault(error);
      }
      isEmpty = false;
    },
    async *read() {
      if (isEmpty) return;
      for await (const bytes of blocks(path)) yield deserialize(bytes);
    },
    drop() {
      rmSync(path, { force: true });
      isEmpty = true;
    },
  };
};

async function* blocks(path: string): AsyncGenerator<Buffer> {
  let wanted: number | null = null;
  let held: Buffer[] = [];
  let length = 0;
  const take = (size: number): Buffer => {
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    held = [all.subarray(size)];
    length -= size;
    return all.subarray(0, size);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>) {
    held.push(chunk);
    length += chunk.length;
    for (;;) {
      if (wanted === null) {
        if (length < HEAD) break;
        wanted = take(HEAD).readDoubleLE();
      }
      if (length < wanted) break;
      yield take(wanted);
      wanted = null;
    }
  }
  if (length > 0 || wanted !== null) throw new Error(`a temporary file, ${path}, ends too early: something has changed it`);
}
