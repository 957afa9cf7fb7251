/** Trajectories as columns: what a parse worker sends to the session worker. Buffers are transferred. */
import type { RecordAddress } from './address.ts';

/**
 * Per-token signals that can be merged, in the order of `TrajectoryBatch.channels`. `model`: entropy that a language
 * model computed, which only a forest export holds; no log does.
 */
export const CHANNELS = ['entropy', 'entropyLow', 'entropyHigh', 'surprisal', 'advantage', 'model'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One row per used rollout. */
export interface RolloutRow {
  readonly id: string;
  /** What the log calls it in every record of it; absent: `id`. */
  readonly episode?: string;
  readonly task: string;
  readonly taskLabel: string;
  /** Index into the session's inputs. */
  readonly source: number;
  readonly line: number;
  readonly address: RecordAddress;
  readonly reward: number | null;
  /** Path of the file beside the log that says it; absent: the log does, or a person. */
  readonly rewardFrom?: string;
  readonly advantage: number | null;
  readonly status: string;
  readonly policy: string;
  readonly startedAt: number | null;
  /**
   * Where its events end in tokens, packed (`core/tokens/event-ends`): for each branch in turn, event -> tokens of the
   * trajectory up to its end. Absent where the input has no events.
   */
  readonly eventEnds?: string;
  /** Where the ids of its branches come from, packed (`core/tokens/token-origin`). Absent where the input does not say. */
  readonly tokensFrom?: string;
  /** Versions of the policy by tokens, packed (`core/rollouts/token-versions`); absent: `policy` throughout. */
  readonly versions?: string;
  /** What was counted in it and the values of its fields, packed (`core/rollouts/facts`). Absent where the input has no records. */
  readonly facts?: string;
  /** Names of those fields. */
  readonly fieldNames?: readonly string[];
  /** Name of the tokenizer that made its logged ids, where the log names it. */
  readonly tokenizer?: string;
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
  /** segment -> bits as in `ENDING`: what is complete at its end; absent: what `endingsOf` says */
  readonly segmentEndings?: Uint16Array;
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
