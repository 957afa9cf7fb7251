/** What is known of an input while and after it is read. */
import type { Issue } from '../core/model/issue.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import type { TokeniseCounts } from '../core/tokens/tokenisation.ts';
import type { UnmappedFile } from './answers/opening.ts';
import type { InputFile } from './input-file.ts';
import type { Part } from './parts.ts';
import type { Restored } from './restored.ts';

/** A file as it was when it was opened. */
export interface Identity {
  readonly byteLength: number;
  readonly modified: string | null;
  readonly touched: string | null;
  /** Hash of its content up to there, or of parts of it; null: it could not be read. */
  readonly samples: string | null;
  /** It may have become longer. */
  readonly grows: boolean;
}

/** What is known of one input while and after it is read. */
export interface OpenedInput {
  /** Name of its file, and of a member the path inside behind it. */
  readonly path: string;
  /** The path of its file, and a number behind it where another file has the same. */
  readonly fileName: string;
  /** As dropped: compressed where it is. Of a member with a name its own, unpacked. */
  readonly bytes: number;
  /** As dropped, for its hash. */
  readonly dropped: ByteSource;
  /** What that was when it was opened; null: it cannot change. */
  readonly identity: Identity | null;
  /** Why some of it could not be read, or null. */
  unread: string | null;
  /** As it was found: to be read anew. */
  readonly part: Part;
  /** Where its records are read back from. */
  file: InputFile;
  /** Id of the record reader that reads them. */
  reader: string | null;
  format: { readonly id: string; readonly label: string; readonly hasMessages: boolean } | null;
  /** The document around the records, where there is one: decoding a record again needs it. */
  context: { readonly document?: unknown };
  records: number;
  rollouts: number;
  recordIssues: number;
  notes: number;
  /** Lines of each range, by its first byte: line numbers in later ranges count from there, once it is read. */
  readonly ranges: { readonly start: number; lines: number; isUnread?: boolean }[];
  /** Those that are told, of the file itself first. Lines count from their range until the input is settled (`settle.ts`). */
  issues: Issue[];
  /** Severity and code -> how many there are, told or not. */
  readonly issueCounts: Map<string, number>;
  /** How many of them are of the file itself. */
  fileIssues: number;
  unmapped: UnmappedFile | null;
  restored: Restored | null;
  readonly counts: TokeniseCounts;
}
