/** Opens a file the way a reader does, in memory: container, records, format, decoded entries. For tests of formats. */
import { outlineDocument, readRest } from '../../../src/core/source/document.ts';
import type { ByteSource } from '../../../src/core/source/byte-source.ts';
import { bytesAt } from '../../../src/core/model/address.ts';
import { decodePieces } from '../../../src/engine/decode-pieces.ts';
import { together } from '../../../src/engine/readers/together.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { readLines } from '../../../src/core/source/lines.ts';
import type { Decoded, Format, RecordContext } from '../../../src/formats/format.ts';
import { decodeText, parseJson } from '../../../src/formats/json.ts';
import { kindOf } from '../../helpers/kindOf.ts';
import { decodeRecord, detectFormat, isOneConversation, RECORD_KEYS } from '../../../src/formats/detect.ts';

export interface Opened {
  readonly format: Format | null;
  /** Non-blank lines, array elements or whole documents. */
  readonly pieces: number;
  /** One entry per record; records that are no JSON included. */
  readonly decoded: readonly Decoded[];
}

/** As `together` reads it: of each line that is lost its complaint, behind what the lines come to. */
async function openTogether(format: Format, bytes: Uint8Array, source: ByteSource, name: string, path: string): Promise<Opened> {
  const content = await together.readAgain(source, bytesAt(0, bytes.length));
  const pieces = 'pieces' in content ? content.pieces : [];
  const lost: Decoded[] = [];
  const { entries } = decodePieces(format, pieces, bytes.length, { name, path, index: 0, line: 1 }, (severity, _, complaint) => {
    if (severity === 'record') lost.push({ ok: false, complaint });
  });
  return { format, pieces: 1, decoded: [...entries, ...lost] };
}

/** `path`: below the folder that was dropped. */
export async function openBytes(bytes: Uint8Array, path: string): Promise<Opened> {
  const source = bytesSource(path, Uint8Array.from(bytes));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const container = await kindOf(source);
  const records: { record: unknown; failed: string | null; context: RecordContext }[] = [];
  const add = (record: Uint8Array, line: number, document?: unknown): void => {
    const parsed = parseJson(decodeText(record).text);
    const context: RecordContext = { name, path, index: records.length, line, ...(document === undefined ? {} : { document }) };
    records.push({ record: parsed.ok ? parsed.value : undefined, failed: parsed.ok ? null : parsed.message, context });
  };
  if (container === 'lines') {
    for await (const { lines } of readLines(source))
      for (const { bytes, line } of lines) if (bytes.some((byte) => byte !== 32 && byte !== 9 && byte !== 13)) add(bytes, line);
  } else if (container === 'document') {
    const outline = await outlineDocument(source, RECORD_KEYS);
    const rest = await readRest(source, outline);
    const parsedRest = rest ? parseJson(decodeText(rest).text) : null;
    const document: unknown = parsedRest?.ok ? parsedRest.value : undefined;
    for (let i = 0; i < outline.starts.length; i++) add(await source.read(outline.starts[i] ?? 0, outline.ends[i] ?? 0), 0, document);
    if (outline.shape === 'array' && isOneConversation(records.map(({ record }) => record))) {
      records.length = 0;
      add(await source.read(0, source.byteLength), 0);
    }
    if (outline.trailing !== null) add(new TextEncoder().encode('bytes behind the document'), 0, document);
    if (outline.torn) add(await source.read(outline.torn.start, outline.torn.end), 0, document);
  } else if (container !== 'empty') {
    return { format: null, pieces: 1, decoded: [{ ok: false, complaint: { code: container, expected: 'text', found: container } }] };
  }
  const format = detectFormat(records.filter(({ failed }) => failed === null));
  if (format?.together) return openTogether(format, bytes, source, name, path);
  const decoded = records.flatMap(({ record, failed, context }): readonly Decoded[] => {
    if (failed !== null) return [{ ok: false, complaint: { code: 'json', expected: 'JSON', found: failed } }];
    if (!format) return [{ ok: false, complaint: { code: 'format', expected: 'a known format', found: 'none' } }];
    return decodeRecord(format, record, context);
  });
  return { format, pieces: records.length, decoded };
}
