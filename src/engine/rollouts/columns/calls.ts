/** Its tool calls. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'calls', label: 'calls', help: 'Tool calls that the policy made in it.' };

export const calls: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, facts: { calls: column } }) => [numberColumn(ABOUT, rollouts.length, (r) => column[r])],
};
