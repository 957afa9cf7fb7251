/**
 * Looks at the pages of a Parquet column before they are decoded: what they claim to hold is bounded. The decoder believes counts of
 * pages and of repeated values, and would write out billions for a few wrong bytes.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
import type { ColumnMetaData, FileMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import { MAX_EXPANSION, MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { unpackers } from './parquet-codecs.ts';

/** How many levels of lists, and of what may be missing, a column's values stand in. */
interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/** Throws where a page reaches beyond the column, or claims more bytes or values than it can have. @param chunk whole column */
export function checkPages(chunk: Uint8Array<ArrayBuffer>, column: ColumnMetaData, { schema }: FileMetaData): void {
  const path = getSchemaPath(schema, column.path_in_schema);
  const levels = { repetition: getMaxRepetitionLevel(path), definition: getMaxDefinitionLevel(path) };
  const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 };
  while (reader.offset < chunk.length - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    const values = (header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header)?.num_values ?? 0;
    const isWithin = packed >= 0 && reader.offset + packed <= chunk.length;
    if (!isWithin) throw new Error(`a page of ${packed.toLocaleString('en')} bytes that ends behind its column`);
    if (!(unpacked >= 0 && unpacked <= MAX_TEXT_BYTES)) throw new Error(`a page of ${unpacked.toLocaleString('en')} bytes, unpacked`);
    if (!(values >= 0 && values <= MAX_EXPANSION)) throw new Error(`a page of ${values.toLocaleString('en')} values`);
    checkRuns(chunk.subarray(reader.offset, reader.offset + packed), header, column, levels, values);
    reader.offset += packed;
  }
}

function checkRuns(packed: Uint8Array<ArrayBuffer>, header: PageHeader, column: ColumnMetaData, levels: Levels, values: number): void {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const unpack = (bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array =>
    column.codec === 'UNCOMPRESSED' ? bytes : (unpackers[column.codec]?.(bytes, size) ?? bytes);
  const isIndex = (encoding: string): boolean => encoding.endsWith('_DICTIONARY') || encoding === 'RLE';
  if (first) {
    const page = unpack(packed, header.uncompressed_page_size);
    let at = 0;
    for (const level of [levels.repetition, levels.definition]) if (level > 0) at = checkSized(page, at, bitsOf(level), values);
    if (!isIndex(first.encoding)) return;
    if (column.type === 'BOOLEAN') checkSized(page, at, 1, values);
    else checkStream(page, at + 1, page.length, page[at] ?? 0, values);
  } else if (second) {
    const defined = second.repetition_levels_byte_length;
    const data = defined + second.definition_levels_byte_length;
    checkStream(packed, 0, defined, bitsOf(levels.repetition), values);
    checkStream(packed, defined, data, bitsOf(levels.definition), values);
    if (!isIndex(second.encoding)) return;
    const rest = packed.subarray(data);
    const page = second.is_compressed === false || rest.length === 0 ? rest : unpack(rest, header.uncompressed_page_size - data);
    if (column.type === 'BOOLEAN') checkSized(page, 0, 1, values);
    else checkStream(page, 1, page.length, page[0] ?? 0, values);
  }
}

/** The bits that the numbers up to this one take. */
function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** Of runs behind their length in four bytes. @returns where they end */
function checkSized(page: Uint8Array, at: number, width: number, values: number): number {
  const size = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(at, true);
  checkStream(page, at + 4, Math.min(page.length, at + 4 + size), width, values);
  return at + 4 + size;
}

/** Throws at a run of more values than the page has. Runs are packed bits, or one value many times. */
function checkStream(page: Uint8Array, from: number, end: number, width: number, values: number): void {
  for (let at = from, seen = 0; at < end && seen < values;) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = page[at++] ?? 0;
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80 || shift > 28) break;
    }
    const isPacked = header % 2 === 1;
    const count = Math.floor(header / 2) * (isPacked ? 8 : 1);
    if (count > values + 7) throw new Error(`a run of ${count.toLocaleString('en')} values on a page of ${values.toLocaleString('en')}`);
    at += isPacked ? (count * width) / 8 : Math.ceil(width / 8);
    seen += count;
  }
}
