/** Saves the rows and columns of the table that are shown as CSV. */
import type { RolloutColumn } from '../../core/rollouts/columns.ts';
import { csvHead, csvLine } from '../../core/rollouts/csv.ts';
import { download } from '../../platform/browser/save.ts';

/** Rows between two looks at whether the page waits. */
const ROWS_AT_ONCE = 500;
const BUSY_MS = 12;

/** @param rows rollouts in their order */
export async function saveRolloutsCsv(columns: readonly RolloutColumn[], rows: ArrayLike<number>): Promise<void> {
  const parts: string[] = [csvHead(columns)];
  let begun = performance.now();
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    let part = '';
    for (let i = from; i < rows.length && i < from + ROWS_AT_ONCE; i++) part += csvLine(columns, rows[i] ?? 0);
    parts.push(part);
    if (performance.now() - begun < BUSY_MS) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    begun = performance.now();
  }
  download({ name: 'rollouts.csv', blob: new Blob(parts, { type: 'text/csv' }) });
}
