/** One task of the list: its name, its rewards as marks, its size and how much of it is shared. */
import { visible } from '../../../base/visible.ts';
import type { DatasetFacts, TaskTable } from '../../../engine/answers/dataset.ts';
import { count, decimal, exact, percent } from '../../text/format.ts';
import { Meter } from '../../widgets/controls.tsx';
import { DOT_RULE, rewardDot } from './order.ts';
import type { Dot } from './order.ts';

/** Marks that fit one line; where there are more, fewer are drawn and the rest is counted beside them. */
const MARKS = 16;
const MARKS_OF_MANY = 12;

const DOTS: Readonly<Record<Dot, string>> = {
  full: 'rounded-full border border-leaf bg-leaf',
  half: 'rounded-full border border-leaf bg-[linear-gradient(0deg,var(--leaf)_50%,transparent_50%)]',
  empty: 'rounded-full border border-ink3',
  unknown: 'my-[2px] h-px! bg-ink3',
};

export function TaskRow({
  tasks,
  task,
  rewards,
  kept,
  taken,
  on,
  prefix,
  onSelect,
}: {
  readonly tasks: TaskTable;
  readonly task: number;
  readonly rewards: DatasetFacts['rewards'];
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
        `grid h-full w-full content-center gap-1 border-b border-line px-3 text-left ` +
        `focus-visible:-outline-offset-2 ${on ? 'bg-leaf-soft shadow-[inset_3px_0_var(--leaf)]' : 'hover:bg-paper'}`
      }
    >
      <span className="truncate font-mono text-t1">
        {prefix > 0 && <span className="text-ink2">… </span>}
        {visible(label.slice(prefix))}
      </span>
      <span className="flex items-center gap-2 text-t0 text-ink2">
        <Rewards tasks={tasks} task={task} rewards={rewards} />
        <span className="flex-1" />
        {taken !== null && (
          <span className="whitespace-nowrap text-ink tabular-nums">
            {exact(taken)} of {exact(tasks.rollouts[task] ?? 0)} match
          </span>
        )}
        <span
          className="whitespace-nowrap"
          title={`${exact(tasks.distinct[task] ?? 0)} distinct of ${exact(tasks.flat[task] ?? 0)} flat tokens`}
        >
          {count(tasks.distinct[task] ?? 0)} tokens
        </span>
      </span>
      <span className="flex items-center gap-2 text-t0 text-ink2">
        <Meter share={sharing} tone="ink" className="h-[3px] flex-1" />
        <span>{percent(sharing, 0)} shared</span>
        {kept !== undefined && (
          <span
            title={
              Number.isNaN(kept)
                ? 'No signal in this task: no entropy is known or, in RL mode, all rewards are equal'
                : 'Share of this task’s signal that the budget keeps'
            }
            className="w-[62px] text-right"
          >
            {percent(kept, 0)} kept
          </span>
        )}
      </span>
    </button>
  );
}

function Rewards({
  tasks,
  task,
  rewards,
}: {
  readonly tasks: TaskTable;
  readonly task: number;
  readonly rewards: DatasetFacts['rewards'];
}) {
  const from = tasks.rewardStart[task] ?? 0;
  const to = tasks.rewardStart[task + 1] ?? from;
  const shown = to - from > MARKS ? MARKS_OF_MANY : to - from;
  const mean = tasks.rewardMean[task] ?? Number.NaN;
  const words = Number.isNaN(mean)
    ? 'rewards unknown'
    : `mean reward ${decimal(mean)}, ${decimal(tasks.rewardMin[task] ?? mean)} to ${decimal(tasks.rewardMax[task] ?? mean)}`;
  return (
    <span title={`${words}\n${DOT_RULE}`} className="flex items-center gap-[2px]">
      <span className="sr-only">{`${to - from} rollouts, ${words}`}</span>
      {Array.from({ length: shown }, (_, i) => (
        <i key={i} className={`block size-[5px] ${DOTS[rewardDot(tasks.rewards[from + i] ?? Number.NaN, rewards)]}`} />
      ))}
      {to - from > shown && <span className="pl-1">+{exact(to - from - shown)}</span>}
    </span>
  );
}
