/** What one node, one action or one text is. */
import type { ActVerb } from '../../core/acts/act.ts';
import type { ActReason } from './acts.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { ModelSource } from '../../core/score/model-source.ts';
import type { LossAnswer } from './training.ts';
import type { EntropySource } from '../../core/signal/entropy-source.ts';

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
  readonly rolloutKey: RolloutKey;
  /** What acts say of its rollout, in the end. */
  readonly act: ActVerb | null;
  readonly branch: number;
  readonly reward: number;
  readonly advantage: number;
  readonly tokens: number;
  /**
   * The whole trajectory as runs, for the strip: kinds and token counts, root to leaf; parallel arrays. Where there are more than a
   * strip can show, equal stretches, each as most of its tokens are.
   */
  readonly runKind: Uint8Array;
  readonly runTokens: Int32Array;
  /** 0: dropped; 1: kept; 2: kept, and sampled tokens of which none carries loss */
  readonly runKept: Uint8Array;
  readonly file: string;
  readonly line: number;
}

export interface NodeAnswer {
  readonly task: number;
  readonly key: NodeKey;
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
    readonly source: EntropySource;
    /** Where the source is `model` or `combined`, with what its entropies are multiplied by. */
    readonly model: ModelSource | null;
    readonly modelScale: number;
    readonly known: number;
    readonly of: number;
  };
  /** statistic id -> value, NaN unknown */
  readonly figures: Readonly<Record<string, number>>;
  readonly fork: { readonly index: number; readonly of: number } | null;
  readonly children: number;
  /** The end of the path from the root to the node, for breadcrumbs, and how many steps come before. */
  readonly path: readonly { readonly key: NodeKey; readonly label: string; readonly kind: Kind }[];
  readonly pathHidden: number;
  readonly why: WhyAnswer;
  readonly through: readonly NodeTrajectory[];
  readonly throughTotal: number;
}

/** An action that comes next. */
export interface ActionStep {
  readonly key: NodeKey;
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
  readonly key: NodeKey;
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
  /** Text of the first of its trajectories; null where no available tokenizer can decode it. */
  readonly text: string | null;
  readonly path: readonly { readonly key: NodeKey; readonly label: string; readonly kind: Kind }[];
  /** Node of the token tree in which the first of its trajectories completes it. */
  readonly tokenNode: NodeKey | null;
  readonly through: readonly Pick<NodeTrajectory, 'trajectory' | 'rollout' | 'rolloutKey' | 'branch' | 'reward' | 'file' | 'line'>[];
  readonly throughTotal: number;
}

/** Facts of the sentence "Kept at rank 212 of 3,318: …"; the page and the CLI word it. */
export interface WhyAnswer {
  readonly kept: boolean;
  /** Null: not known at this cut. */
  readonly loss: LossAnswer | null;
  readonly rank: number;
  readonly of: number;
  readonly signalPerCost: number;
  /** Share of the budget at which the node's block opens, 0..1. */
  readonly opensAt: number;
  /** Share of the budget at which the node enters, 0..1. */
  readonly entersAt: number;
  readonly protection: 'off' | 'favour' | 'pin';
  readonly factor: number;
  /** What acts say of it. */
  readonly acts: readonly ActReason[];
  /** Event kinds (or 'hand', 'act') that protection comes from. */
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
