/** The verbs of a session about what carries loss. */
import type { NodeKey } from '../../core/model/node-key.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { LossCounts, TrainCurve } from '../answers/training.ts';
import type { Orders } from '../orders.ts';
import { moved } from '../transferables.ts';
import { lossCounts } from './loss-counts.ts';
import { tokenWeights, trainedShares } from './shares.ts';
import { trainCurve } from './train-curve.ts';

export interface SessionTraining {
  /** node of the task's token tree -> share of its sampled tokens that carry loss, NaN where it is not sampled. */
  trainedShares(orderId: number, budget: Budget, task: number): Float32Array<ArrayBuffer>;
  /** token of a node -> its weight over all records, 0 = no loss; null where the policy did not write the node. */
  tokenWeights(orderId: number, budget: Budget, key: NodeKey): Float32Array<ArrayBuffer> | null;
  lossCounts(orderId: number, budget: Budget): LossCounts;
  /** Gives way to opening and to ticks. Rejects when the order is no longer held. */
  trainCurve(orderId: number, cutShare: number): Promise<TrainCurve>;
}

/** @param pause resolves when nothing that cannot wait is going on; rejects when the order is no longer held */
export function makeSessionTraining(orders: Orders, pause: (orderId: number) => Promise<void>): SessionTraining {
  return {
    trainedShares: (orderId, budget, task) => moved(trainedShares(orders.of(orderId), orders.keepOf(orderId, budget), task)),
    tokenWeights: (orderId, budget, key) => tokenWeights(orders.of(orderId), orders.keepOf(orderId, budget), key),
    lossCounts: (orderId, budget) => lossCounts(orders.of(orderId), orders.keepOf(orderId, budget)),
    trainCurve: (orderId, cutShare) => trainCurve(orders.of(orderId), cutShare, () => pause(orderId)),
  };
}
