import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/core/source/byte-source.ts';
import { planRanges, readLines } from '../../../../src/core/source/lines.ts';
import type { Line } from '../../../../src/core/source/lines.ts';

function source(text: string): ByteSource {
  const bytes = new TextEncoder().encode(text);
  return { name: 'text', byteLength: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

async function linesOf(
  text: string,
  start?: number,
  end?: number,
  chunk?: number,
  wants?: (line: Line) => boolean,
  held?: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(source(text), start, end, chunk, wants, held)) lines.push(...batch.lines);
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

describe('a very long line', () => {
  const long = (text: string, wants: (line: Line) => boolean, held: number): Promise<Line[]> => linesOf(text, 0, undefined, 3, wants, held);

  it('is the line that it is, whatever is held of it at once', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 3, max: 8 }), async (text, chunk, held) => {
        expect(await linesOf(text, 0, undefined, chunk, () => true, held)).toEqual(await linesOf(text, 0, undefined, chunk));
      }),
      { numRuns: 200 },
    );
  });
  it('is only begun where nobody wants it, and its length is told', async () => {
    const asked: string[] = [];
    const wants = (line: Line): boolean => {
      asked.push(decode(line));
      return false;
    };
    const lines = await long('ab\nabcdefghijkl\r\nc\nmnopqrstuvw', wants, 4);
    expect(lines.map((line) => [decode(line), line.byteOffset, line.length])).toEqual([
      ['ab', 0, 2],
      ['abcdef', 3, 12],
      ['c', 17, 1],
      ['mnopq', 19, 11],
    ]);
    expect(asked).toEqual(['abcdef', 'mnopq']);
  });
  it('of blanks is not held, and what follows them is read', async () => {
    const blanks = ' '.repeat(50);
    let most = 0;
    const wants = ({ bytes }: Line): boolean => {
      most = Math.max(most, bytes.length);
      return true;
    };
    const lines = await long(`a\n${blanks}abc${blanks}\n${blanks}`, wants, 6);
    expect(lines.map((line) => decode(line).trim())).toEqual(['a', 'abc', '']);
    expect(lines[1]?.byteOffset).toBeGreaterThan(2 + 50 - 12);
    expect(most).toBeLessThan(12);
  });
});

it('says where the unread part of a range begins', async () => {
  const offsets: number[] = [];
  for await (const batch of readLines(source('ab\ncd\nef'), 0, 8, 4)) offsets.push(batch.nextOffset);
  expect(offsets).toEqual([3, 6, 8]);
});
