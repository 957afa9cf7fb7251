/** The reward. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'reward', label: 'reward', help: 'Its reward, as logged.' };

export const reward: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [numberColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.reward)],
};
