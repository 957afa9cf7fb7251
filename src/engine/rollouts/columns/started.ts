/** When it began. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'started', label: 'started', help: 'When it began, as logged.', unit: 's since 1970' };

export const started: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) => [numberColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.startedAt)],
};
