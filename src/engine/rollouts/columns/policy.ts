/** The version of the policy. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'policy', label: 'policy version', help: 'Version of the policy that sampled it, as logged.' };

export const policy: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [textColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.policy)],
};
