/** The status. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'status', label: 'status', help: 'How it ended, as the log says it.' };

export const status: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [textColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.status)],
};
