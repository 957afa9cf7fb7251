/** Server-sent events, or JSON values one after the other without line ends: one record in pieces, one for each value. */
import { MAX_TOGETHER_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { DETECTION_RECORDS, type SeenRecord } from '../../formats/detect.ts';
import { decodeText, parseJson } from '../../formats/json.ts';
import { sseValues } from '../../formats/sse-data.ts';
import type { RecordPiece, RecordReader } from './reader.ts';

/** What the stream is, is told by so many of its first bytes. */
const LOOK_BYTES = 1 << 20;
const SSE = /^\ufeff?(?:(?:event|id|retry)?:[^\n]*\n|[ \t\r]*\n)*data:/;

export const eventStream: RecordReader = {
  id: 'event-stream',
  recognises(head) {
    const { text } = decodeText(head);
    return SSE.test(text) || isRunOn(text);
  },
  async plan(source, look) {
    const { name, path } = look;
    const text = decodeText(await source.read(0, Math.min(LOOK_BYTES, source.byteLength))).text;
    const seen: SeenRecord[] = [];
    for (const [index, { start, end }] of sseValues(text).slice(0, DETECTION_RECORDS).entries()) {
      const parsed = parseJson(text.slice(start, end));
      if (parsed.ok) seen.push({ record: parsed.value, context: { name, path, index, line: 1 } });
    }
    const recognised = look.recognise(seen);
    // Of no known stream: whoever else reads text says what is wrong with it.
    if (recognised.format?.together === undefined) return null;
    const spans = [{ start: 0, end: source.byteLength, firstIndex: 0 }];
    return { ok: true, plan: { spans, recognised, first: seen[0]?.record, fault: null } };
  },
  givesPieces: true,
  async *read(source, { start, end }) {
    const size = end - start;
    const pieces = await readPieces(source, end);
    const lines = pieces.at(-1)?.line ?? 0;
    yield { records: [{ address: bytesAt(start, size), line: 1, index: 0, torn: false, content: { pieces } }], size, lines };
  },
  readAgain: async (source, { start, size }) => ({ pieces: await readPieces(source, start + size) }),
};

/** One line on which a second value follows the first. */
function isRunOn(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  const [first, second] = sseValues(text.slice(0, text.search(/\n|$/)));
  return first !== undefined && second !== undefined && text[second.start] === '{' && parseJson(text.slice(first.start, first.end)).ok;
}

/** Of the first `end` bytes; none where they are too many. Marks such as `[DONE]` are no pieces. */
async function readPieces(source: ByteSource, end: number): Promise<RecordPiece[]> {
  if (end > MAX_TOGETHER_BYTES) return [];
  const { text } = decodeText(await source.read(0, end));
  const encoder = new TextEncoder();
  const pieces: RecordPiece[] = [];
  let at = 0;
  let bytes = 0;
  let line = 1;
  for (const value of sseValues(text)) {
    const json = text.slice(value.start, value.end);
    const before = text.slice(at, value.start);
    for (const unit of before) if (unit === '\n') line++;
    bytes += encoder.encode(before).length;
    const encoded = encoder.encode(json);
    if (json.trim() !== '[DONE]') pieces.push({ json: encoded, line, start: bytes, torn: value.end === text.length });
    bytes += encoded.length;
    at = value.end;
  }
  return pieces;
}
