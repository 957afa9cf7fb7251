/**
 * The nouns of the house and the tables that every room reads. Definitions: "method" in ARCHITECTURE.md.
 *
 * A rollout is an object (`Rollout`) only between a format and the token stage. From there on everything is a
 * column: one typed array per property, a row per node, trajectory or token. Columns are frozen: nobody writes
 * to them after the room that made them has returned them.
 */

// ---------------------------------------------------------------------------------------------------------------
// Kinds and flags

/** What a run of tokens is. `memory` is a call whose tool matches the memory rules; `summary` is a compaction. */
export const KINDS = ['system', 'user', 'text', 'thinking', 'call', 'result', 'memory', 'summary', 'scaffold'] as const;
export type Kind = (typeof KINDS)[number];
/** Kind -> its index in `KINDS`, as stored in `kind` columns. */
export const KIND: Readonly<Record<Kind, number>> = {
  system: 0,
  user: 1,
  text: 2,
  thinking: 3,
  call: 4,
  result: 5,
  memory: 6,
  summary: 7,
  scaffold: 8,
};

/** Bits of a segment's or node's `flags`. */
export const FLAG = {
  /** The policy produced these tokens (node: in at least one trajectory). */
  sampled: 1,
  /**
   * A kept path must not end here: an event goes on after this segment, or a call made at or before it has its
   * result further down the same trajectory.
   */
  open: 2,
  /** A tool result that reports an error, or a turn that the log marks as an error. */
  error: 4,
  /** The last sampled turn of its rollout: submission, answer, finish call. */
  final: 8,
  /** Node only: trajectories disagree on kind or on `sampled` here; see `Forest.kinds` and `sampledCount`. */
  mixed: 16,
} as const;

export const NONE = -1;

// ---------------------------------------------------------------------------------------------------------------
// Rollout: the normal form that every format decodes to

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** A piece of an event that has one kind. */
export interface Part {
  readonly kind: Kind;
  /** The text as the model read or wrote it. For a call: its arguments as one JSON text. */
  readonly text: string;
  /** Tool name, for calls and (where known) results. */
  readonly tool?: string;
  /** Links a call with its result. Random per call in most logs, hence never part of a merge key. */
  readonly callId?: string;
  readonly error?: boolean;
  /**
   * A call that the message holds in its own words (a command in a code fence): `text` is those words, spelled as they
   * stand, and an export leaves them in the message's content.
   */
  readonly inline?: boolean;
  /**
   * How many of the event's `tokens.ids` this part covers. Parts are in the order of the ids; either every part of
   * an event has a count and the counts add up to the number of ids, or none has (then one kind holds for all).
   */
  readonly tokenCount?: number;
}

/**
 * What the log says about the tokens of one event. `ids` covers the event completely, template scaffold included;
 * `texts` covers what was sampled. Per-token arrays are parallel to `ids` (or to `texts` where there are no ids)
 * and hold NaN where the log has no value: the format has already resolved the log's own alignment.
 */
export interface LoggedTokens {
  readonly ids?: ArrayLike<number>;
  readonly texts?: readonly string[];
  /** 1 = sampled. Absent: the event's own `sampled` holds for all its tokens. */
  readonly mask?: ArrayLike<number>;
  readonly logprobs?: ArrayLike<number>;
  /** Full entropy of the next-token distribution, nats. */
  readonly entropy?: ArrayLike<number>;
  /** Bounds on entropy from top-k log-probs, nats (method: signals). */
  readonly entropyLow?: ArrayLike<number>;
  readonly entropyHigh?: ArrayLike<number>;
  readonly advantages?: ArrayLike<number>;
}

/** One entry of a rollout: a message with its parts. */
export interface RolloutEvent {
  readonly role: Role;
  /** The policy produced it. Not the same as role = assistant: demonstrations and replayed history are not sampled. */
  readonly sampled: boolean;
  readonly parts: readonly Part[];
  readonly tokens?: LoggedTokens;
  /** Seconds since the epoch. */
  readonly time?: number;
  /** Version of the policy that sampled it, as logged. */
  readonly policy?: string;
}

/**
 * One token sequence that a rollout spells. A rollout has several when a model call's prompt does not extend the
 * earlier prompt + completion (compaction, sub-agents, dropped reasoning, rewritten history).
 */
export interface Branch {
  readonly events: readonly RolloutEvent[];
  readonly reward?: number;
  readonly advantage?: number;
  /** Why this branch is not a continuation of the one before: 'rewrite' | 'compaction' | 'sub-agent' | ... */
  readonly cause?: string;
}

/** One recorded episode, as the log holds it. */
export interface Rollout {
  readonly id: string;
  /** Equal for rollouts of one task: an explicit id, or a hash of the prompt. Prefixed with its scope where ids are local. */
  readonly task: string;
  /** For people; defaults to `task`. */
  readonly taskLabel?: string;
  readonly reward: number | null;
  readonly rewardParts?: Readonly<Record<string, number>>;
  readonly advantage?: number;
  readonly status?: string;
  readonly policy?: string;
  /** Seconds since the epoch. */
  readonly startedAt?: number;
  /** JSON text of the tool definitions, kept for export. */
  readonly tools?: string;
  /** Name of the tokenizer that made the logged ids, where the log names it. */
  readonly tokenizer?: string;
  readonly branches: readonly Branch[];
}

// ---------------------------------------------------------------------------------------------------------------
// Issues

/**
 * Something in the input that is not as expected. `record`: the record could not be used (records = rollouts used +
 * issues of this severity). `note`: the record is used, and this part of it was repaired or left out.
 */
export interface Issue {
  readonly severity: 'record' | 'note';
  readonly file: string;
  /** 1-based; 0 where lines mean nothing. */
  readonly line: number;
  /** Of the record's first byte in the (decompressed) file. */
  readonly byteOffset: number;
  readonly code: string;
  readonly expected: string;
  readonly found: string;
}

// ---------------------------------------------------------------------------------------------------------------
// Batch: what a parse worker sends to the session worker. Buffers are transferred.

/**
 * Per-token signals that can be merged, in the order of `TrajectoryBatch.channels`. `model`: entropy that a language
 * model computed, which only a forest export holds; no log does.
 */
export const CHANNELS = ['entropy', 'entropyLow', 'entropyHigh', 'surprisal', 'advantage', 'model'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One row per used rollout. */
export interface RolloutRow {
  readonly id: string;
  readonly task: string;
  readonly taskLabel: string;
  /** Index into the session's inputs. */
  readonly source: number;
  readonly line: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Position among the records that share this byte range (a line may hold a group). */
  readonly member: number;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly status: string;
  readonly policy: string;
  readonly startedAt: number | null;
  /** Where the rollout was first read from, when this input is itself an export; absent: here. */
  readonly origin?: { readonly name: string; readonly line: number };
}

/** Trajectories as columns. Token columns are concatenated over the batch's trajectories. */
export interface TrajectoryBatch {
  readonly rollouts: readonly RolloutRow[];
  /** trajectory -> index into `rollouts` */
  readonly trajectoryRollout: Int32Array;
  /** trajectory -> position among its rollout's branches */
  readonly trajectoryBranch: Int32Array;
  /** trajectory -> reward of its own branch; absent or NaN = its rollout's */
  readonly trajectoryReward?: Float64Array;
  /** trajectory -> advantage of its own branch; absent or NaN = its rollout's */
  readonly trajectoryAdvantage?: Float64Array;
  /** trajectory -> first token; length + 1 entries */
  readonly trajectoryStart: Int32Array;
  readonly tokens: Int32Array;
  /** trajectory -> first segment; length + 1 entries */
  readonly trajectorySegment: Int32Array;
  /** segment -> first token (index into `tokens`); segments tile their trajectory */
  readonly segmentStart: Int32Array;
  readonly segmentKind: Uint8Array;
  readonly segmentFlags: Uint8Array;
  /** segment -> index into `tools`, or NONE */
  readonly segmentTool: Int32Array;
  /** segment -> integer identity of its canonical action (index into `actions`), for the action tree */
  readonly segmentAction: Int32Array;
  readonly tools: readonly string[];
  /** Canonical action keys, hashed to 128 bits as hex: equal keys are equal actions. */
  readonly actions: readonly string[];
  /** One column per channel, parallel to `tokens`, or null where no trajectory of the batch has it. NaN = none. */
  readonly channels: readonly (Float32Array | null)[];
}

// ---------------------------------------------------------------------------------------------------------------
// Forest: the frozen trees of all tasks in one set of columns

/** One row per trajectory, in the order of the inputs (source, byte offset, member, branch), whatever the order of arrival. */
export interface TrajectoryTable {
  readonly length: number;
  /** trajectory -> rollout */
  readonly rollout: Int32Array;
  /** trajectory -> position among its rollout's branches */
  readonly branch: Int32Array;
  /** trajectory -> node that holds its last token */
  readonly leaf: Int32Array;
  /** trajectory -> number of tokens */
  readonly tokenCount: Int32Array;
  /** trajectory -> reward of its rollout (or of the branch), NaN where unknown */
  readonly reward: Float64Array;
  /** trajectory -> advantage as logged, NaN where unknown */
  readonly advantage: Float64Array;
}

/** Mean over the trajectories that logged a value for the token; null = no trajectory did; NaN = not this token. */
export type TokenChannels = Readonly<Record<Channel, Float32Array | null>>;

/**
 * The trajectories of every task, merged on shared prefixes: one tree per task and one node per maximal run of
 * tokens shared by exactly the same trajectories and lying in one segment.
 *
 * Rows are in depth-first pre-order, task after task; siblings are ordered by their first key, hence independent
 * of the order of arrival. A task has one root per distinct first token (normally one). Four families of intervals
 * are contiguous:
 *   nodes         tree of task t  = [treeStart[t], treeStart[t+1])
 *                 subtree of n    = [n, subtreeEnd[n])
 *   tokens        run of n        = edgeTokens[edgeStart[n] .. edgeStart[n+1])
 *   trajectories  through n       = trajectoryOrder[reachStart[n] .. reachStart[n] + reachCount[n])
 */
export interface Forest {
  readonly length: number;
  /** node -> node | NONE */
  readonly parent: Int32Array;
  /** node -> node, exclusive */
  readonly subtreeEnd: Int32Array;
  /** length + 1 offsets into edgeTokens */
  readonly edgeStart: Int32Array;
  /** keys: token ids, or interned actions */
  readonly edgeTokens: Int32Array;
  /** node -> tokens above it */
  readonly depth: Int32Array;
  /** node -> trajectories through it, g(n) */
  readonly reachCount: Int32Array;
  readonly reachStart: Int32Array;
  /** node -> trajectories in which it was sampled */
  readonly sampledCount: Int32Array;
  /** node -> index into KINDS (the kind most trajectories give it; ties: the lowest index) */
  readonly kind: Uint8Array;
  /** node -> bit per kind that any trajectory gives it */
  readonly kinds: Uint16Array;
  readonly flags: Uint8Array;
  /** node -> index into tools | NONE */
  readonly tool: Int32Array;
  readonly tools: readonly string[];
  /** task -> first node; tasks + 1 entries */
  readonly treeStart: Int32Array;
  /** task -> first entry of trajectoryOrder; tasks + 1 entries. K of a task is the difference of neighbours. */
  readonly trajectoryStart: Int32Array;
  /** trajectories in depth-first order of their leaves */
  readonly trajectoryOrder: Int32Array;
  readonly trajectories: TrajectoryTable;
  readonly channels: TokenChannels;
  /** node -> largest standard deviation of surprisal among its tokens across trajectories; null without surprisal */
  readonly surprisalSpread: Float32Array | null;
}

export interface TaskRow {
  readonly key: string;
  readonly label: string;
}

// ---------------------------------------------------------------------------------------------------------------
// Settings that decide figures. All of them appear in the manifest.

export type Mode = 'sft' | 'rl';
export type Unit = 'distinct' | 'flat' | 'flops';
export type Scope = 'global' | 'task';
export type ReachBy = 'tokens' | 'actions' | 'policy';
export const STRATEGIES = [
  'density',
  'best-first',
  'random',
  'breadth-first',
  'reach',
  'longest-path',
  'top-advantage',
  'max-reward-variance',
] as const;
export type Strategy = (typeof STRATEGIES)[number];
export const RANKINGS = ['importance', 'surprisal', 'reward-spread', 'reach', 'tokens', 'uniform'] as const;
export type Ranking = (typeof RANKINGS)[number];
export type AdvantageRule = 'logged' | 'grpo' | 'dr-grpo' | 'rloo';
export type EntropyAggregate = 'sum' | 'mean' | 'top20';

/** Events that can be protected. */
export const EVENT_KINDS = ['tool', 'result', 'memory', 'error', 'final', 'thinking', 'text'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export type Protection = { readonly level: 'off' } | { readonly level: 'favour'; readonly factor: number } | { readonly level: 'pin' };
/** Event kinds that are not named are off. */
export type ProtectionRules = Readonly<Partial<Record<EventKind, Protection>>>;

/** A node chosen by hand. Its number is the same whenever the same inputs are read with the same settings. */
export interface HandProtection {
  readonly node: number;
  readonly protection: Protection;
}

/** Everything that an order of nodes depends on, except the forest. */
export interface PruneRule {
  readonly strategy: Strategy;
  readonly ranking: Ranking;
  readonly mode: Mode;
  readonly gamma: number;
  readonly aggregate: EntropyAggregate;
  readonly advantage: AdvantageRule;
  readonly reachBy: ReachBy;
  /** 'task': every task weighs the same. 'trajectory': every trajectory does. */
  readonly weighBy: 'task' | 'trajectory';
  readonly unit: Unit;
  readonly scope: Scope;
  readonly protect: ProtectionRules;
  readonly trainProtect: ProtectionRules;
  readonly hand: readonly HandProtection[];
  /** Segments kept after a kept protected node. */
  readonly context: number;
  readonly seed: number;
  readonly model?: ModelShape;
}

/** For FLOPs: forward cost per token is 2·parameters + 4·layers·width·position. */
export interface ModelShape {
  readonly parameters: number;
  readonly layers: number;
  readonly width: number;
}

export interface Budget {
  /** Share of the total cost that the cut may keep, 0..1. */
  readonly cut: number;
  /** Share of the kept sampled tokens that may carry loss, 0..1. */
  readonly train: number;
}

export const DEFAULT_RULE: PruneRule = {
  strategy: 'density',
  ranking: 'importance',
  mode: 'sft',
  gamma: 1,
  aggregate: 'sum',
  advantage: 'grpo',
  reachBy: 'tokens',
  weighBy: 'task',
  unit: 'distinct',
  scope: 'global',
  protect: { tool: { level: 'favour', factor: 2 }, final: { level: 'favour', factor: 2 }, memory: { level: 'pin' } },
  trainProtect: { tool: { level: 'pin' }, memory: { level: 'pin' }, final: { level: 'pin' } },
  hand: [],
  context: 1,
  seed: 0,
};
