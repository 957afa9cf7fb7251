/** The task. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'task', label: 'task', help: 'The task that the rollout is one of.' };

export const task: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ dataset, rollouts, task: taskOf }) => [
    textColumn(ABOUT, rollouts.length, (r) => dataset.tokens.tasks[taskOf[r] ?? -1]?.label),
  ],
};
