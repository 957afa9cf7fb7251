/** A thread that parses, as the pool knows it: what it is asked, what it tells while it is at work, and how it ends. */
import { makeTokeniseCounts } from '../core/tokens/tokenisation.ts';
import type { OpenSettings } from './answers/opening.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';
import type { InputHandle } from './input-file.ts';

/** What a thread is doing with a record. */
export type Stage = 'reading' | 'parsing' | 'tokenising';

/** Where a thread is: told before it begins, so that it is known where it stopped. */
export interface ParsePlace {
  /** Records of the job's span before this one. */
  readonly record: number;
  /** Bytes of the record. */
  readonly size: number;
  readonly stage: Stage;
}

export interface ParseThread {
  configure(settings: OpenSettings): Promise<void>;
  /** Rejects when the job fails, with RecordFailure where one record does, and when the thread ends. */
  parse(
    job: ParseJob,
    handle: InputHandle,
    onReply: (reply: ParseReply) => Promise<void> | void,
    onPlace: (place: ParsePlace) => void,
  ): Promise<void>;
  /** Ends it at once, whatever it is doing: what it was asked for rejects with the reason. */
  end(why: string): void;
  /** It has ended and answers nothing any more. */
  readonly isDead: boolean;
}

/** Of which nothing has come yet. Here, because the pool does not bring along what parses. */
export function emptyReply(): ParseReply {
  return { batch: null, issues: [], moreIssues: [], records: 0, bytes: 0, lines: 0, batches: 0, counts: makeTokeniseCounts() };
}

/** Parsing one record threw: the thread lives, and the job can be done without that record. */
export class RecordFailure extends Error {
  readonly record: number;

  constructor(record: number, reason: string) {
    super(reason);
    this.name = 'RecordFailure';
    this.record = record;
  }
}

/** Seldom enough to cost nothing, often enough to say that a thread is at work. */
const BEAT_MS = 500;
/** A record of this size may take longer than others. */
const LARGE_RECORD = 1 << 16;

/**
 * Passes places on: all of them where the job is careful, so that it is known at which record a thread stopped; else one now and
 * then, and of large records those that are larger than the last of which was told: the time that is given for one does for any that
 * is smaller, and each message wakes the thread that hears it.
 *
 * @param now milliseconds, for tests
 */
export function placesToTell(
  job: Pick<ParseJob, 'isCareful'>,
  tell: (place: ParsePlace) => void,
  now = () => performance.now(),
): (place: ParsePlace) => void {
  let told = -Infinity;
  let covered = LARGE_RECORD;
  return (place) => {
    if (job.isCareful !== true && place.size <= covered && now() - told < BEAT_MS) return;
    told = now();
    covered = Math.max(place.size, LARGE_RECORD);
    tell(place);
  };
}
