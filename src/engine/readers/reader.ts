/** The seam between bytes and records: how the records of an input are found, read in parts by any thread, and read once more. */
import type { RecordAddress } from '../../core/model/address.ts';
import type { Issue } from '../../core/model/issue.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { SeenRecord } from '../../formats/detect.ts';
import type { Recognised } from '../recognise.ts';

/** What one job reads of an input, in the reader's unit. Survives structured clone. */
export interface RecordSpan {
  readonly start: number;
  readonly end: number;
  /** Where each record of it lies, if that is known: then these are read, and nothing between them. */
  readonly records?: { readonly starts: Float64Array; readonly ends: Float64Array };
  /** Index in the input of its first record, where records are counted. */
  readonly firstIndex: number;
  /** Bytes of the input that it stands for, where the unit is another. */
  readonly bytes?: number;
}

/** One line of a record that is made of many. */
export interface RecordPiece {
  readonly json: Uint8Array;
  /** As in `FoundRecord`. */
  readonly line: number;
  /** First byte in the input; of a row its number. */
  readonly start: number;
  readonly torn: boolean;
  /** It is a row of a table. */
  readonly isRow?: true;
}

/** A record as a reader hands it on: JSON that is still to be parsed, in one piece or in many, a value, or why it is neither. */
export type RecordContent =
  | { readonly json: Uint8Array }
  | { readonly pieces: readonly RecordPiece[] }
  | { readonly value: unknown }
  | { readonly fault: RecordFault };

/** What is wrong with a record, for its issue. */
export type RecordFault = Pick<Issue, 'code' | 'expected' | 'found'>;

export interface FoundRecord {
  readonly address: RecordAddress;
  /** Counted from the start of the span; 0 where lines mean nothing. */
  readonly line: number;
  /** See `RecordContext.index`. */
  readonly index: number;
  /** The input ends inside it, as far as one can tell. */
  readonly torn: boolean;
  readonly content: RecordContent;
}

/** Records in order, with what of the span they finish: in its unit, and in lines. */
export interface RecordBatch {
  readonly records: readonly FoundRecord[];
  readonly size: number;
  readonly lines: number;
}

/** What is wrong with an input itself, besides its records. */
export type InputFault = Pick<Issue, 'line' | 'address' | 'code' | 'expected' | 'found'>;

export interface ReadPlan {
  readonly spans: readonly RecordSpan[];
  readonly recognised: Recognised;
  /** The first record that was looked at. */
  readonly first: unknown;
  /** What surrounds the records, if anything. */
  readonly document?: unknown;
  readonly fault: InputFault | null;
}

/** Names of the input, and what its first records are taken for. */
export interface Look {
  /** File name without folders. */
  readonly name: string;
  readonly path: string;
  recognise(seen: readonly SeenRecord[]): Recognised;
}

/** A plan, why the input cannot be read, or null: it is not this reader's after all, and the next is asked. */
export type Planned = { readonly ok: true; readonly plan: ReadPlan } | { readonly ok: false; readonly fault: InputFault } | null;

export interface RecordReader {
  /** Stable, for jobs: another thread finds the reader by it. */
  readonly id: string;
  /** Its inputs are no text, and are told by their first bytes alone: it is asked before containers are. */
  readonly isBinary?: true;
  /** Whether an input that begins with these bytes (64 KiB, or all of it) may be its own. */
  recognises(head: Uint8Array): boolean;
  plan(source: ByteSource, look: Look): Promise<Planned>;
  /** What it reads is in pieces already, whatever the format. */
  readonly givesPieces?: true;
  /** It reads all of an input as one record in pieces, for formats with `together`, in place of the reader that planned the input. */
  readonly isTogether?: true;
  /** The span of what was added behind `from`, which a record ends at; absent where an input that grows must be read anew. */
  grow?(from: number, end: number): RecordSpan;
  read(source: ByteSource, span: RecordSpan): AsyncGenerator<RecordBatch>;
  /** One record, as `read` gave it. */
  readAgain(source: ByteSource, address: RecordAddress): Promise<RecordContent>;
}
