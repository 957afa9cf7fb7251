/** What the scores and orders of a task depend on in other tasks, gathered shard by shard in the order of tasks. */
import type { ActedNodes } from '../../core/acts/resolve.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import { areBinary, listRollouts } from '../../core/prune/rollouts.ts';
import { planUnits } from '../../core/prune/units.ts';
import { trajectoryAdvantages } from '../../core/signal/advantage.ts';
import { remainingTasks, taskDivisors } from '../../core/signal/coefficient.ts';
import { addFillTotals } from '../../core/signal/fill.ts';
import { leastKnown } from '../../core/signal/least-known.ts';
import { sumsOf } from '../../core/signal/node-signal.ts';
import { SIGNALS, type SignalId } from '../../core/signal/signals.ts';
import { makeFillTotals } from '../../core/signal/whole.ts';
import type { FillTotals, WholeLog } from '../../core/signal/whole-log.ts';
import { learningForest } from '../../core/tree/outcome.ts';
import type { Frozen } from '../../core/tree/freeze.ts';

export interface Survey {
  /** In the order of tasks. */
  add(shard: Pick<Frozen, 'forest'>, acts: ActedNodes | null): void;
  /** After the last shard. */
  whole(): WholeLog;
}

/** @param hasRewards of the whole log, which the first look has told. O(tokens) for each shard. */
export function makeSurvey(rule: PruneRule, hasRewards: boolean): Survey {
  const known = new Map<SignalId, FillTotals>();
  const least = new Map<SignalId, number>();
  let hasAdvantage = false;
  let hasOpen = false;
  let hasPins = false;
  let hasBinaryRewards = true;
  let tasks = 0;
  let divisors = 0;
  return {
    add({ forest: all }, acts) {
      const forest = learningForest(all, rule.outcome, hasRewards);
      for (const signal of SIGNALS) {
        const sums = sumsOf({ forest, model: null, imported: null }, signal);
        const own = leastKnown(forest, sums?.knownOf ?? new Int32Array(forest.length));
        least.set(signal.id, Math.min(own, least.get(signal.id) ?? 1));
        if (sums === null || sums.known === 0) continue;
        const totals = known.get(signal.id) ?? makeFillTotals();
        known.set(signal.id, totals);
        addFillTotals(totals, forest, sums.sum, sums.knownOf);
      }
      hasAdvantage ||= trajectoryAdvantages(forest, rule.advantage).some((value) => !Number.isNaN(value));
      // What is open and what is pinned does not depend on what nodes are worth.
      const zero = new Float64Array(forest.length);
      const none = new Float64Array(forest.trajectories.length).fill(Number.NaN);
      const { units, protections } = planUnits({
        forest,
        signal: zero,
        importance: zero,
        trajectoryAdvantage: none,
        trajectoryReward: none,
        rule,
        acts,
      });
      hasOpen ||= units.open.includes(1);
      hasPins ||= protections.pinned.includes(1);
      hasBinaryRewards &&= areBinary(listRollouts({ forest, trajectoryReward: forest.trajectories.reward }));
      const isTask = remainingTasks(forest);
      tasks += isTask.reduce((sum, one) => sum + one, 0);
      divisors = taskDivisors(forest, rule.divisor).reduce((sum, value, task) => sum + value * (isTask[task] ?? 0), divisors);
    },
    whole: () => ({ hasRewards, hasAdvantage, known, leastKnown: least, tasks, divisors, hasOpen, hasPins, hasBinaryRewards }),
  };
}
