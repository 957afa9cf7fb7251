/** Answers of servers that never end. */
import { expect, it } from 'vitest';
import { collectBlob } from '../../../src/platform/browser/collect.ts';

function endless(chunkBytes: number): { stream: ReadableStream<Uint8Array<ArrayBuffer>>; given: () => number } {
  let given = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      given += chunkBytes;
      controller.enqueue(new Uint8Array(chunkBytes).fill(97));
    },
  });
  return { stream, given: () => given };
}

it('are read no further than the bound', async () => {
  const { stream, given } = endless(1 << 20);
  expect(await collectBlob(stream, 80 << 20, () => undefined)).toBeNull();
  expect(given()).toBeLessThan(84 << 20);
});

it('and one that ends is whole, folded on the way or not', async () => {
  for (const count of [0, 1, 70]) {
    const told: number[] = [];
    async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      for (let i = 0; i < count; i++) yield new Uint8Array(1 << 20).fill(i);
    }
    const blob = await collectBlob(chunks(), 70 << 20, (bytes) => void told.push(bytes));
    expect(blob?.size).toBe(count << 20);
    expect(told).toEqual(Array.from({ length: count }, (_, i) => (i + 1) << 20));
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
    for (let i = 0; i < count; i++) expect([bytes[i << 20], bytes[((i + 1) << 20) - 1]]).toEqual([i, i]);
  }
});
