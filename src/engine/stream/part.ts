/** The export of one shard: what it wrote, and every sum in its manifest that is not a whole number, task by task. */
import type { OverLong } from '../../core/export/branches.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import type { ActsAnswer } from '../answers/acts.ts';
import { bounds, pinnedBounds } from '../../core/prune/bound.ts';
import { budgetOf } from '../../core/prune/cost.ts';
import type { KeepSummary } from '../../core/prune/counters.ts';
import type { TrainSet } from '../../core/prune/train-method.ts';
import { tokensBySource } from '../../core/signal/entropy.ts';
import { fidelitySums, type FidelitySums } from '../export/fidelity.ts';
import type { PlannedExport } from '../export/planned.ts';
import { recordWeightSums } from '../export/record-figures.ts';
import { pinnedDropped, signalFacts } from '../ruling.ts';
import { signalName } from '../words/signal.ts';

/** Of one task. */
export interface TaskCut {
  readonly cost: { readonly total: number; readonly kept: number; readonly budget: number; readonly floor: number };
  readonly signal: { readonly total: number; readonly kept: number; readonly bound: number; readonly pinnedBound: number | null };
}

export interface Part {
  readonly summary: KeepSummary;
  readonly hasPinnedBound: boolean;
  readonly pinnedDropped: number;
  /** Sampled tokens whose signal is known, and all. */
  readonly known: number;
  readonly sampled: number;
  readonly entropy: Float64Array;
  /** Of each task, where each has its own budget; else none, and the whole tells. */
  readonly cuts: readonly TaskCut[];
  readonly train: readonly Pick<TrainSet, 'tokens' | 'expected' | 'budget' | 'pinsUnmet'>[];
  readonly fidelity: readonly FidelitySums[];
  readonly weights: ReturnType<typeof recordWeightSums>;
  readonly overLong: OverLong;
  readonly rule: PruneRule;
  readonly acts: ActsAnswer;
  /** Words for what its signal is of. */
  readonly signal: string;
}

export function partOf(planned: PlannedExport): Part {
  const { ruling, keep } = planned;
  const { order, scores } = ruling;
  const isByTask = order.scope === 'task';
  const { share } = keep.cut;
  const limit = isByTask ? keep.cut.limit : new Int32Array(0);
  const bound = isByTask ? bounds(order.bound, share) : [];
  const pinned = isByTask && order.pinnedBound !== null ? pinnedBounds(order.pinnedBound, share) : null;
  const cuts = Array.from(limit, (groups, task): TaskCut => {
    const from = order.start[task] ?? 0;
    const last = (order.start[task + 1] ?? 0) - 1;
    const total = order.cost[last] ?? 0;
    return {
      cost: {
        total,
        kept: order.cost[from + groups] ?? 0,
        budget: budgetOf(share, total),
        floor: order.cost[from + (order.pinned[task] ?? 0)] ?? 0,
      },
      signal: {
        total: order.signal[last] ?? 0,
        kept: order.signal[from + groups] ?? 0,
        bound: bound[task] ?? 0,
        pinnedBound: pinned?.[task] ?? null,
      },
    };
  });
  return {
    summary: keep.summary,
    hasPinnedBound: order.pinnedBound !== null,
    pinnedDropped: pinnedDropped(ruling, keep.cut),
    known: scores.by.known,
    sampled: scores.by.sampled,
    // Whole, also where the rule lets only some rollouts train.
    entropy: tokensBySource(ruling.dataset.tokens.forest),
    cuts,
    train: keep.train.budgets ?? [],
    fidelity: fidelitySums(planned),
    weights: recordWeightSums(planned),
    overLong: planned.plan.overLong,
    rule: ruling.rule,
    acts: ruling.acted.answer,
    signal: signalName(signalFacts(ruling)),
  };
}
