/** Its mean entropy. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'entropy',
  label: 'mean entropy',
  help: 'Mean entropy of its sampled tokens that have one, each from its best source.',
  unit: 'nats',
};

export const entropy: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ rollouts, measures }) => [numberColumn(ABOUT, rollouts.length, (r) => measures.entropy[r])],
};
