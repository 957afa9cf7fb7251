import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/core/source/byte-source.ts';
import { planRanges, readLines } from '../../../../src/core/source/lines.ts';
import type { Line } from '../../../../src/core/source/lines.ts';

function source(text: string): ByteSource {
  const bytes = new TextEncoder().encode(text);
  return { name: 'text', byteLength: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

async function linesOf(text: string, start?: number, end?: number, chunk?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(source(text), start, end, chunk)) lines.push(...batch.lines);
  return lines;
}

const decode = (line: Line): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(line.bytes);

it('leaves out line ends and the byte order mark, and says which line has no end', async () => {
  const lines = await linesOf('\ufeffone\r\n\ntwo\nthree');
  expect(lines.map((line) => [line.line, line.byteOffset, decode(line), line.terminated])).toEqual([
    [1, 3, 'one', true],
    [2, 8, '', true],
    [3, 9, 'two', true],
    [4, 13, 'three', false],
  ]);
});

it('gives no line for an empty source and one for a lone newline', async () => {
  expect(await linesOf('')).toEqual([]);
  expect((await linesOf('\n')).map(decode)).toEqual(['']);
});

it('plans ranges that begin at line starts', async () => {
  // A line that is longer than its range belongs to the range where it begins.
  expect(await planRanges(source('aa\nbbbbbbbbbbbbbbb\nc\nd\n'), 4)).toEqual([
    { start: 0, end: 19 },
    { start: 19, end: 23 },
  ]);
  expect(await planRanges(source(''), 4)).toEqual([]);
});

const texts = fc
  .array(fc.constantFrom('', 'a', 'ü', 'long line', 'x\r', '\ufeff', '"q"'), { maxLength: 20 })
  .map((lines) => lines.join('\n'));

it('reads the same lines whatever the chunks and ranges are', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }), async (text, chunk, parts) => {
      // The oracle works on text: split, then drop what the reader promises to drop.
      const oracle = text.split('\n');
      if (oracle.at(-1) === '') oracle.pop();
      const expected = oracle.map((line, index) => (index === 0 ? line.replace(/^\ufeff/, '') : line).replace(/\r$/, ''));
      expect((await linesOf(text, undefined, undefined, chunk)).map(decode)).toEqual(expected);

      const ranges = await planRanges(source(text), parts);
      const found: string[] = [];
      let before = 0;
      for (const range of ranges) {
        const lines = await linesOf(text, range.start, range.end, chunk);
        expect(lines.map((line) => line.line + before)).toEqual(lines.map((_, index) => before + index + 1));
        before += lines.length;
        found.push(...lines.map(decode));
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('says where the unread part of a range begins', async () => {
  const offsets: number[] = [];
  for await (const batch of readLines(source('ab\ncd\nef'), 0, 8, 4)) offsets.push(batch.nextOffset);
  expect(offsets).toEqual([3, 6, 8]);
});
