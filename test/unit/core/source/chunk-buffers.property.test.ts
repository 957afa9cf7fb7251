import '../../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/core/source/byte-source.ts';
import { makeChunkBuffers } from '../../../../src/core/source/chunk-buffers.ts';
import { readLines } from '../../../../src/core/source/lines.ts';

const bytesOf = fc.array(fc.constantFrom(10, 10, 13, 32, 65, 66, 67), { maxLength: 200 }).map((list) => Uint8Array.from(list));

/** A file that is read into the room it is given. */
function fileOf(content: Uint8Array): ByteSource {
  return {
    name: 'a',
    byteLength: content.length,
    async read(start, end, into) {
      await Promise.resolve();
      const part = content.slice(start, end);
      if (into === undefined) return part;
      into.set(part);
      return into.subarray(0, part.length);
    },
  };
}

it('lines are the same whether chunks are read into fresh memory or into what readers before left', async () => {
  await fc.assert(
    fc.asyncProperty(bytesOf, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }), async (content, chunk, held) => {
      const read = async (buffers?: ReturnType<typeof makeChunkBuffers>): Promise<unknown[]> => {
        const said: unknown[] = [];
        for await (const { lines, count, nextOffset } of readLines(fileOf(content), 0, content.length, chunk, undefined, held, buffers))
          said.push(...lines.map((line) => ({ ...line, bytes: [...line.bytes] })), count, nextOffset);
        return said;
      };
      const plain = await read();
      // A buffer is never two chunks at once, and never rewritten while somebody may look at its lines.
      expect(await read(makeChunkBuffers(chunk))).toEqual(plain);
      expect(await read(makeChunkBuffers(chunk))).toEqual(plain);
    }),
  );
});

it('a buffer that is free is taken again, also by the next reader', () => {
  const first = makeChunkBuffers(7);
  const buffer = first.take();
  expect(first.take()).not.toBe(buffer);
  first.free(buffer);
  expect(first.take()).toBe(buffer);
  first.free(buffer);
  first.leave();
  expect(makeChunkBuffers(8).take()).not.toBe(buffer);
  first.free(buffer);
  first.leave();
  expect(makeChunkBuffers(7).take()).toBe(buffer);
});
