/** What is known of the open forest as a whole and by task. */
import type { PruneRule, Budget } from '../../core/model/rule.ts';
import type { PresetReason } from '../../core/rule/preset.ts';
import type { PresetId } from '../../core/rule/presets.ts';
import type { ModelSource } from '../../core/score/model-source.ts';
import type { EntropySource } from '../../core/signal/entropy-source.ts';
import type { InputFact, UnmappedFile } from './opening.ts';

/** What the trees were built on; `tokenText` words it. */
export interface TokenOrigin {
  /** Its name: what text is tokenised with, and what ids are read as. */
  readonly tokenizer: string;
  /** Tokens whose ids the log holds, and tokens made from its text. */
  readonly logged: number;
  readonly text: number;
  /** Some logged ids were held against the log's own text, and all of those were its tokens in this tokenizer. */
  readonly isVerified: boolean;
  /** All ids come from a forest export: nothing here has tokenised or checked them. */
  readonly isForest: boolean;
}

/** Where the entropy of sampled tokens comes from; `entropyText` words it. */
export interface EntropyFacts {
  /** Best first; only those that some sampled token has its value from, with distinct sampled tokens. */
  readonly sources: readonly { readonly source: Exclude<EntropySource, 'mixed' | 'none'>; readonly tokens: number }[];
  /** Share of distinct sampled tokens with a value, 0..1. */
  readonly coverage: number;
  /** The model among the sources; null where none is. */
  readonly model: ModelSource | null;
  /** What its entropies are multiplied by, fitted where log and model meet; 1 where they do not. */
  readonly modelScale: number;
}

/** What a log is suited for: the preset by what it says of its rollouts, the handle by its sharing; `presetText`, `suitedText`. */
export interface Suited {
  readonly preset: PresetId;
  readonly because: PresetReason;
  /** Tasks of two or more rollouts whose rewards differ; rollouts with a reward above 0, and with any. */
  readonly contrastingTasks: number;
  readonly successes: number;
  readonly rewarded: number;
  /** For a cut that shortens rollouts: whether it saves forward work here. */
  readonly target: 'cut' | 'train';
  /** POR, 0..1. */
  readonly shared: number;
  /** Flat tokens. */
  readonly flat: number;
}

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
  readonly tokenOrigin: TokenOrigin;
  readonly entropy: EntropyFacts;
  /** What files beside the logs say: rewards that they give to rollouts, file by file, references of tasks and candidates for them. */
  readonly joined: {
    readonly rollouts: number;
    readonly files: readonly { readonly name: string; readonly rollouts: number }[];
    readonly references: number;
    readonly candidates: number;
  };
  /**
   * Records of rollouts that were told already: parts that a later record goes on with, which are merged into it and are none of
   * `rollouts`, and copies with the same id and tokens, which are.
   */
  readonly repeated: { readonly merged: number; readonly copies: number };
  /** Images in the messages of trajectories; the tokens know only their placeholders. */
  readonly images: number;
  /** Numbers of the log that nothing real can be, such as log-probs above 0: named in notes, and unknown here. */
  readonly impossibleNumbers: number;
  /** Branches that the chat template refuses: each has a note, and tokens by plain marks. */
  readonly refusedBranches: number;
  readonly rewards: { readonly known: number; readonly min: number; readonly mean: number; readonly max: number } | null;
  readonly events: { readonly calls: number; readonly memory: number; readonly errors: number; readonly finals: number };
  readonly suited: Suited;
  readonly issues: number;
  /** Of these, records that hold no rollouts and never could: what lies beside logs. */
  readonly aside: number;
  readonly notes: number;
  /** The rule and budget of an opened forest export: applying them restores its pruning. Null: no such input. */
  readonly restored: { readonly rule: PruneRule; readonly budget: Budget } | null;
}

/** One row per task, as columns; sorted by key. */
export interface TaskTable {
  readonly length: number;
  readonly key: readonly string[];
  readonly label: readonly string[];
  /** task -> its place among the tasks by their first rollout in the inputs */
  readonly arrival: Int32Array;
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
  /** What files beside the logs, and the logs themselves, have for a task: calls that are expected, answers such as patches. */
  readonly references: Int32Array;
  readonly candidates: Int32Array;
}
