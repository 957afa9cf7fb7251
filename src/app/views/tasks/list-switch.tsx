/** What the left panel lists: tasks or rollouts. */
import { usePicked } from '../../state/choices.ts';
import type { LeftList } from '../../state/table-look.ts';
import { Segments, type Choice } from '../../widgets/controls.tsx';

const LISTS: readonly Choice<LeftList>[] = [
  { value: 'tasks', label: 'Tasks', about: 'One row a task' },
  { value: 'rollouts', label: 'Rollouts', about: 'One row a rollout, under its task' },
];

export function ListSwitch() {
  const { list, set } = usePicked(({ list: chosen, set: change }) => ({ list: chosen, set: change }));
  return <Segments label="List" choices={LISTS} value={list} onChange={(value) => set({ list: value })} />;
}
