/** The gradient meter at a tick, a lookup in what one pass along the order left, against adding up the sketches again. */
import { gradientField, makeSum, addRow, measure } from '../../../src/core/gradient/meter.ts';
import { orderSteps } from '../../../src/core/gradient/order-steps.ts';
import { curveAt, sweepRows } from '../../../src/core/gradient/sweep.ts';
import type { SketchRows } from '../../../src/core/gradient/store.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { cutAt } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { forestOf, rolloutTree, skewedSignal } from '../data/forests.ts';
import { expectEqual, faster, timed, type Row, type Scale } from './row.ts';

const DIM = 512;
const TICKS = 2000;
/** As many sketches of nodes are kept at most. */
const SKETCHES = 1 << 16;

export function meterRows(scale: Scale): Row[] {
  const nodes = scale.quick ? 10_000 : 100_000;
  scale.say(`measuring gradients over ${nodes} nodes`);
  const forest = forestOf(rolloutTree(nodes, nodes, [16, 64], 32, 3));
  const signal = skewedSignal(forest, 4);
  const rule = { ...DEFAULT_RULE, protect: {}, trainProtect: {}, context: 0 } as const;
  const { advantage, reward } = forest.trajectories;
  const problem = { forest, signal, importance: signal, trajectoryAdvantage: advantage, trajectoryReward: reward, rule };
  const order = planOrder(problem);
  const rows = drawSketches(forest.sampledCount);
  const field = gradientField(rows, DIM, (n) => (forest.sampledCount[n] ?? 0) / forest.trajectories.length);
  if (field === null) throw new Error('expected weights');
  const sweeping = timed(() => {
    const steps = orderSteps(forest, order);
    return {
      steps,
      curve: sweepRows(
        field,
        steps.length,
        rows.of.map((n) => steps.of[n] ?? 0),
        field.weight,
      ),
    };
  });
  const { steps, curve } = sweeping.result;
  const at = (share: number): number => curveAt(curve, steps.at(cutAt(order, share))).cosine;
  const again = timed(() => {
    const sum = makeSum(field);
    const limit = cutAt(order, 0.3).limit[0] ?? 0;
    rows.of.forEach((n, row) => (order.rank[n] ?? 0) < limit && addRow(field, sum, row, field.weight[row] ?? 0));
    return measure(field, sum);
  });
  expectEqual('cosine at 30 %', at(0.3).toFixed(4), again.result.cosine.toFixed(4));
  let sum = 0;
  const ticking = timed(() => {
    for (let i = 0; i < TICKS; i++) sum += at(0.3 + (i - TICKS / 2) * 1e-6);
  });
  if (!(sum > 0)) throw new Error('the ticks kept nothing');
  const note =
    `${forest.length} nodes, ${rows.of.length} sketches of ${DIM} numbers; ` +
    `the pass along the order took ${sweeping.ms.toFixed(0)} ms once`;
  const times = { ours: ticking.ms / TICKS, reference: again.ms };
  return [faster('slider tick: the gradient meter vs adding up the sketches again', times, '< 1 ms', note)];
}

/** A uniform sample of the sampled nodes, with random sketches that lean one way. */
function drawSketches(sampledCount: Int32Array): SketchRows {
  const random = makeRandom(9);
  const sampled: number[] = [];
  sampledCount.forEach((count, n) => {
    if (count > 0) sampled.push(n);
  });
  const share = Math.min(1, SKETCHES / sampled.length);
  const of = Int32Array.from(sampled.filter(() => random() < share));
  const values = new Uint16Array(of.length * DIM);
  // Halves from 0.5 to 1, two in three of them positive.
  for (let i = 0; i < values.length; i++) values[i] = 0x3800 | (random() * 1024) | (random() < 1 / 3 ? 0x8000 : 0);
  return { of, scale: new Float32Array(of.length).fill(1), values, share };
}
