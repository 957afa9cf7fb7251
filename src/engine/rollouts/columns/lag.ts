/** How old the policies are that sampled a rollout, beside the version that is compared with. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import { lagsOf, versionsOf } from '../versions.ts';
import type { RolloutColumnMember } from '../member.ts';

const LAG = { id: 'lag', label: 'policy lag', unit: 'versions' };
const MEAN = { id: 'lag_mean', label: 'mean policy lag', unit: 'versions' };
const OFF = { id: 'off_policy', label: 'off-policy tokens', unit: null };

export const lag: RolloutColumnMember = {
  id: LAG.id,
  columns({ dataset, rollouts }) {
    const { target } = versionsOf(dataset);
    const lags = lagsOf(dataset);
    // Where all are of the version that is compared with, nothing lags behind.
    if (lags === null || !lags.some(({ off, most }) => off > 0 || most > 0)) return [];
    const behind = `version ${target ?? ''} of the policy`;
    return [
      numberColumn(
        { ...LAG, help: `How many versions the oldest that sampled it is behind ${behind}: 0 is on-policy, below 0 newer.` },
        rollouts.length,
        (r) => lags[r]?.most,
      ),
      numberColumn(
        { ...MEAN, help: `Mean over its sampled tokens, where the log tells one version of them: how many versions behind ${behind}.` },
        rollouts.length,
        (r) => (lags[r]?.behind ?? 0) / (lags[r]?.told ?? 0),
      ),
      numberColumn(
        { ...OFF, help: `Share of its sampled tokens that another than ${behind} sampled, of those of which the log tells that.` },
        rollouts.length,
        (r) => (lags[r]?.off ?? 0) / (lags[r]?.decided ?? 0),
      ),
    ];
  },
};
