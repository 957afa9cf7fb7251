/** What became of imported scores. */
import type { Issue } from '../../core/model/issue.ts';

/** matched + unmatched = rows. */
export type ImportAnswer =
  | {
      readonly ok: true;
      /** Of the column: the label of the signal. */
      readonly name: string;
      readonly file: string;
      /** Lines that are not blank. */
      readonly rows: number;
      readonly matched: number;
      readonly unmatched: number;
      /** Distinct tokens of the forest that have a value, sampled or not. */
      readonly tokens: number;
      /** Values below 0, which count 0 in the signal. */
      readonly negative: number;
      /** Of rows that belong nowhere, the first 1,000. */
      readonly issues: readonly Issue[];
    }
  | { readonly ok: false; readonly reason: string };
