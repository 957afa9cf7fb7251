/** The id. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'id', label: 'id', help: 'The id that the log gives the rollout, else its place in its file.' };

export const id: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [textColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.id)],
};
