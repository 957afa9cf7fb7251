/** What a parse thread is asked, and what it answers. */
import type { Issue } from '../core/model/issue.ts';
import type { TrajectoryBatch } from '../core/model/batch.ts';
import type { TokeniseCounts } from '../core/tokens/tokenisation.ts';
import type { RecordFault, RecordSpan } from './readers/reader.ts';
import type { KindCount } from './issue-log.ts';
import type { FoundTexts, TextLook } from './search/look.ts';
import type { AskedSurvey, Surveyed } from './surveys/survey.ts';

/** What a worker is asked to parse. Everything survives structured clone. */
export interface ParseJob {
  readonly source: number;
  readonly name: string;
  readonly path: string;
  /** Format id, or null: no format was recognised and every record is an issue. */
  readonly format: string | null;
  /** Id of the record reader that planned `span` and reads it. */
  readonly reader: string;
  readonly span: RecordSpan;
  /** The document around the records. */
  readonly document?: unknown;
  /** Only what rollouts are called, and which task each is of: no tokens. */
  readonly rowsOnly?: boolean;
  /** What is looked for in their texts, in place of all else. */
  readonly look?: TextLook;
  /** What each is asked, in place of all else. */
  readonly survey?: AskedSurvey;
  /** Rows have their facts where they are all that is read, too. */
  readonly wantsFacts?: boolean;
  /** `addressKey` of the rollouts to be read, of records that hold others too; absent: all. */
  readonly only?: ReadonlySet<string>;
  /** Batches of the reader that earlier attempts have finished. */
  readonly taken?: number;
  /** Records of the span, by how many are before them, that are not read, and why. */
  readonly passed?: ReadonlyMap<number, RecordFault>;
  /** The same of all records from one on. */
  readonly passFrom?: { readonly record: number; readonly fault: RecordFault };
  /** Every record is announced before it is read. */
  readonly isCareful?: boolean;
}

/** What has been read since the reply before: all that came of it is in here, so that another thread can go on from here. */
export interface ParseReply {
  readonly batch: TrajectoryBatch | null;
  /** Those of its records that are told, and how many more there are. */
  readonly issues: readonly Issue[];
  readonly moreIssues: readonly KindCount[];
  readonly records: number;
  /** Bytes of the source that this reply finishes, and lines. */
  readonly bytes: number;
  readonly lines: number;
  /** Batches of the reader that it finishes. */
  readonly batches: number;
  readonly counts: TokeniseCounts;
  /** Of a job that looks: one for each rollout that was looked at. */
  readonly found?: readonly FoundTexts[];
  /** Likewise of a job that asks. */
  readonly surveyed?: readonly Surveyed[];
  /** Why the rest of the span could not be read; absent: it was read. */
  readonly unread?: string;
}
