/** What a rule, a tick and a drawing cost by the number of nodes. */
import { icicle } from '../../../src/core/layout/icicle.ts';
import { makeSpine } from '../../../src/core/layout/spine.ts';
import { makeBoxes, visible } from '../../../src/core/layout/visible.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { countKept, summarize } from '../../../src/core/prune/counters.ts';
import { cutAt } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import { longTerm } from '../../../src/core/signal/long-term.ts';
import { tokenReach } from '../../../src/core/signal/reach.ts';
import { forestOf, rolloutTree, skewedSignal } from '../data/forests.ts';
import { timed } from '../rows/row.ts';

export interface NodePoint {
  readonly nodes: number;
  /** Milliseconds: the order with its counters, once per rule; one tick with all figures; placing all nodes; one frame of the whole. */
  readonly orderMs: number;
  readonly tickMs: number;
  readonly layoutMs: number;
  readonly frameMs: number;
  /** Nodes looked at in that frame. */
  readonly looked: number;
}

const TICKS = 500;
const FRAMES = 5;
const RULE = { ...DEFAULT_RULE, protect: {}, trainProtect: {}, context: 0 } as const;

/** Each is the least of three, of forests of up to a million nodes, because compiling takes longer than a small forest does. */
export function measureNodes(nodes: number): NodePoint {
  const tree = rolloutTree(nodes, nodes, [16, 64], 32, 3);
  const forest = forestOf(tree);
  const signal = skewedSignal(forest, 4);
  const lte = longTerm(forest, signal, 1);
  const reach = tokenReach(forest);
  const { advantage: trajectoryAdvantage, reward: trajectoryReward } = forest.trajectories;
  const importance = lte.map((value, n) => value * reach[n]);
  const problem = { forest, signal, importance, trajectoryAdvantage, trajectoryReward, rule: RULE };
  const runs = nodes > 1e6 ? 1 : 3;
  const making = least(runs, () => {
    const order = planOrder(problem);
    return { order, counters: countKept(forest, order) };
  });
  const { order, counters } = making.result;
  const ticking = least(runs, () => {
    let kept = 0;
    for (let i = 0; i < TICKS; i++) kept += summarize(order, counters, cutAt(order, 0.1 + (0.8 * i) / TICKS)).cost.kept;
    if (!(kept > 0)) throw new Error('the ticks kept nothing');
  });
  const shape = {
    length: forest.length,
    trajectories: forest.trajectories.length,
    parent: forest.parent,
    subtreeEnd: forest.subtreeEnd,
    depth: forest.depth,
    tokens: tree.tokens,
    reachCount: forest.reachCount,
  };
  const placing = least(runs, () => icicle(shape, 'left-heavy'));
  const spine = makeSpine(shape, placing.result);
  const boxes = makeBoxes();
  const { width, height } = placing.result;
  const drawing = least(FRAMES, () => visible(spine, { columns: 1600, rows: 1000, left: 0, right: width, top: 0, bottom: height }, boxes));
  return {
    nodes: forest.length,
    orderMs: making.ms,
    tickMs: ticking.ms / TICKS,
    layoutMs: placing.ms,
    frameMs: drawing.ms,
    looked: boxes.visited + boxes.probed,
  };
}

function least<A>(runs: number, body: () => A): { readonly ms: number; readonly result: A } {
  let best = timed(body);
  for (let run = 1; run < runs; run++) {
    const next = timed(body);
    if (next.ms < best.ms) best = next;
  }
  return best;
}
