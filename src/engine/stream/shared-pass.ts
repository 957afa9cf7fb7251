/** The passes over a log in parts that one budget for all tasks takes before anything is written. */
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { wayRuns, type Run } from '../../core/prune/run.ts';
import type { WholeLog } from '../../core/signal/whole-log.ts';
import type { Dataset } from '../dataset.ts';
import { applyBudget, applyShared, makeRuling } from '../ruling.ts';
import type { Keep, Ruling } from '../ruled.ts';
import { CURVE_RUNS, curveOf, NO_DEMAND, type Curve } from './curve.ts';
import { mergeRuns, spillRun } from './merge.ts';
import { cutAllotted, cutShared, type Allotment, type SharedCut } from './shared-budget.ts';
import type { MakeSpill, Spill } from './spill.ts';

/** The parts of a log, in the order of tasks. */
type Parts = (whole: WholeLog) => AsyncIterable<Dataset>;

/** The curves of the parts of a log. */
export async function curvesOf(rule: PruneRule, datasets: AsyncIterable<Dataset>, makeSpill: MakeSpill): Promise<readonly Curve[]> {
  const curves: Curve[] = [];
  for await (const dataset of datasets) {
    const ruling = makeRuling(dataset, rule, dataset.version, null);
    curves.push(curveOf(ruling, curves.at(-1)?.demand ?? NO_DEMAND, makeSpill, String(curves.length)));
  }
  return curves;
}

export function dropCurves(curves: readonly Curve[]): void {
  for (const { runs } of curves) for (const kind of CURVE_RUNS) runs[kind].drop();
}

/** What the log keeps under a budget, or of what a larger log leaves to it. */
export async function sharedCut(
  rule: PruneRule,
  budget: Budget,
  allotted: Allotment | null,
  datasets: AsyncIterable<Dataset>,
  makeSpill: MakeSpill,
): Promise<SharedCut> {
  const curves = await curvesOf(rule, datasets, makeSpill);
  const cut = allotted === null ? await cutShared(curves, budget) : await cutAllotted(curves, allotted);
  dropCurves(curves);
  return cut;
}

/** What of the whole a part must be told, with the way of `density` that is best for all of it where there are several. */
export async function withWay(whole: WholeLog, rule: PruneRule, datasets: Parts, makeSpill: MakeSpill): Promise<WholeLog> {
  if (rule.scope !== 'global' || rule.strategy !== 'density' || !whole.hasOpen) return whole;
  const ways = makeWays(makeSpill);
  for await (const dataset of datasets(whole)) {
    const { problem, shared } = makeRuling(dataset, rule, dataset.version, null);
    ways.add(wayRuns(problem, shared.plan));
  }
  return { ...whole, way: await ways.best() };
}

interface Ways {
  /** The ways of a part, in the order of parts. */
  add(runs: readonly Run[]): void;
  /** The first with the most signal over all budgets. */
  best(): Promise<number>;
}

export function makeWays(makeSpill: MakeSpill): Ways {
  const ways: Spill<Run>[][] = [];
  return {
    add(runs) {
      for (const [way, run] of runs.entries()) (ways[way] ??= []).push(spillRun(run, makeSpill, `way-${way}-${ways[way]?.length ?? 0}`));
    },
    best: () => bestOf(ways),
  };
}

async function bestOf(ways: readonly (readonly Spill<Run>[])[]): Promise<number> {
  let best = { way: 0, area: -1 };
  for (const [way, runs] of ways.entries()) {
    let area = 0;
    let kept = 0;
    await mergeRuns(runs, (_, run, row) => {
      area += kept * (run.cost[row] ?? 0);
      kept += run.value[row] ?? 0;
      return true;
    });
    if (area > best.area) best = { way, area };
    for (const spill of runs) spill.drop();
  }
  return best.way;
}

/** A budget applied to a part. */
export function keepOf(ruling: Ruling, budget: Budget, shared: SharedCut | null, part: number): Keep {
  if (shared === null) return applyBudget(ruling, budget);
  return applyShared(ruling, budget, { groups: shared.limits[part] ?? 0, trainRows: shared.trainEnds[part] ?? 0 });
}
