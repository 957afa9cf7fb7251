/** One budget for all tasks of a log that is pruned in parts: which groups of each part it keeps, to the bit as in memory. */
import { demandedNodes, withoutNodes } from '../../core/prune/bound.ts';
import { budgetOf } from '../../core/prune/cost.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { KeepSummary } from '../../core/prune/counters.ts';
import type { TrainSet } from '../../core/prune/train-method.ts';
import { boundRun, orderRun, RUN, trainRun, type Run } from '../../core/prune/run.ts';
import type { Ruling } from '../ruling.ts';
import { mergeRuns, spillRun } from './merge.ts';
import type { MakeSpill, Spill } from './spill.ts';

/** What a budget comes to. */
export interface SharedCut {
  /** part -> groups of it that are kept */
  readonly limits: readonly number[];
  /** part -> rows of its train order that may carry loss */
  readonly trainEnds: readonly number[];
  readonly cost: KeepSummary['cost'];
  readonly signal: KeepSummary['signal'];
  readonly floorUnmet: number;
  readonly train: Pick<TrainSet, 'tokens' | 'expected' | 'budget' | 'pinsUnmet'>;
}

export interface SharedBudget {
  /** In the order of parts. */
  add(ruling: Pick<Ruling, 'problem' | 'shared' | 'order'>): void;
  cut(budget: Budget): Promise<SharedCut>;
  /** Lets go of what lies on disk. */
  drop(): void;
}

export function makeSharedBudget(makeSpill: MakeSpill): SharedBudget {
  const orders: Spill<Run>[] = [];
  const bounds: Spill<Run>[] = [];
  const restBounds: Spill<Run>[] = [];
  const trains: Spill<Run>[] = [];
  // Of what pins demand, added up node by node.
  const demand = { hasPins: false, cost: 0, signal: 0, total: 0 };
  const parts = (): number => orders.length;
  return {
    add({ problem, shared: { plan }, order }) {
      const { forest, signal } = problem;
      const put = (list: Spill<Run>[], name: string, run: Run): void => void list.push(spillRun(run, makeSpill, `${name}-${list.length}`));
      put(orders, 'order', orderRun(problem, plan));
      put(bounds, 'bound', boundRun(problem, plan.shape, signal, plan.cost));
      put(trains, 'train', trainRun(problem, order));
      if (order.pinnedBound === null) return;
      demand.hasPins = true;
      const demanded = demandedNodes(forest, plan.shape, plan.protections.pinned);
      for (let n = 0; n < forest.length; n++) {
        demand.total += plan.cost[n] ?? 0;
        if (demanded[n] === 0) continue;
        demand.cost += plan.cost[n] ?? 0;
        demand.signal += signal[n] ?? 0;
      }
      put(restBounds, 'rest', boundRun(problem, plan.shape, withoutNodes(signal, demanded), withoutNodes(plan.cost, demanded)));
    },
    async cut({ cut: share, train: trainShare }) {
      const whole = await sumOrder(orders);
      const allowed = budgetOf(share, whole.cost);
      const kept = await fill(orders, allowed, whole.useful, parts());
      const pinnedLeft = budgetOf(share, demand.total) - demand.cost;
      const bound = await boundOf(bounds, share, null);
      return {
        limits: kept.limits,
        cost: { kept: kept.cost, total: whole.cost, budget: allowed, floor: whole.floor },
        signal: {
          kept: kept.signal,
          total: whole.signal,
          bound,
          pinnedBound: !demand.hasPins || pinnedLeft < 0 ? null : demand.signal + (await boundOf(restBounds, share, pinnedLeft)),
        },
        floorUnmet: whole.floor > allowed ? 1 : 0,
        ...(await trainIn(trains, kept.limits, trainShare)),
      };
    },
    drop: () => [orders, bounds, restBounds, trains].forEach((list) => list.forEach((spill) => spill.drop())),
  };
}

/** Sums over all groups in their order; `floor`: of those up to the last that pins demand; `useful`: groups up to the last such. */
async function sumOrder(orders: readonly Spill<Run>[]): Promise<{ cost: number; signal: number; floor: number; useful: number }> {
  const sums = { cost: 0, signal: 0, floor: 0, useful: 0 };
  let groups = 0;
  await mergeRuns(orders, (_, run, row) => {
    const flags = run.flags[row] ?? 0;
    if ((flags & RUN.opens) === 0) return true;
    groups++;
    sums.cost += run.cost[row] ?? 0;
    sums.signal += run.value[row] ?? 0;
    if ((flags & RUN.pinned) !== 0) sums.floor = sums.cost;
    if ((flags & RUN.useful) !== 0) sums.useful = groups;
    return true;
  });
  return sums;
}

/** The longest run of whole useful groups that fits. */
async function fill(
  orders: readonly Spill<Run>[],
  allowed: number,
  useful: number,
  parts: number,
): Promise<{ limits: readonly number[]; cost: number; signal: number }> {
  const limits = Array.from({ length: parts }, () => 0);
  const sums = { cost: 0, signal: 0 };
  let groups = 0;
  await mergeRuns(orders, (part, run, row) => {
    if (((run.flags[row] ?? 0) & RUN.opens) === 0) return true;
    const cost = sums.cost + (run.cost[row] ?? 0);
    if (cost > allowed || groups === useful) return false;
    groups++;
    sums.cost = cost;
    sums.signal += run.value[row] ?? 0;
    limits[part] = (limits[part] ?? 0) + 1;
    return true;
  });
  return { limits, ...sums };
}

/** Most signal at a cost: whole blocks, then the fraction of the next that still fits. @param left cost; null: `share` of all */
async function boundOf(bounds: readonly Spill<Run>[], share: number, left: number | null): Promise<number> {
  let budget = left ?? 0;
  if (left === null) {
    let total = 0;
    await mergeRuns(bounds, (_, run, row) => {
      total += run.cost[row] ?? 0;
      return true;
    });
    budget = budgetOf(share, total);
  }
  // Corners of the curve: the last that fits, and the next.
  let low = { cost: 0, signal: 0 };
  let high = { cost: 0, signal: 0 };
  await mergeRuns(bounds, (_, run, row) => {
    if (((run.flags[row] ?? 0) & RUN.opens) !== 0) {
      if (high.cost > budget) return false;
      low = { ...high };
    }
    high.cost += run.cost[row] ?? 0;
    high.signal += run.value[row] ?? 0;
    return true;
  });
  if (high.cost <= budget) return high.signal;
  return low.signal + ((budget - low.cost) / (high.cost - low.cost)) * (high.signal - low.signal);
}

async function trainIn(
  trains: readonly Spill<Run>[],
  limits: readonly number[],
  share: number,
): Promise<Pick<SharedCut, 'train' | 'trainEnds'>> {
  const isKept = (part: number, run: Run, row: number): boolean => (run.cost[row] ?? 0) < (limits[part] ?? 0);
  let sampled = 0;
  await mergeRuns(trains, (part, run, row) => {
    if (isKept(part, run, row)) sampled += run.value[row] ?? 0;
    return true;
  });
  const budget = budgetOf(share, sampled);
  if (budget >= sampled)
    return { trainEnds: limits.map(() => Infinity), train: { tokens: sampled, expected: sampled, budget, pinsUnmet: null } };
  const trainEnds = limits.map(() => 0);
  let tokens = 0;
  let demanded = 0;
  let isFull = false;
  let isUnmet = false;
  await mergeRuns(trains, (part, run, row) => {
    const isPinned = ((run.flags[row] ?? 0) & RUN.pinned) !== 0;
    if (isKept(part, run, row)) {
      const own = run.value[row] ?? 0;
      isFull ||= tokens + own > budget;
      if (!isFull) tokens += own;
      isUnmet ||= isFull && isPinned;
      if (isPinned) demanded += own;
    }
    if (!isFull) trainEnds[part] = (trainEnds[part] ?? 0) + 1;
    return !isFull || isPinned;
  });
  return { trainEnds, train: { tokens, expected: tokens, budget, pinsUnmet: isUnmet ? { pinned: demanded, budget } : null } };
}
