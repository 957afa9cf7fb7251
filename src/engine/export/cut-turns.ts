/** Finds records that train nothing but a turn which the log cuts off: they have no whole message to train on. */
import { shownPath } from '../../core/export/branches.ts';
import { originOf } from '../../core/tokens/token-origin.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import type { PlannedExport } from './planned.ts';

/** @param record of the plan */
export function trainsOnlyCutTurn({ plan, ruling }: PlannedExport, record: number): boolean {
  const { dataset, problem } = ruling;
  const { forest } = problem;
  const { rollout, branch, leaf } = forest.trajectories;
  const trajectory = plan.trajectory[record] ?? 0;
  const row = dataset.tokens.rollouts[rollout[trajectory] ?? 0];
  if (originOf(row?.tokensFrom, branch[trajectory] ?? 0)?.isCutOff !== true) return false;
  // The turn that was cut off is the last run of what the trajectory sampled.
  const whole = pathTo(forest, leaf[trajectory] ?? 0);
  let first = whole.length - 1;
  while (first >= 0 && !hasSampled(forest, trajectory, whole[first] ?? 0)) first--;
  while (first > 0 && hasSampled(forest, trajectory, whole[first - 1] ?? 0)) first--;
  const start = forest.depth[whole[first] ?? 0] ?? 0;
  const { nodes, marks } = shownPath(forest, plan, record);
  return marks.every((mark, i) => mark === 0 || (forest.depth[nodes[i] ?? 0] ?? 0) >= start);
}
