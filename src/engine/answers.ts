/** What a session answers: plain data that survives structured clone, for the page, the terminal and tests alike. */
import type { LayoutTree, SiblingOrder } from '../core/layout/layout-tree.ts';
import type { Spine } from '../core/layout/spine.ts';
import type { Budget, Issue, Kind, PruneRule, Strategy } from '../core/model.ts';

// ---------------------------------------------------------------------------------------------------------------
// Opening

/** Which tokenizer to use where the log has no token ids. */
export type TokenizerChoice =
  | { readonly kind: 'o200k_base' }
  /** Contents of a Hugging Face tokenizer.json and, where given, tokenizer_config.json (with its chat template). */
  | { readonly kind: 'huggingface'; readonly name: string; readonly json: string; readonly config?: string };

export interface OpenSettings {
  readonly tokenizer: TokenizerChoice;
  /** Contents of a mapping file for records that no format detects. */
  readonly mapping?: unknown;
  /** Lower-case fragments of tool names that mark memory events. */
  readonly memoryTools: readonly string[];
  /** Cuts long segments into blocks of at most this many tokens; null = off. */
  readonly maxNodeTokens: number | null;
}

export const DEFAULT_OPEN_SETTINGS: OpenSettings = {
  tokenizer: { kind: 'o200k_base' },
  memoryTools: ['memory', 'note', 'recall', 'plan', 'todo'],
  maxNodeTokens: null,
};

export interface OpenProgress {
  readonly phase: 'reading' | 'freezing';
  readonly bytes: number;
  readonly totalBytes: number;
  readonly records: number;
  readonly rollouts: number;
  readonly issues: number;
  readonly bytesPerSecond: number;
  /** null until a rate is known. */
  readonly secondsLeft: number | null;
  /** True when a browsable partial forest has just been made: ask `facts()` and `tasks()` again. */
  readonly partial: boolean;
}

export interface InputFact {
  readonly name: string;
  /** Format id, or null where none was recognised. */
  readonly format: string | null;
  readonly formatLabel: string;
  readonly bytes: number;
  readonly records: number;
  readonly rollouts: number;
  /** Records that could not be used: records = rollouts + issueCount. */
  readonly issueCount: number;
  /** Parts of used records that were repaired or left out. */
  readonly noteCount: number;
}

/** A file no format recognised: what the mapping dialog needs. */
export interface UnmappedFile {
  readonly name: string;
  /** First records as JSON text, at most five, each at most 20 kB. */
  readonly examples: readonly string[];
  /** A suggested mapping file. */
  readonly suggestion: unknown;
}

export interface DatasetFacts {
  /** Changes whenever the forest does: part of every query key. */
  readonly version: number;
  readonly complete: boolean;
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

// ---------------------------------------------------------------------------------------------------------------
// Drawing

/** Which tree: merged by exact tokens, or by action (tool name + canonical arguments). */
export type TreeView = 'tokens' | 'actions';

/** One task's tree for drawing. Node numbers are local to the task: 0 is the first root; add `firstNode` for the forest's. */
export interface TreeColumns extends LayoutTree {
  readonly task: number;
  readonly view: TreeView;
  readonly firstNode: number;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  /** index into `tools` | -1 */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** mean nats per sampled token with a value; NaN unknown */
  readonly entropy: Float32Array;
  /** mean reward of the trajectories through the node; NaN unknown */
  readonly reward: Float32Array;
  /** 0 = not protected, 1 = favoured, 2 = pinned, under the rule last asked for with `order` */
  readonly protection: Uint8Array;
  /** Where its nodes stand in icicles, for trees so large that placing them would hold up the page. */
  readonly spines?: Readonly<Record<SiblingOrder, Spine>>;
}

// ---------------------------------------------------------------------------------------------------------------
// Pruning

/** Retained share of the signal at each of `shares` (0..1 of total cost). */
export interface Curve {
  readonly strategy: Strategy;
  readonly shares: Float64Array;
  readonly retained: Float64Array;
}

export interface OrderAnswer {
  /** Names this order in later calls. */
  readonly orderId: number;
  readonly rule: PruneRule;
  readonly totalCost: number;
  readonly totalSignal: number;
  /** False: no entropy is known and the signal is reach × sampled tokens. */
  readonly hasEntropy: boolean;
  /** `typed arrays`, or `graph on DEVICE`. */
  readonly importanceBy: string;
  /** Cost of the pinned closure as a share of totalCost. */
  readonly pinnedFloor: number;
  /** Sampled tokens of events pinned for training, out of all sampled tokens, where nothing is cut. */
  readonly trainPins: { readonly tokens: number; readonly of: number };
  /** The curve of the chosen strategy, exact at every share it names. */
  readonly curve: Curve;
  /** Upper bound on what any parent-closed set of that cost can retain. */
  readonly bound: Curve;
}

/** The other strategies at the same rule, computed after the first answer. */
export interface ComparisonAnswer {
  readonly orderId: number;
  readonly curves: readonly Curve[];
  readonly random: {
    readonly shares: Float64Array;
    readonly low: Float64Array;
    readonly mean: Float64Array;
    readonly high: Float64Array;
    readonly seeds: number;
  };
}

/** Before and after one tick. Counts are exact. */
export interface KeepAnswer {
  readonly orderId: number;
  readonly cutShare: number;
  readonly trainShare: number;
  /** kept(n) = rank[n] < cutRank, one entry per scope group (one for `global`, else one per task) */
  readonly cutRank: Int32Array;
  readonly cost: { readonly total: number; readonly kept: number };
  /**
   * `bound`: the most any keep set of that budget can retain; `pinnedBound`: any that holds every pinned event (null:
   * none is pinned, or they do not fit).
   */
  readonly signal: { readonly total: number; readonly kept: number; readonly bound: number; readonly pinnedBound: number | null };
  readonly distinct: Pair;
  readonly flat: Pair;
  readonly sampled: Pair;
  /** Tokens that carry loss, out of all sampled tokens. */
  readonly training: Pair;
  readonly nodes: Pair;
  readonly branches: Pair;
  readonly calls: Pair;
  readonly memory: Pair;
  readonly errors: Pair;
  readonly finals: Pair;
  readonly rollouts: { readonly total: number; readonly whole: number; readonly touched: number };
  /** 0 = all pairs intact. */
  readonly brokenPairs: number;
  /** Set when pinned events alone need more than the budget. */
  readonly floorUnmet: { readonly floor: number; readonly pinnedDropped: number } | null;
  /** Set when events pinned for training alone need more than the train budget, both in sampled tokens of the cut. */
  readonly trainPinsUnmet: { readonly pinned: number; readonly budget: number } | null;
}
export interface Pair {
  readonly before: number;
  readonly after: number;
}

// ---------------------------------------------------------------------------------------------------------------
// Looking at one node

export interface NodeToken {
  readonly id: number;
  /** Text of the token, or null where no tokenizer can say; partial UTF-8 is shown as \xNN. */
  readonly text: string | null;
  /** nats, NaN unknown */
  readonly entropy: number;
  readonly surprisal: number;
}

export interface NodeTrajectory {
  readonly trajectory: number;
  readonly rollout: string;
  readonly branch: number;
  readonly reward: number;
  readonly advantage: number;
  readonly tokens: number;
  /** The whole trajectory as runs, for the strip: kinds and token counts, root to leaf; parallel arrays. */
  readonly runKind: Uint8Array;
  readonly runTokens: Int32Array;
  readonly runKept: Uint8Array;
  readonly file: string;
  readonly line: number;
}

export interface NodeAnswer {
  readonly task: number;
  readonly node: number;
  readonly kind: Kind;
  /** Kinds that trajectories give it, where they disagree. */
  readonly kinds: readonly Kind[];
  readonly tool: string | null;
  readonly sampled: boolean;
  readonly sampledCount: number;
  readonly tokens: number;
  readonly depth: number;
  readonly level: number;
  readonly turn: number;
  readonly reachCount: number;
  readonly trajectories: number;
  /** Sum and mean over sampled tokens with a value, nats; bounds where the source is top-k. */
  readonly entropy: {
    readonly sum: number;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly source: string;
    readonly known: number;
    readonly of: number;
  };
  readonly longTermEntropy: number;
  /** Largest spread (standard deviation) of a token's surprisal across rollouts, nats; NaN unknown. */
  readonly surprisalSpread: number;
  readonly branchingEntropy: number;
  readonly signal: number;
  readonly importance: number;
  readonly meanReward: number;
  readonly meanAdvantage: number;
  readonly fork: { readonly index: number; readonly of: number } | null;
  readonly children: number;
  /** Root-to-node path for breadcrumbs. */
  readonly path: readonly { readonly node: number; readonly label: string; readonly kind: Kind }[];
  readonly why: WhyAnswer;
  readonly through: readonly NodeTrajectory[];
  readonly throughTotal: number;
}

/** An action that comes next. */
export interface ActionStep {
  readonly node: number;
  readonly label: string;
  readonly kind: Kind;
  /**
   * What tells it from others of that name: a call's arguments, the text of other actions, on one line and cut; null
   * where it cannot be read.
   */
  readonly detail: string | null;
  readonly reachCount: number;
  /** Mean over its trajectories, NaN where none has one. */
  readonly reward: number;
}

/** One action of a task's action tree. */
export interface ActionAnswer {
  readonly task: number;
  readonly node: number;
  readonly kind: Kind;
  readonly tool: string | null;
  /** Actions above it. */
  readonly level: number;
  readonly reachCount: number;
  readonly trajectories: number;
  /** Trajectories that do nothing after it. */
  readonly ends: number;
  /** Means over the trajectories through it, and over the others of the task; NaN where none has a reward. */
  readonly reward: number;
  readonly rewardOfOthers: number;
  /** Most frequent first. */
  readonly next: readonly ActionStep[];
  /** As the first of its trajectories spells it; null where no tokenizer at hand does. */
  readonly text: string | null;
  readonly path: readonly { readonly node: number; readonly label: string; readonly kind: Kind }[];
  /** Node of the token tree in which the first of its trajectories completes it. */
  readonly tokenNode: number | null;
  readonly through: readonly Pick<NodeTrajectory, 'trajectory' | 'rollout' | 'branch' | 'reward' | 'file' | 'line'>[];
  readonly throughTotal: number;
}

/** Facts of the sentence "Kept at rank 212 of 3,318: …"; the page and the terminal word it. */
export interface WhyAnswer {
  readonly kept: boolean;
  readonly trained: boolean;
  readonly rank: number;
  readonly of: number;
  readonly signalPerCost: number;
  /** Share of the budget at which the node's block opens, 0..1. */
  readonly opensAt: number;
  /** Share of the budget at which the node enters, 0..1. */
  readonly entersAt: number;
  readonly protection: 'off' | 'favour' | 'pin';
  readonly factor: number;
  /** Event kinds (or 'hand') that protection comes from. */
  readonly protectedAs: readonly string[];
  readonly keptWith: 'result' | 'context' | 'ancestor' | null;
  readonly pinnedUnmet: boolean;
}

export interface NodeTextAnswer {
  readonly tokens: readonly NodeToken[];
  /** First token shown and the total: nothing is cut without saying so. */
  readonly from: number;
  readonly total: number;
  /** The event's text as the log holds it, read back from the file, where token texts are not available. */
  readonly sourceText: string | null;
  readonly decodedBy: string | null;
}

// ---------------------------------------------------------------------------------------------------------------
// Export

export const EXPORTS = ['messages', 'tokens', 'forest'] as const;
export type ExportFormat = (typeof EXPORTS)[number];
export type WeightConvention = 'branch-mean' | 'train-once';

export interface ExportSpec {
  readonly formats: readonly ExportFormat[];
  readonly weights: WeightConvention;
  /** Erroneous turns stay as context with loss 0. */
  readonly maskErrors: boolean;
}

export const DEFAULT_EXPORT: ExportSpec = { formats: EXPORTS, weights: 'branch-mean', maskErrors: false };

export interface ExportedFile {
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  readonly sha256: string;
}

export interface ExportPreview {
  readonly format: ExportFormat;
  /** First records, each cut to at most 4,000 characters, with its full length. */
  readonly lines: readonly { readonly text: string; readonly length: number }[];
  readonly records: number;
  readonly warnings: readonly string[];
}

export interface IssuePage {
  readonly total: number;
  readonly from: number;
  readonly issues: readonly Issue[];
}
