/** One tick of the budget slider, a search in a precomputed order, against running the heap again. */
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { countKept, summarize } from '../../../src/core/prune/counters.ts';
import { cutAt, keepMask } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import { layTicks, planTrainOrder, trainEnd } from '../../../src/core/prune/train.ts';
import { makeEndFinder } from '../../../src/core/prune/train-jump.ts';
import { longTerm } from '../../../src/core/signal/long-term.ts';
import { tokenReach } from '../../../src/core/signal/reach.ts';
import { forestOf, rolloutTree, skewedSignal } from '../data/forests.ts';
import { pruneWithHeap } from '../reference/typed-heap.ts';
import { expectEqual, faster, timed, type Row, type Scale } from './row.ts';

const SHARES = [0.1, 0.3, 0.5] as const;
const TICKS = 2000;

export function sliderRows(scale: Scale): Row[] {
  const nodes = scale.quick ? 20_000 : 1_000_000;
  scale.say(`moving the slider over ${nodes} nodes`);
  const forest = forestOf(rolloutTree(nodes, nodes, [16, 64], 32, 3));
  const signal = skewedSignal(forest, 4);
  const lte = longTerm(forest, signal, 1);
  const reach = tokenReach(forest);
  const importance = lte.map((value, n) => value * reach[n]);
  const rule = { ...DEFAULT_RULE, protect: {}, trainProtect: {}, context: 0, strategy: 'best-first' } as const;
  const problem = {
    forest,
    signal,
    importance,
    trajectoryAdvantage: forest.trajectories.advantage,
    trajectoryReward: forest.trajectories.reward,
    rule,
  };
  const making = timed(() => planOrder(problem));
  const order = making.result;
  const counters = countKept(forest, order);
  const ticks = layTicks(planTrainOrder(problem), order, problem.signal);
  const endAt = makeEndFinder(ticks);
  const rows: Row[] = [];
  let heapMs = 0;
  let tickMs = 0;
  let figuresMs = 0;
  let trainMs = 0;
  let passMs = 0;
  for (const share of SHARES) {
    let heap = Infinity;
    for (let run = 0; run < scale.runs; run++) {
      const { ms, result } = timed(() => pruneWithHeap(forest, importance, order.plan.cost, signal, share * order.totalCost));
      heap = Math.min(heap, ms);
      if (run > 0) continue;
      const cut = cutAt(order, share);
      expectEqual(`tokens kept at ${share}`, cut.cost, result.cost);
      const mask = keepMask(forest, order, cut);
      expectEqual(
        `nodes kept otherwise at ${share}`,
        mask.reduce((sum, kept, n) => sum + Number(kept !== result.kept[n]), 0),
        0,
      );
    }
    heapMs += heap / SHARES.length;
    tickMs += perTick(share, (at) => cutAt(order, at).cost) / SHARES.length;
    figuresMs += perTick(share, (at) => summarize(order, counters, cutAt(order, at)).cost.kept) / SHARES.length;
    const cut = cutAt(order, share);
    const sampled = summarize(order, counters, cut).counts.sampled.kept;
    const kept = { tokens: sampled, signal: cut.signal };
    const pass = timed(() => trainEnd(ticks, cut, kept, 0.5));
    passMs += pass.ms / SHARES.length;
    expectEqual(`rows before the end of the train set at ${share}`, endAt(cut, kept, 0.5).end, pass.result.end);
    trainMs += perTick(0.5, (at) => endAt(cut, kept, at).tokens) / SHARES.length;
  }
  const made = `the order was made once in ${making.ms.toFixed(0)} ms; same nodes kept`;
  const what = `${forest.length} nodes, mean of budgets 10, 30 and 50 %; ${made}`;
  rows.push(faster('slider tick: the cut vs a typed heap run again', { ours: tickMs, reference: heapMs }, '>= 1000', what));
  rows.push(
    faster(
      'slider tick: the cut and all its counters vs a typed heap run again',
      { ours: figuresMs, reference: heapMs },
      '',
      'the heap counts nothing but cost and signal',
    ),
  );
  rows.push(
    faster(
      'slider tick: where the set that carries loss ends vs a typed heap run again',
      { ours: trainMs, reference: heapMs },
      '>= 1000',
      `train budget 50 %: ${trainMs.toFixed(3)} ms; a pass over the rows before the end takes ${passMs.toFixed(1)} ms`,
    ),
  );
  return rows;
}

/** Milliseconds of one call, over many neighbouring shares. */
function perTick(share: number, tick: (share: number) => number): number {
  let sum = 0;
  const { ms } = timed(() => {
    for (let i = 0; i < TICKS; i++) sum += tick(share + (i - TICKS / 2) * 1e-6);
  });
  if (!(sum > 0)) throw new Error('the ticks kept nothing');
  return ms / TICKS;
}
