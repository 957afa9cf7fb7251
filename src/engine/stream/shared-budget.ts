/** One budget for all tasks of a log that is pruned in parts: which groups of each part it keeps, to the bit as in memory. */
import type { Budget } from '../../core/model/rule.ts';
import { budgetOf } from '../../core/prune/cost.ts';
import type { KeepSummary } from '../../core/prune/counters.ts';
import { RUN, type Run } from '../../core/prune/run.ts';
import type { TrainSet } from '../../core/prune/train-method.ts';
import { NO_DEMAND, type Curve, type CurveRun } from './curve.ts';
import { mergeRuns, type RunReader } from './merge.ts';

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

/** What the whole leaves to a part: groups of its order, and rows of its train order; Infinity: all. */
export interface Allotment {
  readonly groups: number;
  readonly trainRows: number;
}

/** @param curves of all parts, in their order, the demand of each with that of those before it */
export async function cutShared(curves: readonly Curve[], { cut: share, train }: Budget): Promise<SharedCut> {
  const { limits, ...summary } = await cutOf(curves, share, Infinity);
  return { limits, ...summary, ...(await trainIn(runsOf(curves, 'train'), limits, train, Infinity)) };
}

/** The same of a part that is pruned in parts of its own. Its budget is what it keeps; the bound is for that. */
export async function cutAllotted(curves: readonly Curve[], { groups, trainRows }: Allotment): Promise<SharedCut> {
  const { limits, ...summary } = await cutOf(curves, 1, groups);
  return { limits, ...summary, ...(await trainIn(runsOf(curves, 'train'), limits, 1, trainRows)) };
}

function runsOf(curves: readonly Curve[], kind: CurveRun): readonly RunReader[] {
  return curves.map(({ runs }) => runs[kind]);
}

/** @param most groups that it may keep */
async function cutOf(curves: readonly Curve[], share: number, most: number): Promise<Omit<SharedCut, 'train' | 'trainEnds'>> {
  const order = runsOf(curves, 'order');
  const { demand } = curves.at(-1) ?? { demand: NO_DEMAND };
  const whole = await sumOrder(order);
  const allowed = budgetOf(share, whole.cost);
  const kept = await fill(order, allowed, Math.min(most, whole.useful));
  const budget = most === Infinity ? allowed : kept.cost;
  const bounds = runsOf(curves, 'bound');
  // In memory the bound has sums of its own, which may differ in the last bits.
  const ofBound = most === Infinity ? budgetOf(share, await costOf(bounds)) : budget;
  const left = (most === Infinity ? budgetOf(share, demand.total) : budget) - demand.cost;
  return {
    limits: kept.limits,
    cost: { kept: kept.cost, total: whole.cost, budget, floor: whole.floor },
    signal: {
      kept: kept.signal,
      total: whole.signal,
      bound: await boundOf(bounds, ofBound),
      pinnedBound: !demand.hasPins || left < 0 ? null : demand.signal + (await boundOf(runsOf(curves, 'rest'), left)),
    },
    floorUnmet: whole.floor > budget ? 1 : 0,
  };
}

/** Sums over all groups in their order; `floor`: of those up to the last that pins demand; `useful`: groups up to the last such. */
async function sumOrder(orders: readonly RunReader[]): Promise<{ cost: number; signal: number; floor: number; useful: number }> {
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

/** The longest run of whole groups that fits, at most so many. */
async function fill(
  orders: readonly RunReader[],
  allowed: number,
  most: number,
): Promise<{ limits: readonly number[]; cost: number; signal: number }> {
  const limits = orders.map(() => 0);
  const sums = { cost: 0, signal: 0 };
  let groups = 0;
  await mergeRuns(orders, (part, run, row) => {
    if (((run.flags[row] ?? 0) & RUN.opens) === 0) return true;
    const cost = sums.cost + (run.cost[row] ?? 0);
    if (cost > allowed || groups === most) return false;
    groups++;
    sums.cost = cost;
    sums.signal += run.value[row] ?? 0;
    limits[part] = (limits[part] ?? 0) + 1;
    return true;
  });
  return { limits, ...sums };
}

async function costOf(runs: readonly RunReader[]): Promise<number> {
  let total = 0;
  await mergeRuns(runs, (_, run, row) => {
    total += run.cost[row] ?? 0;
    return true;
  });
  return total;
}

/** Most signal at a cost: whole blocks, then the fraction of the next that still fits. */
async function boundOf(bounds: readonly RunReader[], budget: number): Promise<number> {
  // Corners of the curve: the last that fits, and the next.
  let low = { cost: 0, signal: 0 };
  const high = { cost: 0, signal: 0 };
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

/** @param most rows of the train order */
async function trainIn(
  trains: readonly RunReader[],
  limits: readonly number[],
  share: number,
  most: number,
): Promise<Pick<SharedCut, 'train' | 'trainEnds'>> {
  const isKept = (part: number, run: Run, row: number): boolean => (run.cost[row] ?? 0) < (limits[part] ?? 0);
  let sampled = 0;
  await mergeRuns(trains, (part, run, row) => {
    if (isKept(part, run, row)) sampled += run.value[row] ?? 0;
    return true;
  });
  const budget = budgetOf(share, sampled);
  if (budget >= sampled && most === Infinity)
    return { trainEnds: limits.map(() => Infinity), train: { tokens: sampled, expected: sampled, budget, pinsUnmet: null } };
  const trainEnds = limits.map(() => 0);
  let tokens = 0;
  let demanded = 0;
  let rows = 0;
  let isFull = false;
  let isUnmet = false;
  await mergeRuns(trains, (part, run, row) => {
    const isPinned = ((run.flags[row] ?? 0) & RUN.pinned) !== 0;
    isFull ||= rows === most;
    if (isKept(part, run, row)) {
      const own = run.value[row] ?? 0;
      isFull ||= tokens + own > budget;
      if (!isFull) tokens += own;
      isUnmet ||= isFull && isPinned;
      if (isPinned) demanded += own;
    }
    if (isFull) return isPinned;
    rows++;
    trainEnds[part] = (trainEnds[part] ?? 0) + 1;
    return true;
  });
  const allowed = most === Infinity ? budget : tokens;
  return {
    trainEnds,
    train: { tokens, expected: tokens, budget: allowed, pinsUnmet: isUnmet ? { pinned: demanded, budget: allowed } : null },
  };
}
