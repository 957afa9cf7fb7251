/** The advantage. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'advantage', label: 'advantage', help: 'Its advantage, as logged.' };

export const advantage: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [numberColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.advantage)],
};
