/** What stepping through places needs, from the answers in force. */
import { useMemo } from 'react';
import { useForest, useTasks } from '../../queries/answers.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { useTaken } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { useTaskOrder } from '../tasks/use-task-order.ts';
import { rolloutsWithHits } from './steps.ts';
import type { Steps } from './steps.ts';

/** null: there is nothing to go to. */
export function useSteps(): Steps | null {
  const forest = useForest();
  const text = useChoices((s) => s.filter).trim();
  const rollouts = useRollouts();
  const tasks = useTasks();
  const taken = useTaken();
  const order = useTaskOrder();
  const list = useMemo(
    () => (taken === null || rollouts?.length !== taken.taken.length ? [] : rolloutsWithHits(taken, rollouts.task, order)),
    [taken, rollouts, order],
  );
  return useMemo(
    () =>
      forest === null || rollouts === undefined || tasks === undefined || list.length === 0
        ? null
        : { forest, text, rollouts, tasks, list },
    [forest, text, rollouts, tasks, list],
  );
}
