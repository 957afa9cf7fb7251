/** Above two aligned rollouts: which they are, and how they did. */
import { visible } from '../../../base/visible.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import type { SideRollout } from '../../../engine/answers/side.ts';
import type { RolloutsAnswer } from '../../../engine/answers/rollouts.ts';
import { useTasks } from '../../queries/answers.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { count, decimal, exact, plural } from '../../text/format.ts';
import { Select } from '../../widgets/controls.tsx';

/** Rollouts of a task that a menu offers. */
const MOST_OFFERED = 500;

interface HeadProps {
  readonly label: string;
  readonly about: SideRollout | null;
  readonly chosen: RolloutKey;
  readonly onChoose: (key: RolloutKey) => void;
  readonly onBranch: (branch: number) => void;
}

export function SideHead({ label, about, chosen, onChoose, onBranch }: HeadProps) {
  const rollouts = useRollouts();
  const tasks = useTasks();
  return (
    <div className="min-w-0 px-3 py-1.5">
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        {rollouts && (
          <Select label={label} choices={choicesOf(rollouts, chosen)} value={chosen} onChange={onChoose} className="max-w-full font-mono" />
        )}
        {about !== null && about.branches > 1 && (
          <Select
            label={`Branch of the ${label.toLowerCase()}`}
            choices={Array.from({ length: about.branches }, (_, branch) => ({
              value: String(branch),
              label: `branch ${branch + 1} of ${about.branches}`,
            }))}
            value={String(about.branch)}
            onChange={(branch) => onBranch(Number(branch))}
          />
        )}
      </div>
      {about && (
        <p className="m-0 mt-0.5 truncate text-t0 text-ink2 tabular-nums" title={`${visible(about.file)}, line ${exact(about.line)}`}>
          <span className="font-[600] text-ink">reward {decimal(about.reward)}</span> · {plural(about.steps, 'step')} ·{' '}
          {count(about.tokens)} tokens
          {about.status !== '' && ` · ${visible(about.status)}`}
          {about.policy !== '' && ` · ${visible(about.policy)}`} · {visible(tasks?.label[about.task] ?? '')}
        </p>
      )}
    </div>
  );
}

/** Rollouts of the chosen one's task, and how many are not offered. */
function choicesOf({ keys, task, columns }: RolloutsAnswer, chosen: RolloutKey): { readonly value: string; readonly label: string }[] {
  const ids = columns.find(({ id }) => id === 'id');
  const rewards = columns.find(({ id }) => id === 'reward');
  const at = keys.indexOf(chosen);
  const mine: number[] = [];
  for (let index = 0; index < keys.length; index++) if (task[index] === task[at]) mine.push(index);
  const offered = mine.slice(0, MOST_OFFERED);
  if (at >= 0 && !offered.includes(at)) offered.push(at);
  const choices = offered.map((index) => {
    const name = ids?.type === 'text' ? (ids.words[ids.codes[index] ?? -1] ?? '') : '';
    const reward = rewards?.type === 'number' ? rewards.values[index] : undefined;
    return {
      value: keys[index] ?? '',
      label: `${visible(name)}${reward === undefined || Number.isNaN(reward) ? '' : ` · ${decimal(reward)}`}`,
    };
  });
  if (at < 0) choices.push({ value: chosen, label: 'not in the open log' });
  if (mine.length > offered.length)
    choices.push({ value: '', label: `${exact(mine.length - offered.length)} more: choose them in the table` });
  return choices;
}
