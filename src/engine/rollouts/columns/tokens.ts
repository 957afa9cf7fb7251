/** Its tokens. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'tokens', label: 'tokens', help: 'Distinct tokens, however many of its trajectories they lie on.', unit: 'tokens' };

export const tokens: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, measures }) => [numberColumn(ABOUT, rollouts.length, (r) => measures.tokens[r])],
};
