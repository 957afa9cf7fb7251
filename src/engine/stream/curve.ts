/** The curve of a part: what a budget that it shares with other parts must know of it. */
import { demandedNodes, withoutNodes } from '../../core/prune/bound.ts';
import { countedSignal } from '../../core/prune/problem.ts';
import { boundRun, orderRun, trainRun, type Run } from '../../core/prune/run.ts';
import type { Ruling } from '../ruled.ts';
import { spillRun, type RunReader } from './merge.ts';
import type { MakeSpill } from './spill.ts';

export const CURVE_RUNS = ['order', 'bound', 'rest', 'train'] as const;
export type CurveRun = (typeof CURVE_RUNS)[number];

export interface Curve {
  /** The units of its order; the rows of its bound, and of the bound of what pins do not demand; its train order. */
  readonly runs: Readonly<Record<CurveRun, RunReader>>;
  readonly demand: Demand;
}

/** Of what pins demand, added up node by node. */
export interface Demand {
  readonly hasPins: boolean;
  readonly cost: number;
  readonly signal: number;
  /** Cost of all nodes. */
  readonly total: number;
}

export const NO_DEMAND: Demand = { hasPins: false, cost: 0, signal: 0, total: 0 };

/** @param before demand of the parts before it, to which its own is added. @param name of what lies on disk */
export function curveOf(
  { problem, shared: { plan }, order }: Pick<Ruling, 'problem' | 'shared' | 'order'>,
  before: Demand,
  makeSpill: MakeSpill,
  name: string,
): Curve {
  const { forest } = problem;
  const signal = countedSignal(problem);
  const { shape, cost, protections } = plan;
  const isPinned = order.pinnedBound !== null;
  const demanded = isPinned ? demandedNodes(forest, shape, protections.pinned) : new Uint8Array(forest.length);
  const demand = { ...before };
  if (isPinned) {
    demand.hasPins = true;
    for (let n = 0; n < forest.length; n++) {
      demand.total += cost[n] ?? 0;
      if (demanded[n] === 0) continue;
      demand.cost += cost[n] ?? 0;
      demand.signal += signal[n] ?? 0;
    }
  }
  const spilled = (kind: CurveRun, run: Run): RunReader => spillRun(run, makeSpill, `${kind}-${name}`);
  return {
    runs: {
      order: spilled('order', orderRun(problem, plan)),
      bound: spilled('bound', boundRun(problem, shape, signal, cost)),
      rest: isPinned
        ? spilled('rest', boundRun(problem, shape, withoutNodes(signal, demanded), withoutNodes(cost, demanded)))
        : makeSpill<Run>(`rest-${name}`),
      train: spilled('train', trainRun(problem, order)),
    },
    demand,
  };
}
