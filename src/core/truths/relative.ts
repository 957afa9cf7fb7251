/** Rewards relative to ground truths, and how they go with the rewards of the log. */
import { pearson, ranks } from '../score/agreement.ts';
import { describe } from '../signal/group-advantages.ts';
import type { TruthSettings } from './settings.ts';

/**
 * rollout -> reward; NaN where the discrepancy is unknown.
 * @param discrepancy rollout -> 0 to 1, or NaN. @param task rollout -> its task
 */
export function relativeRewards(discrepancy: Float64Array, task: Int32Array, formula: TruthSettings['formula']): Float64Array<ArrayBuffer> {
  const absolute = Float64Array.from(discrepancy, (d) => 1 - d);
  if (formula === 'absolute') return absolute;
  const groups = membersByTask(task, (r) => !Number.isNaN(absolute[r]));
  const rewards = new Float64Array(absolute.length).fill(Number.NaN);
  for (const members of groups.values()) {
    const { mean, std, isFlat } = describe(members.map((r) => absolute[r]));
    for (const r of members) rewards[r] = isFlat ? 0 : (absolute[r] - mean) / (formula === 'group' ? 1 : std);
  }
  return rewards;
}

/** Two correlations of the same rollouts; NaN where one of the two does not vary. */
export interface Correlation {
  readonly pearson: number;
  readonly spearman: number;
  readonly rollouts: number;
}

export interface Correlations {
  readonly overall: Correlation;
  /** Of deviations from the task's means (and of ranks within the task), over tasks with two rollouts or more. */
  readonly within: Correlation & { readonly tasks: number };
  /** Rollouts of which one of the two is unknown. */
  readonly unknown: number;
}

/** @param rewards rollout -> as logged, or NaN. @param relative rollout -> relative reward, or NaN */
export function correlations(rewards: Float64Array, relative: Float64Array, task: Int32Array): Correlations {
  const isKnown = (r: number): boolean => !Number.isNaN(rewards[r]) && !Number.isNaN(relative[r]);
  const known = Array.from(task.keys()).filter((r) => isKnown(r));
  const groups = [...membersByTask(task, isKnown).values()].filter((members) => members.length > 1);
  const of = (parts: readonly (readonly number[])[]): Correlation => ({
    pearson: pearson(deviations(rewards, parts, plain), deviations(relative, parts, plain)),
    spearman: pearson(deviations(rewards, parts, ranks), deviations(relative, parts, ranks)),
    rollouts: parts.reduce((sum, members) => sum + members.length, 0),
  });
  return { overall: of([known]), within: { ...of(groups), tasks: groups.length }, unknown: task.length - known.length };
}

const plain = (values: Float64Array): Float64Array => values;

/** From the mean of each part; exactly 0 where all values of it are equal: what remains of rounding is no variation. */
function deviations(
  column: Float64Array,
  parts: readonly (readonly number[])[],
  measure: (values: Float64Array) => Float64Array,
): Float64Array {
  return Float64Array.from(
    parts.flatMap((members) => {
      const values = Array.from(measure(Float64Array.from(members, (r) => column[r])));
      const { mean, isFlat } = describe(values);
      return values.map((value) => (isFlat ? 0 : value - mean));
    }),
  );
}

function membersByTask(task: Int32Array, takes: (r: number) => boolean): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let r = 0; r < task.length; r++) {
    if (!takes(r)) continue;
    const members = groups.get(task[r]);
    if (members === undefined) groups.set(task[r], [r]);
    else members.push(r);
  }
  return groups;
}
