/** Who may do what on a cluster: each policy gives its nodes tags, and says whether rollouts pause. */
import type { Cluster } from './settings.ts';

/** What a node may do. */
export interface Tags {
  readonly rollout: boolean;
  readonly train: boolean;
}

export interface SchedulePolicy {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Of node n; those for rollouts alone come first. */
  tagsOf(node: number, cluster: Cluster): Tags;
  /** Rollouts pause where their node is taken or the weights change, and go on later; else that waits for the longest rollout. */
  readonly isPartial: boolean;
  /** Steps that a rollout may begin ahead. */
  stalenessOf(cluster: Cluster): number;
}

const both = (): Tags => ({ rollout: true, train: true });
const apart = (node: number, { nodes, train }: Cluster): Tags => ({ rollout: node < nodes - train, train: node >= nodes - train });
const lent = (node: number, { nodes, train }: Cluster): Tags => ({ rollout: true, train: node >= nodes - train });
const asSet = ({ staleness }: Cluster): number => staleness;

export const POLICIES: readonly SchedulePolicy[] = [
  {
    id: 'colocated',
    label: 'Colocated',
    help: 'All nodes roll out a batch, then all train on it. Nothing overlaps.',
    tagsOf: both,
    isPartial: false,
    stalenessOf: () => 0,
  },
  {
    id: 'colocated-partial',
    label: 'Colocated, partial rollout',
    help: 'The same, with at least a batch more begun; once a batch has ended, the others pause while all nodes train.',
    tagsOf: both,
    isPartial: true,
    stalenessOf: ({ staleness }) => Math.max(1, staleness),
  },
  {
    id: 'separated',
    label: 'Separated',
    help: 'A fixed part of the nodes trains, the others roll out. A weight update waits for the longest rollout.',
    tagsOf: apart,
    isPartial: false,
    stalenessOf: asSet,
  },
  {
    id: 'separated-partial',
    label: 'Separated, partial rollout',
    help: 'The same; at a weight update rollouts pause and go on with the new weights.',
    tagsOf: apart,
    isPartial: true,
    stalenessOf: asSet,
  },
  {
    id: 'multiplexed',
    label: 'Multiplexed',
    help: 'Separated; idle train nodes are lent to rollouts and, when a batch is ready, taken back once their rollouts have ended.',
    tagsOf: lent,
    isPartial: false,
    stalenessOf: asSet,
  },
  {
    id: 'multiplexed-partial',
    label: 'Multiplexed, partial rollout',
    help: 'The same, taken back at once: their rollouts pause, and go on wherever a slot is free.',
    tagsOf: lent,
    isPartial: true,
    stalenessOf: asSet,
  },
];
