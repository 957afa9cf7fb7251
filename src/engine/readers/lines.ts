/** One JSON value per line: newline-aligned ranges that threads read side by side. */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { makeChunkBuffers } from '../../core/source/chunk-buffers.ts';
import { firstByte, makeFirstLine, opensJson } from '../../core/source/first-line.ts';
import { CHUNK, planRanges, RANGE_BYTES, readLines, type Line } from '../../core/source/lines.ts';
import { parseShortened } from '../../formats/columns.ts';
import { decodeText, parseJson, type ParsedJson } from '../../formats/json.ts';
import { DETECTION_RECORDS, type SeenRecord } from '../../formats/detect.ts';
import { readJsonAgain, readPlaces } from './json-records.ts';
import type { FoundRecord, Look, RecordReader } from './reader.ts';

const GIANT_LINE = 8 << 20;
/** Where records are long, these many are enough once so much has been read: they are parsed again by the jobs. */
const ENOUGH_LONG_RECORDS = 3;
/** The same for what a person is shown. */
const ENOUGH_SHOWN = 8;
const DETECTION_BYTES = 1 << 20;
const QUOTE = 0x22;
const OPENERS = new Set([0x7b, 0x5b, QUOTE]);
/** What a value begins with, the words that are repaired among them. */
const FIRST_OF_VALUES = new Set(Array.from('{["-0123456789tfnTFNIiu', (character) => character.charCodeAt(0)));

export const lines: RecordReader = {
  id: 'lines',
  recognises: () => true,
  async plan(source, look) {
    const [ranges, { seen, looksLikeJson, opening }] = await Promise.all([
      planRanges(source, Math.max(1, Math.ceil(source.byteLength / RANGE_BYTES))),
      firstLines(source, look, parseShortened, ENOUGH_LONG_RECORDS),
    ]);
    // Nothing but blanks, or nothing at all any more: there is no text that could be called wrong.
    if (!looksLikeJson && opening !== '') {
      const found = `text that begins ${JSON.stringify(opening)}`;
      return { ok: false, fault: { line: 1, address: bytesAt(0), code: 'not-json', expected: 'JSON lines or a JSON document', found } };
    }
    const found = look.recognise(seen);
    // A person who says which field is what is shown whole records.
    const recognised = found.unmapped === null ? found : look.recognise((await firstLines(source, look, parseWhole, ENOUGH_SHOWN)).seen);
    const spans = ranges.map(({ start, end }) => ({ start, end, firstIndex: 0 }));
    return { ok: true, plan: { spans, recognised, first: seen[0]?.record, fault: null } };
  },
  grow: (start, end) => ({ start, end, firstIndex: 0 }),
  async *read(source, { start, end, records: places, firstIndex }) {
    if (places) {
      yield* readPlaces(source, places, firstIndex);
      return;
    }
    let done = start;
    let count = 0;
    for await (const batch of readLines(source, start, end, CHUNK, mayHoldRecord, undefined, makeChunkBuffers(CHUNK))) {
      const records: FoundRecord[] = [];
      for (const { bytes, byteOffset, length, line, terminated } of batch.lines)
        if (!isBlank(bytes))
          records.push({
            address: bytesAt(byteOffset, length),
            line,
            index: byteOffset,
            torn: !terminated,
            content: { json: bytes },
          });
      yield { records, size: batch.nextOffset - done, lines: batch.count - count };
      done = batch.nextOffset;
      count = batch.count;
    }
    if (done < end) yield { records: [], size: end - done, lines: 0 };
  },
  readAgain: readJsonAgain,
};

function isBlank(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  }
  return true;
}

/** Bytes of a very long line that tell whether it can hold a record. */
const TELLING = 1 << 16;

/** Whether a line, of which this is the beginning, may be one JSON value that some text can hold. */
function mayHoldRecord({ bytes, length }: Line): boolean {
  if (length > MAX_TEXT_BYTES) return false;
  const beginning = bytes.subarray(0, TELLING);
  // `lines`: the value ends, and something else follows.
  return (opensJson(beginning) || beginning[firstByte(beginning)] === QUOTE) && makeFirstLine()(beginning) !== 'lines';
}

function parseWhole(bytes: Uint8Array): ParsedJson {
  return parseJson(decodeText(bytes).text);
}

/** The first records that parse, within the first few megabytes. */
async function firstLines(
  source: ByteSource,
  { name, path }: Look,
  parse: (bytes: Uint8Array) => ParsedJson,
  enough: number,
): Promise<{ seen: SeenRecord[]; looksLikeJson: boolean; opening: string }> {
  const seen: SeenRecord[] = [];
  let looksLikeJson = false;
  let opening = '';
  let index = 0;
  for await (const batch of readLines(source, 0, source.byteLength, 1 << 20, mayHoldRecord)) {
    for (const line of batch.lines) {
      if (isBlank(line.bytes) && line.bytes.length === line.length) continue;
      // A giant line is not read twice where others tell the format, and never where no text can hold it.
      if (seen.length > 0 && line.length > GIANT_LINE) return { seen, looksLikeJson, opening };
      if (line.length > MAX_TEXT_BYTES) {
        looksLikeJson = true; // the reader says what is wrong with it
        continue;
      }
      if (opening === '') opening = decodeText(line.bytes.subarray(0, TELLING)).text.trim().slice(0, 40);
      const first = line.bytes[firstByte(line.bytes)] ?? 0;
      looksLikeJson ||= OPENERS.has(first);
      // Of text that is no JSON there may be any amount.
      const parsed = line.bytes.length < line.length || !FIRST_OF_VALUES.has(first) ? null : parse(line.bytes);
      if (parsed?.ok) seen.push({ record: parsed.value, context: { name, path, index, line: line.line } });
      index++;
      if (seen.length >= DETECTION_RECORDS || (seen.length >= enough && line.byteOffset >= DETECTION_BYTES))
        return { seen, looksLikeJson, opening };
    }
    if (batch.nextOffset > 8 << 20 && seen.length > 0) return { seen, looksLikeJson, opening };
  }
  return { seen, looksLikeJson, opening };
}
