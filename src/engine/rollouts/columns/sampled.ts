/** Its sampled tokens. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'sampled', label: 'sampled tokens', help: 'Distinct tokens that the policy produced in it.', unit: 'tokens' };

export const sampled: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, measures }) => [numberColumn(ABOUT, rollouts.length, (r) => measures.sampled[r])],
};
