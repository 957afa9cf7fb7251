/** What a simulated cluster is: every setting once, with its unit, default and bounds. Flags, fields and the manifest derive from it. */

export interface ClusterSetting {
  readonly label: string;
  readonly unit: string;
  /** One sentence: what it is assumed to be. */
  readonly help: string;
  readonly low: number;
  readonly high: number;
  readonly default: number;
  readonly isInteger: boolean;
}

const whole = (given: Omit<ClusterSetting, 'isInteger'>): ClusterSetting => ({ ...given, isInteger: true });
const real = (given: Omit<ClusterSetting, 'isInteger'>): ClusterSetting => ({ ...given, isInteger: false });

export const CLUSTER_SETTINGS = {
  nodes: whole({ label: 'Nodes', unit: 'nodes', help: 'Machines in all.', low: 2, high: 512, default: 16 }),
  train: whole({
    label: 'Train nodes',
    unit: 'nodes',
    help: 'Of them, those that train where rollout and training are apart; fewer than all.',
    low: 1,
    high: 511,
    default: 8,
  }),
  slots: whole({ label: 'Slots', unit: 'per node', help: 'Rollouts that a node serves at once.', low: 1, high: 1024, default: 8 }),
  rate: real({
    label: 'Generation',
    unit: 'tokens/s per slot',
    help: 'The same however many slots of a node are busy, and however long the context is.',
    low: 0.01,
    high: 1e6,
    default: 50,
  }),
  trainRate: real({
    label: 'Training',
    unit: 'tokens/s per node',
    help: 'Sampled tokens, forward and backward; training uses all its nodes at once.',
    low: 0.01,
    high: 1e9,
    default: 400,
  }),
  batch: whole({ label: 'Batch', unit: 'rollouts', help: 'Rollouts that a training step takes.', low: 1, high: 4096, default: 64 }),
  steps: whole({ label: 'Steps', unit: 'training steps', help: 'Steps until the end.', low: 1, high: 1000, default: 8 }),
  staleness: whole({
    label: 'Staleness',
    unit: 'steps',
    help: 'A rollout begins only while fewer than batch × (version + this + 1) have begun; 0: rollout and training never overlap.',
    low: 0,
    high: 64,
    default: 1,
  }),
  switch: real({
    label: 'Switching',
    unit: 's',
    help: 'What it takes a node to go from rollout to training, or back.',
    low: 0,
    high: 86_400,
    default: 10,
  }),
  update: real({
    label: 'Weight update',
    unit: 's',
    help: 'For so long nothing is generated after each training step.',
    low: 0,
    high: 86_400,
    default: 5,
  }),
  toolSeconds: real({
    label: 'Tools where unknown',
    unit: 's per turn',
    help: 'Taken after every turn but the last where the open log tells nothing of the time of tools.',
    low: 0,
    high: 86_400,
    default: 2,
  }),
  keeps: whole({
    label: 'Slot while tools run',
    unit: '1 = kept, 0 = freed',
    help: 'Kept: a rollout holds its slot from its start to its end. Freed: others are served while it waits for a tool.',
    low: 0,
    high: 1,
    default: 1,
  }),
  seeds: whole({
    label: 'Seeds',
    unit: 'draws',
    help: 'Draws of rollouts from the open log, with replacement.',
    low: 2,
    high: 64,
    default: 8,
  }),
} as const satisfies Record<string, ClusterSetting>;

/** Turns of all runs together: more are not simulated, and a sentence says so. */
export const MOST_TURNS = 20_000_000;

export type ClusterName = keyof typeof CLUSTER_SETTINGS;
export type Cluster = Readonly<Record<ClusterName, number>>;

function isName(name: string): name is ClusterName {
  return Object.hasOwn(CLUSTER_SETTINGS, name);
}

export const CLUSTER_NAMES: readonly ClusterName[] = Object.keys(CLUSTER_SETTINGS).filter(isName);

/** A cluster with a number for each setting. */
export function clusterOf(valueOf: (name: ClusterName) => number): Cluster {
  const cluster: Partial<Record<ClusterName, number>> = {};
  for (const name of CLUSTER_NAMES) cluster[name] = valueOf(name);
  if (!isCluster(cluster)) throw new Error('expected all settings of a cluster');
  return cluster;
}

function isCluster(cluster: Partial<Cluster>): cluster is Cluster {
  return CLUSTER_NAMES.every((name) => cluster[name] !== undefined);
}

export const DEFAULT_CLUSTER: Cluster = clusterOf((name) => CLUSTER_SETTINGS[name].default);

/** What is wrong with a cluster, in a sentence; null: nothing. */
export function clusterFault(cluster: Cluster): string | null {
  for (const name of CLUSTER_NAMES) {
    const { label, low, high, isInteger } = CLUSTER_SETTINGS[name];
    const value = cluster[name];
    if (!(value >= low && value <= high) || (isInteger && !Number.isInteger(value)))
      return `${label}: expected ${isInteger ? 'a whole number' : 'a number'} from ${low} to ${high}, found ${String(value)}`;
  }
  return cluster.train < cluster.nodes
    ? null
    : `Train nodes: expected fewer than the ${cluster.nodes} nodes, so that one is left for rollouts, found ${cluster.train}`;
}
