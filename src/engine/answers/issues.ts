/** Issues, a page at a time. */
import type { Issue, IssueCount } from '../../core/model/issue.ts';

export interface IssuePage {
  /** Of those that are told one by one. */
  readonly total: number;
  readonly from: number;
  readonly issues: readonly Issue[];
  /** All the others, by file and kind. */
  readonly more: readonly IssueCount[];
}
