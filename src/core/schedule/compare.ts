/** All policies on the same work, seed by seed: means with intervals, and ratios that are taken within a seed. */
import { meanInterval, momentsOf, type MeanInterval } from '../decisions/mean-interval.ts';
import { POLICIES } from './policies.ts';
import type { Cluster } from './settings.ts';
import { simulation, type Run } from './simulate.ts';
import { drawJobs, type Profile } from './workload.ts';

/** A mean over seeds with Student's t interval at 95 %. */
export type OverSeeds = Pick<MeanInterval, 'mean' | 'low' | 'high'>;

export interface PolicyResult {
  readonly policy: string;
  /** Seconds. */
  readonly makespan: OverSeeds;
  /** Tokens trained on ÷ makespan. */
  readonly throughput: OverSeeds;
  /** Makespan ÷ that of the policy named, of the same work. */
  readonly toSeparated: OverSeeds;
  readonly toColocated: OverSeeds;
  /** Share of all node-seconds. */
  readonly idle: OverSeeds;
  readonly use: Readonly<Record<keyof Run['use'], number>>;
  /** What nodes may do -> mean share of their seconds that is idle. */
  readonly byTag: readonly { readonly tag: string; readonly nodes: number; readonly idle: OverSeeds }[];
  /** steps of lag -> share of the tokens, mean over seeds */
  readonly lags: readonly number[];
  /** Means over seeds. */
  readonly pauses: number;
  readonly evictions: number;
  readonly lends: number;
}

export interface Comparison {
  readonly results: readonly PolicyResult[];
  /** Tokens of a seed's work. */
  readonly tokens: OverSeeds;
  /** Rollouts that each policy trains on, of each seed. */
  readonly rollouts: number;
}

const SEPARATED = 'separated';
const COLOCATED = 'colocated';

/**
 * @param onRun told after each run; what it throws ends the comparison
 * @param pause awaited after each and within long ones, so that others get a turn
 */
export async function comparePolicies(
  cluster: Cluster,
  profiles: readonly Profile[],
  onRun: (done: number, total: number) => void = () => undefined,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Comparison> {
  const rollouts = cluster.steps * cluster.batch;
  const runs: Run[][] = POLICIES.map(() => []);
  let done = 0;
  for (let seed = 1; seed <= cluster.seeds; seed++) {
    const jobs = drawJobs(profiles, rollouts, seed, cluster.toolSeconds);
    for (const [p, policy] of POLICIES.entries()) {
      const steps = simulation(cluster, policy, jobs);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) await pause();
      runs[p].push(step.value);
      onRun(++done, cluster.seeds * POLICIES.length);
      await pause();
    }
  }
  const spans = (id: string): readonly number[] => runs[POLICIES.findIndex((each) => each.id === id)].map(({ makespan }) => makespan);
  return {
    results: POLICIES.map(({ id }, p) => resultOf(id, runs[p], spans(SEPARATED), spans(COLOCATED))),
    tokens: overSeeds(runs[0].map(({ tokens }) => tokens)),
    rollouts,
  };
}

function overSeeds(values: readonly number[]): OverSeeds {
  const { mean, low, high } = meanInterval(momentsOf(values), 't');
  return { mean, low, high };
}

function resultOf(policy: string, runs: readonly Run[], separated: readonly number[], colocated: readonly number[]): PolicyResult {
  const mean = (of: (run: Run) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  const all = ({ use }: Run): number => Object.values(use).reduce((sum, one) => sum + one, 0);
  const share = (name: keyof Run['use']): number => mean((run) => run.use[name] / all(run));
  const most = runs.reduce((length, { lags }) => Math.max(length, lags.length), 0);
  return {
    policy,
    makespan: overSeeds(runs.map(({ makespan }) => makespan)),
    throughput: overSeeds(runs.map(({ tokens, makespan }) => tokens / makespan)),
    toSeparated: overSeeds(runs.map(({ makespan }, i) => makespan / separated[i])),
    toColocated: overSeeds(runs.map(({ makespan }, i) => makespan / colocated[i])),
    idle: overSeeds(runs.map((run) => run.use.idle / all(run))),
    use: {
      generating: share('generating'),
      tools: share('tools'),
      training: share('training'),
      switching: share('switching'),
      updating: share('updating'),
      idle: share('idle'),
    },
    byTag: runs[0].byTag.map(({ tag, nodes }, t) => ({
      tag,
      nodes,
      idle: overSeeds(runs.map(({ byTag }) => byTag[t].idle / byTag[t].total)),
    })),
    lags: Array.from({ length: most }, (_, lag) => mean(({ lags, tokens }) => (lags[lag] ?? 0) / tokens)),
    pauses: mean(({ pauses }) => pauses),
    evictions: mean(({ evictions }) => evictions),
    lends: mean(({ lends }) => lends),
  };
}
