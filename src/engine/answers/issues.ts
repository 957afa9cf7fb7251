/** Issues, a page at a time. */
import type { Issue } from '../../core/model/issue.ts';

export interface IssuePage {
  readonly total: number;
  readonly from: number;
  readonly issues: readonly Issue[];
}
