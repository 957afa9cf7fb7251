/** A whole task's tree as one JSON record, with what pruning decided: enough to open it again. */
import { CHANNELS } from '../model/batch.ts';
import { KINDS, NONE } from '../model/kinds.ts';
import type { Forest, TaskRow } from '../model/forest.ts';
import { newestVersion, type VersionedFile } from '../model/versions.ts';
import { withRolloutNumbers, withSampledRuns } from './forest-upgrade.ts';
import type { Floats } from './json-text.ts';

/**
 * docs/formats/forest.md. Version 1 named nodes protected by hand by row; who opens it makes keys of rows. Before
 * version 3 no `endings` were written, which who opens it guesses, nor what each trajectory sampled; before version 4 no checksum,
 * and no number of each trajectory's rollout.
 */
export const FOREST_FILE: VersionedFile<unknown> = {
  name: 'forest export',
  steps: [(record) => record, withSampledRuns, withRolloutNumbers],
};
export const FOREST_VERSION = newestVersion(FOREST_FILE);
/** From this version on a line ends in its checksum. */
export const FOREST_SEALED = 4;

/** What is a float in a record, for `jsonText`. */
export const FOREST_FLOATS: Floats = {
  entropy: 'float',
  signal: 'float',
  importance: 'float',
  cost: 'float',
  factors: 'float',
  tokens: Object.fromEntries(CHANNELS.map((channel) => [channel, 'float'])),
  trajectories: { reward: 'float', advantage: 'float', startedAt: 'float' },
  budget: { cut: 'float', train: 'float' },
};

/** What is written besides the forest's own columns; all parallel to the forest's nodes. */
export interface ForestColumns {
  /** Sum over the node's sampled tokens with a value, nats, NaN unknown. */
  readonly entropy: Float64Array;
  readonly signal: Float64Array;
  readonly importance: Float64Array;
  readonly cost: Float64Array;
  readonly kept: Uint8Array;
  readonly trained: Uint8Array;
  /** Parallel to the forest's edge tokens, as `BranchPlan` has them. */
  readonly factors: Float32Array | null;
  /** 0 = no, 1 = favoured, 2 = pinned */
  readonly protected: Uint8Array;
  /** Entropy from a language model, parallel to the forest's edge tokens; null where none was computed. */
  readonly model: Float32Array | null;
}

export interface TrajectoryOrigin {
  readonly rollout: string;
  /** Row of the rollout: what tells it from another of its id. */
  readonly row: number;
  readonly branch: number;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly status: string;
  readonly policy: string;
  readonly startedAt: number | null;
  readonly source: { readonly name: string; readonly line: number };
  /** Its canonical actions, and the tokens of the trajectory up to the end of each. */
  readonly actions: readonly string[];
  readonly actionEnds: readonly number[];
  /** Pairs [tokens up to the end of a run, version of the policy that sampled it]; absent: `policy` throughout. */
  readonly versions?: readonly (readonly [to: number, version: string])[];
}

/**
 * Columns per node in pre-order; node numbers are local to the task. `token_ids[n]` and `tokens.<channel>[n]` are the
 * node's run and its per-token means (null = unknown). Of a trajectory, `number` counts rollouts, `leaf` is a node, `sampled` are
 * pairs [from, to) of token positions that it sampled, one behind the other; `action[i]` is an index into `actions`, complete after
 * `action_end[i]` tokens: from these the action tree is made again.
 */
export function forestRecord(
  forest: Forest,
  task: number,
  taskRow: TaskRow,
  columns: ForestColumns,
  origin: (trajectory: number) => TrajectoryOrigin,
): Record<string, unknown> {
  const first = forest.treeStart[task];
  const end = forest.treeStart[task + 1];
  const nodes = Array.from({ length: end - first }, (_, index) => first + index);
  const number = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const run =
    (column: ArrayLike<number>) =>
    (n: number): (number | null)[] => {
      const values: (number | null)[] = [];
      for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) values.push(number(column[i]));
      return values;
    };
  const channels: Record<string, unknown> = {};
  for (const channel of CHANNELS) {
    const column = channel === 'model' ? columns.model : forest.channels[channel];
    if (column)
      channels[channel] = nodes.map((n) => (anyKnown(column, forest.edgeStart[n], forest.edgeStart[n + 1]) ? run(column)(n) : null));
  }
  const members = [...forest.trajectoryOrder.subarray(forest.trajectoryStart[task], forest.trajectoryStart[task + 1])];
  const actions = new Map<string, number>();
  const numberOf = (action: string): number => {
    const known = actions.get(action) ?? actions.size;
    actions.set(action, known);
    return known;
  };
  const numbers = new Map<number, number>();
  const trajectories = members.map((trajectory) => {
    const { rollout, row, reward, advantage, source, actions: keys, actionEnds, ...rest } = origin(trajectory);
    const leaf = forest.trajectories.leaf[trajectory] - first;
    const { sampledStart, sampledRuns } = forest.trajectories;
    const sampled = Array.from(sampledRuns.subarray(sampledStart[trajectory], sampledStart[trajectory + 1]));
    const number = numbers.get(row) ?? numbers.size;
    numbers.set(row, number);
    return { rollout, number, leaf, reward, advantage, source, ...rest, sampled, action: keys.map(numberOf), action_end: actionEnds };
  });
  return {
    espalier_forest: FOREST_VERSION,
    task: taskRow.key,
    label: taskRow.label,
    parent: nodes.map((n) => (forest.parent[n] === NONE ? NONE : forest.parent[n] - first)),
    kind: nodes.map((n) => KINDS[forest.kind[n]]),
    token_ids: nodes.map(run(forest.edgeTokens)),
    reach_count: nodes.map((n) => forest.reachCount[n]),
    sampled_count: nodes.map((n) => forest.sampledCount[n]),
    kinds: nodes.map((n) => forest.kinds[n]),
    flags: nodes.map((n) => forest.flags[n]),
    endings: nodes.map((n) => forest.endings[n]),
    tool: nodes.map((n) => forest.tools[forest.tool[n]] ?? null),
    entropy: nodes.map((n) => number(columns.entropy[n])),
    signal: nodes.map((n) => number(columns.signal[n])),
    importance: nodes.map((n) => number(columns.importance[n])),
    cost: nodes.map((n) => number(columns.cost[n])),
    kept: nodes.map((n) => columns.kept[n]),
    trained: nodes.map((n) => columns.trained[n]),
    ...(columns.factors === null ? {} : { factors: nodes.map((n) => (columns.trained[n] === 1 ? run(columns.factors ?? [])(n) : null)) }),
    protected: nodes.map((n) => columns.protected[n]),
    tokens: channels,
    trajectories,
    actions: [...actions.keys()],
  };
}

function anyKnown(column: Float32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isNaN(column[i])) return true;
  return false;
}
