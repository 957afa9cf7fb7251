/** Where a trajectory carries loss: on the chosen nodes that it sampled, unless its turn there went wrong and errors are masked. */
import { FLAG, KIND } from '../model/kinds.ts';
import type { Forest } from '../model/forest.ts';
import type { Unknown } from '../signal/mean.ts';
import { pathTo } from '../tree/navigate.ts';
import { hasSampled } from '../tree/sampled.ts';

export interface Loss {
  /** position on the path -> 1: trajectory `t` carries loss there. `path`: the upper part of the trajectory's own. */
  marks(t: number, path: Int32Array): Uint8Array;
  /** Tokens of loss of trajectory `t` on the path, those of `except` (node -> 1) left out. */
  tokens(t: number, path: Int32Array, except?: Uint8Array): number;
  /** node -> trajectories of the full tree that carry loss there; 0 where it was not chosen */
  readonly carriers: Int32Array;
  /**
   * node -> mean of a trajectory's value over those that carry loss there; `otherwise` where nobody does. Where none of them has
   * one: NaN if unknown ones count as zero, so that who carries no loss there has no part in it, else `otherwise`.
   * @param unknown what the others count
   */
  mean(values: Float64Array, otherwise: Float64Array, unknown: Unknown): Float64Array;
  readonly masksErrors: boolean;
}

/** position on the whole path of trajectory `t` -> 1: of a turn that went wrong */
export type TurnMasks = (forest: Forest, t: number) => Uint8Array;

/** @param chosen node -> 1 = to be trained. @param masks whether failed turns are masked (`failedTurns`), or which turns are */
export function makeLoss(forest: Forest, chosen: Uint8Array, masks: boolean | TurnMasks): Loss {
  const masksErrors = masks !== false;
  const turns: TurnMasks = masks === true || masks === false ? failedTurns : masks;
  const marks = (t: number, path: Int32Array): Uint8Array => {
    const found = Uint8Array.from(path, (n) => (chosen[n] === 1 && hasSampled(forest, t, n) ? 1 : 0));
    if (!masksErrors) return found;
    const masked = turns(forest, t);
    return found.map((mark, i) => (masked[i] === 1 ? 0 : mark));
  };
  const loss: Loss = {
    masksErrors,
    marks,
    tokens(t, path, except) {
      const found = marks(t, path);
      let tokens = 0;
      path.forEach((n, i) => {
        if (found[i] === 1 && except?.[n] !== 1) tokens += forest.edgeStart[n + 1] - forest.edgeStart[n];
      });
      return tokens;
    },
    carriers: forest.sampledCount.map((count, n) => (chosen[n] === 1 && !masksErrors ? count : 0)),
    mean(values, otherwise, unknown) {
      // Unmasked, those that carry loss are those that sampled the node.
      if (!masksErrors) return otherwise;
      const sum = new Float64Array(forest.length);
      const known = new Int32Array(forest.length);
      eachMark((t, n) => {
        if (Number.isNaN(values[t])) return;
        sum[n] += values[t];
        known[n]++;
      });
      return sum.map((total, n) => {
        if (known[n] === 0) return unknown === 'zero' && loss.carriers[n] > 0 ? NaN : otherwise[n];
        return total / (unknown === 'zero' ? loss.carriers[n] : known[n]);
      });
    },
  };
  function eachMark(take: (t: number, n: number) => void): void {
    for (const t of forest.trajectoryOrder) {
      const path = pathTo(forest, forest.trajectories.leaf[t]);
      const found = marks(t, path);
      for (let i = 0; i < path.length; i++) if (found[i] === 1) take(t, path[i]);
    }
  }
  if (masksErrors) eachMark((_, n) => loss.carriers[n]++);
  return loss;
}

/**
 * position on the path of trajectory `t` -> 1: sampled node of a turn that the log marks as an error or that led to a tool
 * error. A turn is the run of nodes that the trajectory sampled above its results. [ours; after Error-Masked SFT] What other rules
 * than the log's marks take for an error is in `core/errors`.
 */
export function failedTurns(forest: Forest, t: number, path = pathTo(forest, forest.trajectories.leaf[t])): Uint8Array {
  const masked = new Uint8Array(path.length);
  let failed = false;
  let inTurn = false;
  for (let i = path.length - 1; i >= 0; i--) {
    const n = path[i];
    const isError = (forest.flags[n] & FLAG.error) !== 0;
    if (hasSampled(forest, t, n)) {
      inTurn = true;
      failed ||= isError;
      masked[i] = failed ? 1 : 0;
    } else {
      failed = forest.kind[n] === KIND.result && (isError || (failed && !inTurn));
      inTurn = false;
    }
  }
  return masked;
}
