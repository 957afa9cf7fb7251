/** One task of the list: its name, how many of its rollouts are solved, its size and how much of it is shared. */
import { visible } from '../../../base/visible.ts';
import type { IntervalMethod } from '../../../core/decisions/mean-interval.ts';
import { groupReward } from '../../../core/rollouts/solved.ts';
import type { TaskTable } from '../../../engine/answers/dataset.ts';
import { count, exact, percent } from '../../text/format.ts';
import { groupHelp, meanWords, solvedWords } from './group-words.ts';

export function TaskRow({
  tasks,
  task,
  method,
  kept,
  taken,
  on,
  prefix,
  onSelect,
}: {
  readonly tasks: TaskTable;
  readonly task: number;
  /** Of the intervals of the log's mean rewards. */
  readonly method: IntervalMethod;
  readonly kept: number | undefined;
  /** Rollouts that the filter takes; null: there is no filter. */
  readonly taken: number | null;
  readonly on: boolean;
  readonly onSelect: () => void;
  /** Characters of the label that every label begins with. */
  readonly prefix: number;
}) {
  const label = tasks.label[task] ?? tasks.key[task] ?? '';
  const sharing = tasks.sharing[task] ?? 0;
  return (
    <button
      type="button"
      aria-current={on}
      title={`${visible(label)}\n${visible(tasks.key[task] ?? '')}`}
      onClick={onSelect}
      className={
        `grid h-full w-full grid-cols-[minmax(0,1fr)] content-center gap-1 border-b border-line px-3 text-left ` +
        `focus-visible:-outline-offset-2 ${on ? 'bg-leaf-soft shadow-[inset_3px_0_var(--leaf)]' : 'hover:bg-paper'}`
      }
    >
      <span className="truncate font-mono text-t1">
        {prefix > 0 && <span className="text-ink2">… </span>}
        {visible(label.slice(prefix))}
      </span>
      <Rewards tasks={tasks} task={task} method={method} />
      <span className="flex items-center gap-2 text-t0 whitespace-nowrap text-ink2">
        <span title={`${exact(tasks.distinct[task] ?? 0)} distinct of ${exact(tasks.flat[task] ?? 0)} flat tokens`}>
          {count(tasks.distinct[task] ?? 0)} tokens
        </span>
        {taken === null ? (
          <span>· {percent(sharing, 0)} shared</span>
        ) : (
          <span className="text-ink tabular-nums">
            · {exact(taken)} of {exact(tasks.rollouts[task] ?? 0)} match
          </span>
        )}
        <span className="flex-1" />
        {kept !== undefined && (
          <span
            title={
              Number.isNaN(kept)
                ? 'No signal in this task: no entropy is known or, in RL mode, all rewards are equal'
                : 'Share of this task’s signal that the budget keeps'
            }
          >
            {percent(kept, 0)} kept
          </span>
        )}
      </span>
    </button>
  );
}

function Rewards({ tasks, task, method }: { readonly tasks: TaskTable; readonly task: number; readonly method: IntervalMethod }) {
  const group = groupReward(tasks.rewards.subarray(tasks.rewardStart[task], tasks.rewardStart[task + 1]), method);
  const mean = meanWords(group);
  return (
    <span title={groupHelp(group)} className="flex items-center gap-2 text-t0 whitespace-nowrap text-ink2 tabular-nums">
      <span className="truncate">{solvedWords(group)}</span>
      <span className="flex-1" />
      <span>{mean}</span>
    </span>
  );
}
