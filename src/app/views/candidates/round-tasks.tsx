/** Tasks with their rollouts by round: of how many the policy solved them in each. */
import { useCallback } from 'react';
import { visible } from '../../../base/visible.ts';
import type { RoundsAnswer } from '../../../engine/answers/rounds.ts';
import { exact, plural } from '../../text/format.ts';
import { VirtualList } from '../../widgets/virtual-list.tsx';

const ROW = 24;
const MOST_ROWS = 12;

export function RoundTasks({ answer: { ofTasks, rounds } }: { readonly answer: RoundsAnswer }) {
  const renderRow = useCallback(
    (index: number) => {
      const task = ofTasks[index];
      if (task === undefined) return null;
      const cells = rounds.map(({ name }, r) => {
        const [known, of] = [task.known[r] ?? 0, task.rollouts[r] ?? 0];
        const said =
          of === 0 ? 'none' : `${exact(task.solved[r] ?? 0)} of ${exact(known)}${of > known ? `, ${exact(of - known)} unknown` : ''}`;
        return `${visible(name)}: ${said}`;
      });
      const label = visible(task.label);
      return (
        <span className="flex h-6 items-center gap-3 px-2">
          <span className="min-w-0 flex-[2] truncate" title={label}>
            {label}
          </span>
          <span className="min-w-0 flex-[3] truncate text-ink2 tabular-nums" title={cells.join(' · ')}>
            {cells.join(' · ')}
          </span>
        </span>
      );
    },
    [ofTasks, rounds],
  );
  return (
    <details>
      <summary className="w-fit cursor-pointer text-ink2 hover:text-ink">Solved in each round, {plural(ofTasks.length, 'task')}</summary>
      <div className="mt-1 flex rounded border border-line" style={{ height: Math.min(ofTasks.length, MOST_ROWS) * ROW + 2 }}>
        <VirtualList label="Tasks by round" count={ofTasks.length} rowHeight={ROW} active={null} isPlain renderRow={renderRow} />
      </div>
    </details>
  );
}
