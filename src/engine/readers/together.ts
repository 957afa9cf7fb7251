/**
 * A whole file as one record: its lines, the elements of the one list that it is, or the rows of a table. For formats that take their
 * lines together; the reader that found what the file holds hands over to this one.
 */
import { MAX_TOGETHER_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { scanDocument } from '../../core/source/document.ts';
import { firstByte, opensJson } from '../../core/source/first-line.ts';
import { readLines } from '../../core/source/lines.ts';
import { isParquet, rowPieces } from './parquet-pieces.ts';
import type { RecordContent, RecordPiece, RecordReader } from './reader.ts';

export const together: RecordReader = {
  id: 'together',
  recognises: () => false,
  plan: async () => null,
  isTogether: true,
  async *read(source, { start, end }) {
    const size = end - start;
    const content = await readPieces(source, end);
    const lines = content.pieces.at(-1)?.line ?? 0;
    yield { records: [{ address: bytesAt(start, size), line: 1, index: 0, torn: false, content }], size, lines };
  },
  readAgain: (source, { start, size }) => readPieces(source, start + size),
};

/** Of the first `end` bytes; no pieces where they are too many. */
async function readPieces(source: ByteSource, end: number): Promise<Extract<RecordContent, { readonly pieces: unknown }>> {
  if (end > MAX_TOGETHER_BYTES) return { pieces: [] };
  const bytes = await source.read(0, end);
  const held: ByteSource = { name: source.name, byteLength: bytes.length, read: async (from, to) => bytes.slice(from, to) };
  if (isParquet(bytes)) return { pieces: await rowPieces(held) };
  const pieces = (opensJson(bytes) ? await elementsOf(held, bytes) : null) ?? (await linesOf(held));
  return { pieces };
}

/** Of a file that is one JSON value: the elements of its list, or itself. Null: it has lines. */
async function elementsOf(source: ByteSource, bytes: Uint8Array): Promise<RecordPiece[] | null> {
  const scanned = await scanDocument(source, []);
  if (scanned === 'lines') return null;
  const { starts, ends } = scanned.outline;
  const first = firstByte(bytes);
  return Array.from(starts, (start, i) => ({
    json: bytes.subarray(start, ends[i]),
    line: start === first ? 1 : 0,
    start,
    torn: false,
  }));
}

async function linesOf(source: ByteSource): Promise<RecordPiece[]> {
  const pieces: RecordPiece[] = [];
  for await (const { lines } of readLines(source))
    for (const { bytes, byteOffset, line, terminated } of lines)
      if (firstByte(bytes) < bytes.length) pieces.push({ json: bytes, line, start: byteOffset, torn: !terminated });
  return pieces;
}
