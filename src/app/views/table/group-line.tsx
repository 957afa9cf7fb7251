/** The line over the rollouts of one task: its name, how many are solved, and the mean reward with its interval. */
import { memo, useMemo } from 'react';
import { visible } from '../../../base/visible.ts';
import type { IntervalMethod } from '../../../core/decisions/mean-interval.ts';
import { columnOf } from '../../../core/rollouts/columns.ts';
import { groupReward, type GroupReward } from '../../../core/rollouts/solved.ts';
import { plural } from '../../text/format.ts';
import { groupHelp, meanWords, solvedWords } from '../tasks/group-words.ts';
import type { Table } from './use-table.ts';

export const GroupLine = memo(function GroupLine({
  table,
  task,
  isClosed,
  isCompact,
}: {
  readonly table: Table;
  readonly task: number;
  readonly isClosed: boolean;
  readonly isCompact: boolean;
}) {
  const { byTask, labels, prefix, all, method } = table;
  const group = useMemo(() => groupOf(all, byTask, task, method), [all, byTask, task, method]);
  const mean = meanWords(group);
  const label = labels[task] ?? '';
  return (
    <span title={groupHelp(group)} className="flex min-w-0 items-baseline gap-2 text-t0 whitespace-nowrap text-ink2">
      <span aria-hidden="true" className="w-2">
        {isClosed ? '▸' : '▾'}
      </span>
      <b title={visible(label)} className={`${isCompact ? 'max-w-[15ch]' : 'max-w-[56ch]'} truncate font-[600] text-ink`}>
        {prefix > 0 && '…'}
        {visible(label.slice(prefix))}
      </b>
      <span>{solvedWords(group)}</span>
      {mean !== '' && <span>· {mean}</span>}
      {isClosed && <span className="text-ink3">{plural(group.rollouts, 'rollout')}</span>}
    </span>
  );
});

function groupOf(all: Table['all'], { start, rows }: Table['byTask'], task: number, method: IntervalMethod): GroupReward {
  const column = columnOf(all, 'reward');
  const own = rows.subarray(start[task], start[task + 1]);
  return groupReward(
    Float64Array.from(own, (r) => (column?.type === 'number' ? (column.values[r] ?? Number.NaN) : Number.NaN)),
    method,
  );
}
