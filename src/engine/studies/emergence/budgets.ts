/** Budgets beside the one in force. */
import type { Budget } from '../../../core/model/rule.ts';

/** Of the same target: cuts where the one in force cuts or does nothing, else shares that train; without the one in force. */
export function budgetsAt(inForce: Budget, shares: readonly number[]): readonly Budget[] {
  const isTrain = inForce.cut === 1 && inForce.train < 1;
  const own = isTrain ? inForce.train : inForce.cut;
  return [...new Set(shares)]
    .filter((share) => share !== own)
    .sort((a, b) => a - b)
    .map((share) => (isTrain ? { cut: 1, train: share } : { cut: share, train: inForce.train }));
}
