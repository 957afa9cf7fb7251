/** What of a log carries loss at a budget, and why a node does or does not. */
import type { TrainPlace } from '../../core/prune/train-method.ts';

/** How many there are in the log, and those that still carry loss. */
export interface Carried {
  readonly of: number;
  readonly with: number;
}

export interface LossCounts {
  readonly orderId: number;
  /** With a token that they sampled. */
  readonly rollouts: Carried;
  /** Sampled turns, those that several rollouts share once. */
  readonly turns: Carried;
  /** Tasks in which something was sampled. */
  readonly tasks: Carried;
  /** Turns that end a rollout. */
  readonly endings: Carried;
  /** Of the rollouts with loss, by reward: above 0, not, and not known. */
  readonly solved: number;
  readonly failed: number;
  readonly unknown: number;
}

/** Signal that carries loss by train share at one cut, as a share of all that is known; rising. */
export interface TrainCurve {
  readonly orderId: number;
  readonly cutShare: number;
  readonly shares: Float64Array;
  readonly retained: Float64Array;
}

/** Facts of the sentence about loss; `lossText` words it. */
export interface LossAnswer {
  /** Its tokens, where some rollout sampled it; else 0. */
  readonly sampled: number;
  /** Those of them that carry loss. */
  readonly trained: number;
  /** Null where the cut drops it, where nobody who may train sampled it, and where all of the cut is trained. */
  readonly place: TrainPlace | null;
  /** Rollouts that sampled it, and by reward those of them that may not train: not above 0, and not known. */
  readonly rollouts: { readonly sampled: number; readonly failed: number; readonly unknown: number };
  /** Trajectories that sampled it, and those of them whose turn failed there: an export that masks failed turns leaves these out. */
  readonly turns: { readonly sampled: number; readonly failed: number };
  /** What its loss is multiplied by is 0: the mean advantage of those that sampled it; `unknown`: none of them has one. Else null. */
  readonly weightless: 'zero' | 'unknown' | null;
}
