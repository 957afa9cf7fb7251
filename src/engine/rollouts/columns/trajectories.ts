/** Its trajectories. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'trajectories',
  label: 'trajectories',
  help: 'Token sequences that it consists of: more than one where a prompt does not extend the one before.',
};

export const trajectories: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, measures }) => [numberColumn(ABOUT, rollouts.length, (r) => measures.trajectories[r])],
};
