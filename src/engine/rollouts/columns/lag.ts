/** How old the policy that began a rollout is, beside the newest one in what is open. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import { versionSpan } from '../../../core/rollouts/policy-versions.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'lag',
  label: 'policy lag',
  help: 'Policy versions from the first that sampled it to the newest in what is open: 0 is on-policy for that one.',
  unit: 'versions',
};

export const lag: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ rollouts }) {
    const spans = rollouts.map(({ policy }) => versionSpan(policy));
    const newest = spans.reduce((most, span) => Math.max(most, span?.last ?? -Infinity), -Infinity);
    // Where all are of one version, nothing lags behind.
    if (!spans.some((span) => span !== null && span.first < newest)) return [];
    return [
      numberColumn(ABOUT, rollouts.length, (r) => {
        const span = spans[r] ?? null;
        return span && newest - span.first;
      }),
    ];
  },
};
