/**
 * Rows of one part of a log in the order in which they are taken, each with what it was taken by. A heap takes the best of what is
 * at hand, and what is at hand in one task depends on no other; so the runs of all parts, merged by the best of their next rows,
 * are the order of the whole log. [ours]
 */
import { NONE } from '../model/kinds.ts';
import { boundBlocks } from './bound.ts';
import { densityWays } from './grouped-density.ts';
import { makeHeads } from './heads.ts';
import type { PruneOrder } from './order.ts';
import type { PruneProblem } from './problem.ts';
import { releasePositions } from './release.ts';
import type { NodeShape } from './segments.ts';
import { planTrainOrder } from './train.ts';
import { orderUnits } from './unit-order.ts';
import type { UnitPlan } from './units.ts';

/** Columns by row. Of the parts' next rows the smallest `kind` comes first, then the largest `key`, then by `share`, `high`, `low`. */
export interface Run {
  readonly kind: Uint8Array;
  readonly key: Float64Array;
  readonly share: Uint32Array;
  /** The key of the node that it is named by. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** What it adds. */
  readonly cost: Float64Array;
  readonly value: Float64Array;
  readonly flags: Uint8Array;
}

/** `opens`: a group, or a block of a bound. `pinned`: pins demand something of it. `useful`: something of it may carry loss. */
export const RUN = { opens: 1, pinned: 2, useful: 4 } as const;

export function makeRun(length: number): Run {
  return {
    kind: new Uint8Array(length),
    key: new Float64Array(length),
    share: new Uint32Array(length),
    high: new Uint32Array(length),
    low: new Uint32Array(length),
    cost: new Float64Array(length),
    value: new Float64Array(length),
    flags: new Uint8Array(length),
  };
}

/** Rows [from, to), at most as many as there are. */
export function runSlice(run: Run, from: number, to: number): Run {
  return {
    kind: run.kind.slice(from, to),
    key: run.key.slice(from, to),
    share: run.share.slice(from, to),
    high: run.high.slice(from, to),
    low: run.low.slice(from, to),
    cost: run.cost.slice(from, to),
    value: run.value.slice(from, to),
    flags: run.flags.slice(from, to),
  };
}

/** The units of an order; a group's cost and signal stand at the unit that opens it. O(n log n). The strategy must be `mergeable`. */
export function orderRun(problem: PruneProblem, { units }: UnitPlan): Run {
  const { forest, rule } = problem;
  const heads = makeHeads(units.length);
  const { order, goesOn } = orderUnits(problem, units, rule.strategy, rule.seed, heads);
  const release = releasePositions(units, order, goesOn);
  const run = makeRun(order.length);
  for (let i = 0; i < order.length; i++) {
    const u = order[i];
    run.kind[i] = 1 - units.mandatory[u];
    run.key[i] = heads.key[u];
    name(run, i, problem, heads.share[u], heads.node[u]);
    // In the order of units, as groups are added up.
    const at = release[u];
    run.cost[at] += units.cost[u];
    run.value[at] += units.signal[u];
    run.flags[at] |= RUN.opens | (units.mandatory[u] === 1 ? RUN.pinned : 0);
  }
  const all = forest.trajectories.learners === undefined;
  for (let n = 0; n < forest.length; n++) if (all || forest.sampledCount[n] > 0) run.flags[release[units.unitOf[n]]] |= RUN.useful;
  return run;
}

/** The ways of `density` to order units that share one budget: rows of its smaller trees. Of them the best is chosen by the whole. */
export function wayRuns(problem: PruneProblem, { units }: UnitPlan): Run[] {
  return densityWays(problem, units).map(({ rows, tops, tree }) => {
    const run = makeRun(rows.order.length);
    for (let b = 0; b + 1 < rows.blockStart.length; b++) {
      for (let i = rows.blockStart[b]; i < rows.blockStart[b + 1]; i++) {
        run.key[i] = tops.density[b];
        name(run, i, problem, units.share[tops.place[b]], units.top[tops.place[b]]);
        run.cost[i] = tree.cost[rows.order[i]];
        run.value[i] = tree.signal[rows.order[i]];
      }
    }
    return run;
  });
}

/** The rows of a bound, block by block; equals are those of the earlier part. */
export function boundRun(problem: PruneProblem, shape: NodeShape, signal: Float64Array, cost: Float64Array): Run {
  const { tree, order: blocks } = boundBlocks(problem.forest, shape, signal, cost);
  const run = makeRun(blocks.order.length);
  for (let b = 0; b + 1 < blocks.blockStart.length; b++) {
    const from = blocks.blockStart[b];
    run.flags[from] = RUN.opens;
    for (let i = from; i < blocks.blockStart[b + 1]; i++) {
      run.key[i] = blocks.density[blocks.order[from]];
      run.cost[i] = tree.cost[blocks.order[i]];
      run.value[i] = tree.signal[blocks.order[i]];
    }
  }
  return run;
}

/** The nodes of a train order: `cost` is the rank of each in the prune order of its part, `value` its tokens. */
export function trainRun(problem: PruneProblem, order: PruneOrder): Run {
  const train = planTrainOrder(problem);
  const run = makeRun(train.nodes.length);
  for (let i = 0; i < train.nodes.length; i++) {
    const n = train.nodes[i];
    const isPinned = train.protections.pinned[n] === 1;
    run.kind[i] = isPinned ? 0 : 1;
    run.key[i] = train.density[n];
    name(run, i, problem, train.share[n], n);
    run.cost[i] = order.rank[n];
    run.value[i] = train.tokens[n];
    run.flags[i] = isPinned ? RUN.pinned : 0;
  }
  return run;
}

function name(run: Run, i: number, { forest }: PruneProblem, share: number, node: number): void {
  if (node === NONE) return;
  run.share[i] = share;
  run.high[i] = forest.keys[2 * node];
  run.low[i] = forest.keys[2 * node + 1];
}
