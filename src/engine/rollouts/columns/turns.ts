/** Its turns. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'turns', label: 'turns', help: 'Messages that the policy wrote in it, each once.' };

export const turns: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, facts: { turns: column } }) => [numberColumn(ABOUT, rollouts.length, (r) => column[r])],
};
