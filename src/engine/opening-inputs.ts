/** Inputs on their way into forests. */
import type { TokeniseCounts } from '../core/tokens/tokenisation.ts';
import type { ForestBuilder } from '../core/tree/build.ts';
import type { UnmappedFile } from './answers/opening.ts';
import type { Beside } from './beside.ts';
import type { IssueLog } from './issue-log.ts';
import type { Restored } from './restored.ts';
import type { OpenedInput } from './opened-input.ts';

export interface Opening {
  tokens: ForestBuilder;
  actions: ForestBuilder;
  readonly inputs: OpenedInput[];
  readonly issues: IssueLog;
  readonly unmapped: UnmappedFile[];
  readonly counts: TokeniseCounts;
  /** What lies beside the logs and says something of them. */
  beside: Beside;
  /** False once a batch could not be added whole: then the builders must not be frozen. */
  intact: boolean;
  /** Bytes that the forests may take with all that belongs to them, and whether some of the input was left for it. */
  readonly room: number;
  /** Bytes of it that what is open already takes. */
  readonly open: number;
  /** Bytes of the rows of what was read: `rowBytes`. */
  rows: number;
  isFull: boolean;
  /** Whether issues are in the order of their records, with lines counted from the file's start. */
  readonly isSettled: boolean;
  /** What a forest export was pruned with; null: no such input. */
  restored: Restored | null;
}
