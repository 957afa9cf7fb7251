/** What is known of the open forest as a whole and by task. */
import type { PruneRule, Budget } from '../../core/model/rule.ts';
import type { InputFact, UnmappedFile } from './opening.ts';

export interface DatasetFacts {
  /** Changes whenever the forest does: part of every query key. */
  readonly version: number;
  readonly complete: boolean;
  /** 16 hexadecimal digits that change with any trajectory or task, and not with the order of files. */
  readonly fingerprint: string;
  /** Changes whenever a model's scores do: part of the key of every query whose figures rest on entropy. */
  readonly scoreVersion: number;
  readonly inputs: readonly InputFact[];
  readonly unmapped: readonly UnmappedFile[];
  readonly tasks: number;
  readonly rollouts: number;
  readonly trajectories: number;
  readonly tokens: { readonly flat: number; readonly distinct: number; readonly por: number; readonly sampled: number };
  readonly nodes: number;
  /** For example `logged ids` or `o200k_base on text`, with counts where mixed. */
  readonly tokenSource: string;
  /** For example `logged`, `top-k`, `surprisal`, `model: NAME (fp16, webgpu)`, `none`; with the share of sampled tokens covered. */
  readonly entropySource: string;
  readonly entropyCoverage: number;
  /** Images in the messages of trajectories; the tokens know only their placeholders. */
  readonly images: number;
  readonly rewards: { readonly known: number; readonly min: number; readonly mean: number; readonly max: number } | null;
  readonly events: { readonly calls: number; readonly memory: number; readonly errors: number; readonly finals: number };
  /** Which handle this log is suited for, from its measured sharing, and why in one sentence. */
  readonly suited: { readonly target: 'cut' | 'train'; readonly because: string };
  readonly issues: number;
  readonly notes: number;
  /** The rule and budget of an opened forest export: applying them restores its pruning. Null: no such input. */
  readonly restored: { readonly rule: PruneRule; readonly budget: Budget } | null;
}

/** One row per task, as columns; sorted by first appearance. */
export interface TaskTable {
  readonly length: number;
  readonly key: readonly string[];
  readonly label: readonly string[];
  readonly rollouts: Int32Array;
  readonly trajectories: Int32Array;
  readonly nodes: Int32Array;
  readonly flat: Float64Array;
  readonly distinct: Float64Array;
  /** Share of tokens shared, POR = 1 − distinct/flat. */
  readonly sharing: Float64Array;
  readonly rewardMin: Float64Array;
  readonly rewardMean: Float64Array;
  readonly rewardMax: Float64Array;
  /** rewards of task t's rollouts: rewards[rewardStart[t] .. rewardStart[t+1]), NaN where unknown */
  readonly rewardStart: Int32Array;
  readonly rewards: Float64Array;
}
