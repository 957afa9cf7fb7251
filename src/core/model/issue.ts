/** Something in the input that is not as expected. */
import type { RecordAddress } from './address.ts';

/**
 * Something in the input that is not as expected. `record`: the record could not be used (records = rollouts used +
 * issues of this severity). `note`: the record is used, and this part of it was repaired or left out.
 */
export interface Issue {
  readonly severity: 'record' | 'note';
  readonly file: string;
  /** 1-based; 0 where lines mean nothing. */
  readonly line: number;
  /** Of the record, or of what is wrong with the file itself. People are told its start. */
  readonly address: RecordAddress;
  readonly code: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Codes of records that hold no rollout and never could: what lies beside logs, such as settings, averages and pictures, and sessions
 * in which nothing was said. They are counted with the others, so that records add up, and are nothing to be mended.
 */
const ASIDE: ReadonlySet<string> = new Set([
  'side-file',
  'no-messages',
  'image',
  'sound',
  'film',
  'document',
  'program',
  'weights',
  'font',
]);

/** Whether an issue says that nothing is there to be used, and not that something could not be. */
export function isAside({ severity, code }: Pick<Issue, 'severity' | 'code'>): boolean {
  return severity === 'record' && ASIDE.has(code);
}

/** Issues or notes of one kind in one file that are counted and not told one by one: beyond a bound, the first are enough. */
export interface IssueCount extends Pick<Issue, 'severity' | 'file' | 'code'> {
  readonly count: number;
}
