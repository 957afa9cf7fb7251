/** Its errors. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'errors', label: 'errors', help: 'Tool results in it that are errors.' };

export const errors: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, facts: { errors: column } }) => [numberColumn(ABOUT, rollouts.length, (r) => column[r])],
};
