/** The file beside the log that says the reward. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'reward_from', label: 'reward from', help: 'The file beside the log that says the reward; empty where the log does.' };

export const rewardFrom: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts }) =>
    rollouts.some((row) => row.rewardFrom !== undefined) ? [textColumn(ABOUT, rollouts.length, (r) => rollouts[r]?.rewardFrom)] : [],
};
