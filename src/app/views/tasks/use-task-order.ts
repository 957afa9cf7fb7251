/** The listed tasks in their order, for the list and for the keys that walk through it. */
import { useMemo } from 'react';
import { useTasks } from '../../queries/answers.ts';
import { useSortingSignal } from '../../queries/sorting-signal.ts';
import { useTaken } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { taskOrder } from './order.ts';

export function useTaskOrder(): readonly number[] {
  const tasks = useTasks();
  const signal = useSortingSignal();
  const sort = useChoices((s) => s.sort);
  const taken = useTaken()?.byTask ?? null;
  return useMemo(() => (tasks ? taskOrder(tasks, signal, sort, taken) : []), [tasks, signal, sort, taken]);
}
