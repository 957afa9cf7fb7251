/** Finds where the records of a whole-file JSON document lie, in one pass over its bytes and without holding it as text. */
import { byteOrderMark, isBlankByte, joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { makeFirstLine } from './first-line.ts';
import type { ByteRange } from './lines.ts';
import { CHUNK } from './lines.ts';

export interface DocumentOutline {
  /**
   * 'array': the records are the elements of the top-level array. 'key': they are the elements of the array at the
   * top-level key `key`. 'whole': the document is the record.
   */
  readonly shape: 'array' | 'key' | 'whole';
  readonly key: string | null;
  /** record -> its first byte / the byte after its last. Float64: files exceed 4 GiB. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /**
   * The document with its record array emptied: these ranges, then `closing`, spell it. Empty for a shape other than
   * 'key', where no document surrounds the records.
   */
  readonly rest: readonly ByteRange[];
  readonly closing: string;
  /** The document stops before it is closed: the bytes of the record that it stops in (empty between records), or null. */
  readonly torn: ByteRange | null;
  /** Offset of what follows the closed document other than white space, or null. */
  readonly trailing: number | null;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** A longer key at the top level is no key that anyone asks for. */
const LONGEST_KEY = 256;

/** What the scan knows after each chunk; one instance per document. */
class DocumentScan {
  readonly keys: readonly string[];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  shape: DocumentOutline['shape'] = 'whole';
  key: string | null = null;
  headEnd = 0;
  tailStart = 0;
  trailing: number | null = null;
  closed = false;
  misclosed = false;
  /** Of the whole document: its first byte and, once it is closed, the byte after its last. */
  private topStart = 0;
  private topEnd = 0;
  /** Start of the element that is open, or -1. */
  elementStart = -1;
  private depth = 0;
  /** Depth at which records begin and end: one inside the record array. 0 while none was found. */
  private recordDepth = 0;
  private recordsDone = false;
  private inString = false;
  private escaped = false;
  private topIsObject = false;
  private started = false;
  /** Bytes of a top-level key that is being read, or null. */
  private keyBytes: number[] | null = null;
  private lastKey: string | null = null;
  private expectKey = false;
  /** End of the last byte of the open element that was not blank. */
  private elementEnd = 0;

  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  /** `at`: offset of the chunk's first byte in the source. */
  take(chunk: Uint8Array, at: number): void {
    let i = 0;
    if (at === 0) i = byteOrderMark(chunk);
    while (i < chunk.length) {
      if (this.inString) i = this.skipString(chunk, i, at);
      else {
        this.takeByte(chunk[i] ?? 0, at + i);
        i++;
      }
    }
  }

  /** From inside a string to behind its end, or to the end of the chunk. */
  private skipString(chunk: Uint8Array, from: number, at: number): number {
    let i = from;
    if (this.escaped) {
      this.keyBytes?.push(chunk[i] ?? 0);
      this.escaped = false;
      i++;
    }
    for (; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (byte === QUOTE) {
        this.inString = false;
        this.elementEnd = at + i + 1;
        if (this.keyBytes) {
          this.lastKey = String.fromCharCode(...this.keyBytes.slice(0, LONGEST_KEY));
          this.keyBytes = null;
        }
        return i + 1;
      }
      if (this.keyBytes && this.keyBytes.length < LONGEST_KEY) this.keyBytes.push(byte);
      if (byte === BACKSLASH) {
        if (i + 1 === chunk.length) {
          this.escaped = true;
          return i + 1;
        }
        i++;
      }
    }
    return i;
  }

  private takeByte(byte: number, offset: number): void {
    if (isBlankByte(byte)) return;
    if (this.closed) {
      this.trailing ??= offset;
      if (byte === QUOTE) this.inString = true;
      return;
    }
    if (!this.started) {
      this.started = true;
      this.topStart = offset;
      this.topIsObject = byte === OPEN_OBJECT;
      this.expectKey = this.topIsObject;
      if (byte === OPEN_ARRAY) {
        this.shape = 'array';
        this.recordDepth = 1;
        this.depth = 1;
        return;
      }
      this.elementStart = offset;
      this.elementEnd = offset + 1;
      if (byte === OPEN_OBJECT) this.depth = 1;
      else if (byte === QUOTE) this.inString = true;
      return;
    }
    const inRecords = this.recordDepth > 0 && !this.recordsDone && this.depth >= this.recordDepth;
    if (inRecords && this.depth === this.recordDepth && (byte === COMMA || byte === CLOSE_ARRAY)) {
      if (this.elementStart >= 0) this.endElement();
      if (byte === COMMA) return;
    } else if (inRecords && this.elementStart < 0) this.elementStart = offset;
    this.elementEnd = offset + 1;
    switch (byte) {
      case QUOTE:
        this.inString = true;
        if (this.topIsObject && this.depth === 1 && this.expectKey) this.keyBytes = [];
        return;
      case COLON:
        if (this.depth === 1) this.expectKey = false;
        return;
      case COMMA:
        if (this.depth === 1) this.expectKey = this.topIsObject;
        return;
      case OPEN_ARRAY:
        this.depth++;
        if (this.depth === 2 && this.topIsObject && this.recordDepth === 0 && this.lastKey !== null && this.keys.includes(this.lastKey)) {
          this.shape = 'key';
          this.key = this.lastKey;
          this.recordDepth = 2;
          this.headEnd = offset + 1;
          this.elementStart = -1;
        }
        return;
      case OPEN_OBJECT:
        this.depth++;
        return;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        this.depth--;
        if (this.recordDepth > 0 && !this.recordsDone && this.depth < this.recordDepth) {
          this.recordsDone = true;
          this.tailStart = offset;
          // A brace that closes the record array is a record that is none; what follows it cannot be placed.
          if (byte === CLOSE_OBJECT) {
            this.endElement();
            this.closed = true;
            this.misclosed = true;
            return;
          }
          this.elementStart = -1;
        }
        if (this.depth === 0) this.close();
        return;
      default:
    }
  }

  private endElement(): void {
    this.starts.push(this.elementStart);
    this.ends.push(this.elementEnd);
    this.elementStart = -1;
  }

  private close(): void {
    this.closed = true;
    this.topEnd = this.elementEnd;
    if (this.shape === 'whole') this.endElement();
  }

  /** As if no key had been asked for; null where brackets did not match, so that only another scan can tell. */
  whole(size: number): DocumentOutline | null {
    if (this.misclosed) return null;
    const record = { start: this.topStart, end: this.closed ? this.topEnd : size };
    return {
      shape: 'whole',
      key: null,
      starts: Float64Array.from(this.closed ? [record.start] : []),
      ends: Float64Array.from(this.closed ? [record.end] : []),
      rest: [],
      closing: '',
      torn: this.closed ? null : record,
      trailing: this.trailing,
    };
  }

  outline(size: number): DocumentOutline {
    // A top-level string, number or word has no bracket that closes it.
    const scalar = this.started && this.shape === 'whole' && this.depth === 0 && !this.inString;
    if (scalar && !this.closed) this.close();
    const torn = this.started && !this.closed;
    const rest: ByteRange[] = [];
    if (this.shape === 'key') {
      rest.push({ start: this.topStart, end: this.headEnd });
      if (!torn && !this.misclosed) rest.push({ start: this.tailStart, end: this.trailing ?? size });
    }
    return {
      shape: this.shape,
      key: this.key,
      starts: Float64Array.from(this.starts),
      ends: Float64Array.from(this.ends),
      rest,
      closing: this.shape === 'key' && (torn || this.misclosed) ? ']}' : '',
      torn: torn ? { start: this.elementStart >= 0 ? this.elementStart : size, end: size } : null,
      trailing: this.trailing,
    };
  }
}

/**
 * Outlines the JSON document that `source` holds. `keys`: the top-level keys whose array may hold the records
 * (`Format.recordsAt` of the formats in question); the first of them that the document has with an array is used.
 * Only brackets and strings are followed, so that what is wrong inside a record is found when that record is parsed.
 * A torn document gives its complete records and, as `torn`, one more that is not.
 */
export async function outlineDocument(source: ByteSource, keys: readonly string[], chunkBytes = CHUNK): Promise<DocumentOutline> {
  const scan = new DocumentScan(keys);
  for (let at = 0; at < source.byteLength;) {
    const chunk = await source.read(at, Math.min(at + chunkBytes, source.byteLength));
    if (chunk.length === 0) break;
    scan.take(chunk, at);
    at += chunk.length;
  }
  return scan.outline(source.byteLength);
}

/**
 * The same with the question whether it is a document at all, in one pass: `lines` where its first line says that it is not,
 * as soon as that is known. `whole`: the outline of a document with a record list as if the document itself were the record.
 */
export async function scanDocument(
  source: ByteSource,
  keys: readonly string[],
  chunkBytes = CHUNK,
): Promise<'lines' | { readonly outline: DocumentOutline; whole(): Promise<DocumentOutline> }> {
  const scan = new DocumentScan(keys);
  let firstLine: ReturnType<typeof makeFirstLine> | null = makeFirstLine();
  for (let at = 0; at < source.byteLength;) {
    const chunk = await source.read(at, Math.min(at + chunkBytes, source.byteLength));
    if (chunk.length === 0) break;
    const told: 'lines' | 'document' | null | undefined = firstLine?.(chunk);
    if (told === 'lines') return told;
    if (told === 'document') firstLine = null;
    scan.take(chunk, at);
    at += chunk.length;
  }
  return { outline: scan.outline(source.byteLength), whole: async () => scan.whole(source.byteLength) ?? outlineDocument(source, []) };
}

/** The bytes of the document around the records, its record array emptied; null where there is no such document. */
export async function readRest(source: ByteSource, outline: DocumentOutline): Promise<Uint8Array | null> {
  if (outline.rest.length === 0) return null;
  const pieces: Uint8Array[] = [];
  for (const range of outline.rest) pieces.push(await source.read(range.start, range.end));
  pieces.push(new TextEncoder().encode(outline.closing));
  return joinBytes(pieces);
}
