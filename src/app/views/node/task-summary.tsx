/** What stands in the inspector while no node is selected: the task in figures. */
import { visible } from '../../../base/visible.ts';
import { useTask, useTasks, useKeptByTask } from '../../queries/answers.ts';
import type { GradientByTask } from '../../../engine/answers/gradient.ts';
import { useGradientByTask } from '../../queries/gradient.ts';
import { decimal, exact, percent } from '../../text/format.ts';
import type { TERMS } from '../../text/terms.ts';
import { Term } from '../../widgets/term.tsx';
import { Kbd } from '../../widgets/controls.tsx';

/** Of the task's own gradient: a task where every advantage is 0 has none. */
function gradientText({ cosine, norm }: GradientByTask, task: number): string {
  const value = cosine[task] ?? Number.NaN;
  return Number.isNaN(value) ? 'none in this mode' : `cos ${decimal(value)}, norm ${decimal(norm[task] ?? Number.NaN)}`;
}

export function TaskSummary() {
  const tasks = useTasks();
  const task = useTask();
  const kept = useKeptByTask();
  const gradient = useGradientByTask();
  if (!tasks || task === null) return null;
  const references = tasks.references[task] ?? 0;
  const candidates = tasks.candidates[task] ?? 0;
  const mean = tasks.rewardMean[task] ?? Number.NaN;
  const rows: readonly (readonly [string, string, (keyof typeof TERMS)?])[] = [
    ['rollouts', exact(tasks.rollouts[task] ?? 0), 'rollout'],
    ['trajectories', exact(tasks.trajectories[task] ?? 0), 'trajectory'],
    ['nodes', exact(tasks.nodes[task] ?? 0), 'node'],
    ['flat tokens', exact(tasks.flat[task] ?? 0), 'flat'],
    ['distinct tokens', exact(tasks.distinct[task] ?? 0)],
    ['shared', percent(tasks.sharing[task] ?? 0), 'shared'],
    ['signal kept', percent(kept?.signal[task] ?? Number.NaN)],
    ['distinct tokens kept', kept ? exact(kept.distinct[task] ?? 0) : '–'],
    ...(gradient ? ([['gradient kept', gradientText(gradient, task)]] as const) : []),
    ['mean reward', Number.isNaN(mean) ? 'unknown' : decimal(mean)],
    ['rewards', Number.isNaN(mean) ? 'unknown' : `${decimal(tasks.rewardMin[task] ?? mean)} to ${decimal(tasks.rewardMax[task] ?? mean)}`],
    ...(references > 0 ? ([['references', exact(references)]] as const) : []),
    ...(candidates > 0 ? ([['candidate patches', exact(candidates)]] as const) : []),
  ];
  return (
    <section aria-label="Task" className="flex min-h-0 flex-1 flex-col overflow-auto bg-card">
      <div className="flex h-9 flex-none items-center border-b border-line px-3">
        <h2 className="m-0 text-t1 font-[600]">Task</h2>
      </div>
      <p className="m-0 flex-none border-b border-line px-3 py-2 font-mono text-t1 wrap-anywhere">{visible(tasks.label[task] ?? '')}</p>
      <dl className="m-0 flex-none border-b border-line px-3 py-2 text-t1">
        {rows.map(([name, value, word]) => (
          <div key={name} className="flex justify-between gap-3 py-0.5">
            <dt className="text-ink2">{word === undefined ? name : <Term word={word}>{name}</Term>}</dt>
            <dd className="m-0 tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="m-0 px-3 py-3 text-t1 text-ink2">
        Select a node in the tree to read its tokens and see why it is kept. <Kbd>]</Kbd> goes to the next fork, <Kbd>j</Kbd> to the next
        task.
      </p>
    </section>
  );
}
