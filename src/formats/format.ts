/** What a log format must say of itself. One file per format implements it; `registry.ts` lists them, in any order. */
import { MAX_NESTING, MAX_NOTES_OF_A_RECORD } from '../base/bounds.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { Issue } from '../core/model/issue.ts';
import type { Rollout } from '../core/model/rollout.ts';
import type { BatchWriter } from '../core/tokens/batch-writer.ts';
import type { ColumnTree } from './columns.ts';

/** A record that cannot be used, or a part of a used one that was repaired; the reader adds file, line and offset. */
export interface Complaint {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  /** How many numbers it is about that count as unknown. */
  readonly numbers?: number;
  /** So many more of its kind are in the record and not told one by one. */
  readonly more?: number;
}

/** Of a list of notes and a code: how many were added, and the last that is told. */
const noted = new WeakMap<Complaint[], Map<string, { told: number; last: { more?: number } }>>();

/** Adds a note of a record to its list: the first of each kind, and with the last of them how many more there are. */
export function addNote(notes: Complaint[] | undefined, note: Complaint): void {
  if (notes === undefined) return;
  let kinds = noted.get(notes);
  if (kinds === undefined) noted.set(notes, (kinds = new Map()));
  const kind = kinds.get(note.code);
  if (kind !== undefined && kind.told >= MAX_NOTES_OF_A_RECORD) {
    kind.last.more = (kind.last.more ?? 0) + 1;
    return;
  }
  const last = { ...note };
  notes.push(last);
  kinds.set(note.code, { told: (kind?.told ?? 0) + 1, last });
}

/** What is said of JSON that nests too deep. */
export function tooDeep(levels: number): Complaint {
  return {
    code: 'too-deep',
    expected: `at most ${MAX_NESTING} levels of lists and objects`,
    found: `${levels.toLocaleString('en')} levels`,
  };
}

/** One record: it gives exactly one rollout, or exactly one complaint. Notes go with a used rollout. */
export type Decoded =
  | {
      readonly ok: true;
      readonly rollout: Rollout;
      readonly notes?: readonly Complaint[];
      /** An object whose scalar members are the fields of the rollout; absent: the record is. */
      readonly fields?: unknown;
    }
  | { readonly ok: false; readonly complaint: Complaint };

/** One line of a log whose lines are read together, or one element of a list of them. */
export interface LogLine {
  /** Untrusted JSON. */
  readonly value: unknown;
  /** 1-based; 0 where lines are not counted. */
  readonly line: number;
  /** First byte in the file, and how many. */
  readonly start: number;
  readonly size: number;
}

/**
 * What all lines of a file come to: its rollouts, and what is wrong with single lines. Each fault is an issue at the line's own place
 * and counts as a record; lines that are used, or known and of no message, are in neither list. At least one entry in all.
 */
export interface DecodedLines {
  readonly rollouts: readonly Decoded[];
  readonly faults: readonly { readonly line: LogLine; readonly complaint: Complaint }[];
}

/** What surrounds a record: names and, for JSON documents, the document without its records. */
export interface RecordContext {
  /** File name without folders. */
  readonly name: string;
  /** Path below what was dropped, with forward slashes; equals `name` for a single file. */
  readonly path: string;
  /**
   * Tells the record from all others of its file, whoever reads which part of it: the 0-based index of an array element,
   * the byte offset of a line; a fraction more for each member of a list of records.
   */
  readonly index: number;
  readonly line: number;
  /** The document around the records (its record array emptied), where the file is one JSON document with a record list. */
  readonly document?: unknown;
}

/** Where a record lies: what all rollouts of it have in common. */
export type RecordPlace = Pick<RolloutRow, 'source' | 'line' | 'address'>;

/** Takes a complaint about a record; the reader adds file, line and offset. */
export type Report = (severity: Issue['severity'], complaint: Complaint) => void;

export interface Format {
  /** Stable id, for example `verl`, shown by the CLI and written to manifests. */
  readonly id: string;
  readonly label: string;
  /**
   * Ids of less specific formats that detect some of this one's records too: this one is asked before them. Two formats
   * that detect one record must be ordered so, directly or through others.
   */
  readonly beats?: readonly string[];
  /** False where records hold token ids only: their rollouts cannot be read back as messages. */
  readonly hasMessages?: false;
  /**
   * Where a whole-file JSON document keeps its records: '' = the document is one record (or a top-level array of
   * records), otherwise the key of the array at the top level, for example `simulations`.
   */
  readonly recordsAt?: string;
  /**
   * Where lists of numbers stand that `decode` may get as typed arrays. A record that is then not used whole is decoded again
   * without, so that what is said of it is said of plain JSON.
   */
  readonly columns?: ColumnTree;
  /** By structure only. `record` is untrusted JSON. */
  detects(record: unknown, context: RecordContext): boolean;
  /**
   * One parsed line (or array element, or document) to its records: a group line gives one entry per member.
   * Never throws and never returns an empty list.
   */
  decode(record: unknown, context: RecordContext): readonly Decoded[];
  /**
   * For logs of which one line alone is no rollout (a session of a coding agent, events, spans): takes all lines of a file that hold
   * JSON, or all elements of a file that is one list, in their order; the file is then one record, of its lines `detects` is asked one
   * by one, and `decode` (`oneLine` of `together.ts`) is only for a line among records of another format. The file is bounded
   * (`MAX_TOGETHER_BYTES`), read by one thread, read back as a whole, and read anew where it grows. A file of one JSON object is one
   * line. Never throws.
   */
  together?(lines: readonly LogLine[], context: RecordContext): DecodedLines;
  /**
   * For records that are tokens already and not rollouts: writes their trajectories straight into a batch, in place of
   * `decode`. @returns the number of records that this one stands for, each used or reported. Never throws.
   */
  write?(record: unknown, place: RecordPlace, writer: BatchWriter, report: Report): number;
  /** Whether such a record ends in a checksum (`core/model/seal`), which then has to fit before anything of it is used. */
  isSealed?(record: unknown): boolean;
  /** What a record says of the session that wrote it: untrusted JSON with the members of a forest export. */
  restore?(record: unknown): unknown;
}
