/** Intervals of a timeline as CSV, a row each. */
import { textCell } from '../../../core/rollouts/csv.ts';
import { TIME_KINDS } from '../../../core/schedule/times.ts';
import type { ScheduleTimes } from '../../answers/schedule.ts';

export function timelineCsv({ timeline, names, tasks }: Pick<ScheduleTimes, 'timeline' | 'names' | 'tasks'>): string {
  const { origin, first, edges, kinds, rollout } = timeline;
  const lines = ['rollout,task,kind,start,end,seconds\r\n'];
  for (let row = 0; row < rollout.length; row++)
    for (let i = first[row] ?? 0; i + 1 < (first[row + 1] ?? 0); i++) {
      const [start = 0, end = 0] = [edges[i], edges[i + 1]];
      const at = (seconds: number): string => new Date((origin + seconds) * 1000).toISOString();
      const cells = [textCell(names[row] ?? ''), textCell(tasks[row] ?? ''), TIME_KINDS[kinds[i] ?? 3], at(start), at(end), end - start];
      lines.push(`${cells.join(',')}\r\n`);
    }
  return lines.join('');
}
