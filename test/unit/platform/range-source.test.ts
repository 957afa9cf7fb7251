/** A file that is read by ranges: the bytes of the file, each asked for once, and a word where it is another file now. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FetchFrom } from '../../../src/platform/web/fetch-from.ts';
import { makeHold, rangeSource, stateNow } from '../../../src/platform/web/range-source.ts';

const FILE = { address: 'https://logs.example/a.jsonl', size: 1000, tag: '"1"', hosts: ['https://logs.example'] };
const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);

/** A host with the file, and what it was asked for. */
function host({ tag = '"1"', bytes = BYTES, status }: { tag?: string; bytes?: Uint8Array<ArrayBuffer>; status?: number } = {}) {
  const asked: string[] = [];
  const fetchFrom: FetchFrom = async (url, { method = 'GET', headers = {} }) => {
    asked.push(`${method} ${headers['Range'] ?? ''}`);
    const [, start = '0', end = ''] = /^bytes=(\d+)-(\d+)$/.exec(headers['Range'] ?? '') ?? [];
    const part = bytes.slice(Number(start), Number(end) + 1);
    const answered = { ETag: tag, 'Content-Length': String(method === 'HEAD' ? bytes.length : part.length) };
    const answer = new Response(method === 'HEAD' ? null : part, { status: status ?? (headers['Range'] ? 206 : 200), headers: answered });
    return { answer, from: url.href, isRedirect: false };
  };
  return { fetchFrom, asked };
}

it('gives the bytes of the file, whatever is read in whatever order, and asks for none twice', async () => {
  const reads = fc.array(fc.tuple(fc.nat(1100), fc.nat(1100)), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(reads, fc.constantFrom(1, 7, 64), fc.boolean(), async (ranges, block, together) => {
      const { fetchFrom, asked } = host();
      const source = rangeSource('a.jsonl', { file: FILE, held: [] }, fetchFrom, { block });
      const read = async ([a, b]: readonly [number, number]): Promise<void> => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(await source.read(start, end)).toEqual(BYTES.slice(start, Math.min(end, 1000)));
      };
      if (together) await Promise.all(ranges.map(read));
      else for (const range of ranges) await read(range);
      const counts = new Uint8Array(1000);
      for (const each of asked) {
        const [, start, end] = /bytes=(\d+)-(\d+)/.exec(each) ?? [];
        for (let i = Number(start); i <= Number(end); i++) counts[i]++;
      }
      expect(Math.max(...counts)).toBeLessThanOrEqual(1);
      // Another thread is given what is here, and asks for none of it.
      const before = asked.length;
      const other = rangeSource('a.jsonl', source.handle(), fetchFrom, { block: 1 });
      for (const [a, b] of ranges) await other.read(Math.min(a, b), Math.max(a, b));
      expect(asked.length).toBe(before);
    }),
    { numRuns: 60 },
  );
});

it('gives the same bytes where it may hold but few of them, and then asks again', async () => {
  const reads = fc.array(fc.tuple(fc.nat(1000), fc.nat(300)), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(reads, fc.nat(400), fc.boolean(), async (ranges, most, together) => {
      const { fetchFrom } = host();
      const source = rangeSource('a.jsonl', { file: FILE, held: [] }, fetchFrom, { block: 16, hold: makeHold(most) });
      const read = async ([start, length]: readonly [number, number]): Promise<void> =>
        expect(await source.read(start, start + length)).toEqual(BYTES.slice(start, start + length));
      if (together) await Promise.all(ranges.map(read));
      else for (const range of ranges) await read(range);
      expect(source.handle().held.reduce((sum, { blob }) => sum + blob.size, 0)).toBeLessThanOrEqual(most);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['another version', { tag: '"2"' }, /it has changed since it was opened/],
  ['a shorter file', { bytes: BYTES.slice(0, 20) }, /fewer bytes than it said/],
  ['a file that is gone', { status: 404 }, /status 404/],
  ['no ranges', { status: 200 }, /it has changed/],
])('refuses %s', async (_, given, sentence) => {
  const source = rangeSource('a.jsonl', { file: FILE, held: [] }, host(given).fetchFrom);
  await expect(source.read(10, 50)).rejects.toThrow(sentence);
});

it('asks once more where the network fails', async () => {
  const { fetchFrom } = host();
  let times = 0;
  const source = rangeSource('a.jsonl', { file: FILE, held: [] }, (url, how) =>
    times++ === 0 ? Promise.reject(new TypeError('gone')) : fetchFrom(url, how),
  );
  expect(await source.read(0, 5)).toEqual(BYTES.slice(0, 5));
});

it('says what the file is now', async () => {
  expect(await stateNow(FILE, host({ tag: '"3"' }).fetchFrom)).toEqual({ byteLength: 1000, modified: '"3"', touched: '"3"' });
  await expect(stateNow(FILE, host({ status: 404 }).fetchFrom)).rejects.toThrow('status 404');
});

it('is told the length of the file itself by a host that compresses what is not asked for by ranges', async () => {
  const asked: string[] = [];
  const headers = (given: Record<string, string>): Record<string, string> =>
    given['Range'] === undefined ? { 'Content-Length': '300' } : { 'Content-Length': '1000', 'Content-Range': 'bytes 0-999/1000' };
  const state = await stateNow(FILE, (url, { method = 'GET', headers: given = {} }) => {
    asked.push(`${method} ${given['Range'] ?? ''}`);
    const answer = new Response(null, { status: given['Range'] === undefined ? 200 : 206, headers: { ETag: '"1"', ...headers(given) } });
    return Promise.resolve({ answer, from: url.href, isRedirect: false });
  });
  expect([state.byteLength, asked]).toEqual([1000, ['HEAD bytes=0-']]);
  const packed = { 'Content-Length': '300', 'Content-Encoding': 'gzip' };
  const other = await stateNow(FILE, (url, { method = 'GET' }) => {
    const told = method === 'HEAD' ? packed : { 'Content-Range': 'bytes 0-0/1000' };
    return Promise.resolve({ answer: new Response(null, { status: 200, headers: told }), from: url.href, isRedirect: false });
  });
  expect(other.byteLength).toBe(1000);
});
