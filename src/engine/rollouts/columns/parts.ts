/** How many records a rollout was read from, where it paused and went on. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import { partCounts } from '../versions.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'records',
  label: 'records',
  help: 'Records that it was read from: more than 1 where it paused and a later one went on.',
};

export const parts: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ dataset, rollouts }) {
    const counts = partCounts(dataset);
    return counts.size === 0 ? [] : [numberColumn(ABOUT, rollouts.length, (r) => 1 + (counts.get(r) ?? 0))];
  },
};
