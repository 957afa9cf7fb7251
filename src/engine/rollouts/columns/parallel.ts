/** Its parallel calls. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'parallel', label: 'parallel calls', help: 'Tool calls that were made together with others in one turn.' };

export const parallel: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, facts: { parallel: column } }) => [numberColumn(ABOUT, rollouts.length, (r) => column[r])],
};
