/** The decision view: the forks of a task as a tree that can be read, beside the list of those that part the rewards most. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import { useTask, useTasks } from '../../queries/answers.ts';
import { useBeginning, useForksOf, useKnownForks } from '../../queries/decisions.ts';
import { useFacts } from '../../queries/opening.ts';
import { usePicked } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { DecisionTree } from './decision-tree.tsx';
import { readRepresentative } from './read.ts';
import { activeRow, decisionRows, forkName, type DecisionRow, type Forks } from './rows.ts';
import { SplitList, type SplitScope } from './split-list.tsx';
import { useOpened } from './use-opened.ts';
import { METHODS, NO_REWARDS } from './words.ts';

/** Ways of a fork that are shown at first, and by how many more at a time. */
const FIRST_WAYS = 12;
const MORE_WAYS = 50;
const NOTHING: ReturnType<typeof decisionRows> = { rows: [], asked: [] };

export function Decisions() {
  const task = useTask();
  const tasks = useTasks();
  const key = task === null ? null : (tasks?.key[task] ?? null);
  const [scope, setScope] = useState<SplitScope>('task');
  const { selectTask, set } = usePicked(({ selectTask, set }) => ({ selectTask, set }));
  return (
    <div
      className={
        'absolute inset-0 grid grid-cols-[minmax(0,1fr)_300px] ' +
        'max-[1100px]:grid-cols-1 max-[1100px]:grid-rows-[minmax(0,3fr)_minmax(0,2fr)]'
      }
    >
      {task === null || key === null ? (
        <p className="m-0 p-3 text-t1 text-ink2">Forks appear here as rollouts are read.</p>
      ) : (
        <TaskTree key={key} task={task} label={tasks?.label[task] ?? ''} />
      )}
      <SplitList
        task={task}
        scope={scope}
        onScope={setScope}
        onChoose={(row) => {
          if (row.task !== task) selectTask(tasks?.key[row.task] ?? null);
          set({ action: row.key });
        }}
      />
    </div>
  );
}

function TaskTree({ task, label }: { readonly task: number; readonly label: string }) {
  const rewards = useFacts()?.rewards;
  const { data: root, error } = useBeginning(task);
  const known = useKnownForks(task);
  const { open, toggle, path, active, choose } = useOpened();
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const forks: Forks = (key) => {
    const wanted = known(key, shownAt(key));
    return wanted === undefined ? known(key, FIRST_WAYS) : wanted;
  };
  /** All ways, where the one that is led to is not among the first. */
  const shownAt = (key: NodeKey | null): number => {
    const asked = shown.get(forkName(key)) ?? FIRST_WAYS;
    const first = known(key, FIRST_WAYS);
    if (!first || first.others === null || (key !== null && (!path.has(key) || path.size === first.level))) return asked;
    return path.size === 0 || first.ways.some(({ step }) => step !== null && path.has(step.key)) ? asked : first.wayCount;
  };
  const { rows, asked } = root ? decisionRows(root, forks, open) : NOTHING;
  useForksOf(
    task,
    asked.map((key) => ({ key, shown: shownAt(key) })),
  );
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        The decisions of this task could not be looked up: {error.message}
      </p>
    );
  if (!root) return <p className="m-0 p-3 text-t1 text-ink2">Looking where rollouts part…</p>;
  const first = forks(root.fork);
  const toggleRow = (row: DecisionRow): void => {
    if ((row.type === 'way' || row.type === 'run') && row.isOpen !== null) toggle(row.id, !row.isOpen);
  };
  const openRow = (row: DecisionRow): void => {
    if (row.type === 'way') readRepresentative(row.way.representative);
    else if (row.type === 'others') setShown(new Map(shown).set(forkName(row.fork.key), row.fork.ways.length + MORE_WAYS));
    else toggleRow(row);
  };
  return (
    <section aria-label="Decisions" className="flex min-h-0 flex-col bg-card">
      <p className="m-0 flex min-h-9 flex-none flex-wrap items-center gap-x-2 border-b border-line px-3 py-1 text-t1 text-ink2">
        <span className="min-w-0 truncate font-mono text-ink">{visible(label)}</span>
        <span>{root.ways === 0 ? 'All rollouts do the same.' : first ? (root.known === 0 ? NO_REWARDS : METHODS[first.method]) : ''}</span>
        {first !== null && first !== undefined && first.several > 0 && (
          <span title="Their trajectories go different ways, so they are counted on each and left out of the shares.">
            {plural(first.several, 'rollout')} on several ways
          </span>
        )}
      </p>
      <DecisionTree
        label={`Decisions of ${visible(label)}`}
        rows={rows}
        active={activeRow(rows, active)}
        scale={{ low: rewards?.min ?? 0, high: rewards?.max ?? 1 }}
        onActive={choose}
        onToggle={toggleRow}
        onOpen={openRow}
      />
    </section>
  );
}
