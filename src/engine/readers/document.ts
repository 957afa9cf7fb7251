/** One JSON value over the whole file: runs of the records in it, found in one pass over its brackets. */
import { MAX_SURROUNDING_BYTES } from '../../base/bounds.ts';
import { byteOrderMark } from '../../base/bytes.ts';
import { bytesAt } from '../../core/model/address.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { readRest, scanDocument, type DocumentOutline } from '../../core/source/document.ts';
import { opensJson } from '../../core/source/first-line.ts';
import { rememberStart } from '../../core/source/remember-start.ts';
import { tooDeep } from '../../formats/format.ts';
import { decodeText, parseJson, type ParsedJson } from '../../formats/json.ts';
import { DETECTION_RECORDS, isOneConversation, RECORD_KEYS, type SeenRecord } from '../../formats/detect.ts';
import { readJsonAgain, readPlaces, spansOf, valueAt } from './json-records.ts';
import type { InputFault, Look, RecordReader } from './reader.ts';

export const document: RecordReader = {
  id: 'document',
  recognises: opensJson,
  async plan(bytes, look) {
    // The first records and what surrounds them are looked at once the scan has passed them.
    const source = rememberStart(bytes);
    const scanned = await scanDocument(source, RECORD_KEYS);
    if (scanned === 'lines') return null;
    const keyed = await lookAt(source, scanned.outline, look);
    const found = look.recognise(keyed.seen);
    // A foreign document may have such a key for something else: then the whole document is the record.
    const whole = found.isSure || scanned.outline.shape !== 'key' ? null : await lookAt(source, await scanned.whole(), look);
    const foundWhole = whole && look.recognise(whole.seen);
    const isWhole = foundWhole !== null && (foundWhole.isSure || found.format === null);
    const { outline, seen, starts, ends, surrounding, unread } = isWhole && whole ? whole : keyed;
    return {
      ok: true,
      plan: {
        spans: spansOf(starts, ends),
        recognised: isWhole ? foundWhole : found,
        first: seen[0]?.record,
        fault: faultOf(outline) ?? (unread && { line: 1, address: bytesAt(0), ...unread }),
        ...(surrounding === undefined ? {} : { document: surrounding }),
      },
    };
  },
  async *read(source, { records, firstIndex }) {
    if (records) yield* readPlaces(source, records, firstIndex);
  },
  readAgain: readJsonAgain,
};

/** Where the document's records lie, the first of them, and what surrounds them. */
interface Looked {
  readonly outline: DocumentOutline;
  readonly seen: readonly SeenRecord[];
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly surrounding: unknown;
  /** Why that is not known, though there is something. */
  readonly unread: Pick<InputFault, 'code' | 'expected' | 'found'> | null;
}

async function lookAt(source: ByteSource, outline: DocumentOutline, { name, path }: Look): Promise<Looked> {
  const { starts, ends } = outline;
  const restBytes = outline.rest.reduce((sum, range) => sum + range.end - range.start, 0);
  const rest = restBytes > MAX_SURROUNDING_BYTES ? null : await readRest(source, outline);
  const parsedRest = rest === null ? null : parseJson(decodeText(rest).text);
  const surrounding: unknown = parsedRest?.ok ? parsedRest.value : undefined;
  const unread = restBytes === 0 || parsedRest?.ok === true ? null : whyUnread(restBytes, parsedRest);
  const context = { name, path, line: 0, ...(surrounding === undefined ? {} : { document: surrounding }) };
  const seen: SeenRecord[] = [];
  for (let i = 0; i < Math.min(starts.length, DETECTION_RECORDS); i++)
    seen.push({ record: await valueAt(source, starts[i] ?? 0, ends[i] ?? 0), context: { ...context, index: i } });
  if (outline.shape !== 'array' || outline.torn !== null || starts.length === 0 || !isOneConversation(seen.map(({ record }) => record)))
    return { outline, seen, starts, ends, surrounding, unread };
  // A bare list of messages is one record, from the first byte of the text to the last of the file.
  const start = byteOrderMark(await source.read(0, Math.min(3, source.byteLength)));
  const record = await valueAt(source, start, source.byteLength);
  return {
    outline,
    seen: [{ record, context: { ...context, index: 0 } }],
    starts: Float64Array.of(start),
    ends: Float64Array.of(source.byteLength),
    surrounding,
    unread,
  };
}

function whyUnread(bytes: number, parsed: Extract<ParsedJson, { ok: false }> | null): Looked['unread'] {
  if (parsed?.levels !== undefined) return tooDeep(parsed.levels);
  const expected = `JSON around the records, of at most ${MAX_SURROUNDING_BYTES.toLocaleString('en')} bytes`;
  return { code: 'surroundings', expected, found: parsed?.message ?? `${bytes.toLocaleString('en')} bytes` };
}

function faultOf({ torn, trailing }: DocumentOutline): InputFault | null {
  if (torn !== null) {
    const found = torn.end > torn.start ? 'the file ends inside a record' : 'the file ends between records';
    const address = bytesAt(torn.start, torn.end - torn.start);
    return { line: 0, address, code: 'torn-document', expected: 'a closed JSON document', found };
  }
  if (trailing === null) return null;
  return {
    line: 0,
    address: bytesAt(trailing),
    code: 'trailing-bytes',
    expected: 'nothing after the JSON document',
    found: 'more bytes',
  };
}
