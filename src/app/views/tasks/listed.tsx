/** What the left panel lists: tasks, or rollouts by a list which is loaded when it is first looked at. */
import { lazy, Suspense } from 'react';
import { useChoices } from '../../state/choices.ts';
import { TaskList } from './task-list.tsx';

const RolloutList = lazy(() => import('../table/rollout-list.tsx').then(({ RolloutList: List }) => ({ default: List })));

export function Listed() {
  const list = useChoices((s) => s.list);
  return list === 'tasks' ? (
    <TaskList />
  ) : (
    <Suspense fallback={<p className="m-0 p-3 text-t1 text-ink2">Loading the list of rollouts…</p>}>
      <RolloutList />
    </Suspense>
  );
}
