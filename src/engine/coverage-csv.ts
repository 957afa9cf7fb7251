/** The coverage of tags as CSV: a line for each pair of tags, empty pairs too. */
import type { Coverage } from '../core/axes/coverage.ts';

export function coverageCsv({ rows, columns, cells }: Coverage, rowName: string, columnName: string): string {
  const lines = rows.flatMap((row, r) =>
    columns.map((column, c) => {
      const { tasks = 0, rollouts = 0, tokens = 0 } = cells[r]?.[c] ?? {};
      return [row, column, tasks, rollouts, tokens].join(',');
    }),
  );
  return [[rowName, columnName, 'tasks', 'rollouts', 'tokens_with_loss'].join(','), ...lines].map((line) => `${line}\r\n`).join('');
}
