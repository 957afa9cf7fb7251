/** How far the policy moved on while a rollout was sampled. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import { versionSpan } from '../../../core/rollouts/policy-versions.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'staleness',
  label: 'staleness',
  help: 'Policy versions from the first to the last that sampled it, where the log tells spans of versions as numbers.',
  unit: 'versions',
};

export const staleness: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ rollouts }) {
    const spans = rollouts.map(({ policy }) => versionSpan(policy));
    // Where no rollout has two versions, the log does not tell when the policy changed.
    if (!spans.some((span) => span?.isSpan)) return [];
    return [
      numberColumn(ABOUT, rollouts.length, (r) => {
        const span = spans[r] ?? null;
        return span && Math.max(0, span.last - span.first);
      }),
    ];
  },
};
