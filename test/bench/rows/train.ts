/** One tick of the train budget where single tokens are chosen, against a pass over the tokens of the cut. */
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { countKept, summarize } from '../../../src/core/prune/counters.ts';
import { cutAt, keepMask } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { planTrain } from '../../../src/core/prune/train-plan.ts';
import { forestOf, rolloutTree, skewedSignal } from '../data/forests.ts';
import { expectEqual, faster, timed, type Row, type Scale } from './row.ts';

const METHODS = ['top', 'unbiased'] as const;
const SHARES = [0.1, 0.3, 0.6, 1] as const;
/** Of one budget; the first are slower, until the code is compiled. */
const TICKS = 20;
const TRAIN = [0.05, 0.2, 0.5] as const;

export function trainRows(scale: Scale): Row[] {
  const nodes = scale.quick ? 10_000 : 100_000;
  scale.say(`choosing single tokens for training over ${nodes} nodes`);
  const forest = forestOf(rolloutTree(nodes, nodes, [16, 64], 32, 3));
  const signal = skewedSignal(forest, 4);
  const random = makeRandom(5);
  const worth = Float32Array.from({ length: forest.edgeStart[forest.length] }, () => random() ** 4);
  const valueOf = (at: number): number => worth[at];
  const tokens = { value: valueOf, amplitude: valueOf, entropy: valueOf, weight: Float64Array.from(forest.reachCount) };
  const rule = { ...DEFAULT_RULE, protect: {}, trainProtect: {}, context: 0 };
  const { advantage: trajectoryAdvantage, reward: trajectoryReward } = forest.trajectories;
  const order = planOrder({ forest, signal, importance: signal, trajectoryAdvantage, trajectoryReward, rule });
  const counters = countKept(forest, order);
  return METHODS.map((train) => {
    const problem = { forest, signal, importance: signal, trajectoryAdvantage, trajectoryReward, tokens, rule: { ...rule, train } };
    const planned = timed(() => planTrain(problem, order));
    let ours = 0;
    let reference = 0;
    let ticks = 0;
    for (const share of SHARES) {
      const cut = cutAt(order, share);
      const kept = keepMask(forest, order, cut);
      const sampled = summarize(order, counters, cut).counts.sampled.kept;
      for (const trainShare of TRAIN) {
        const choose = () => planned.result.choose(cut, sampled, trainShare);
        const first = choose();
        const tick = timed(() => {
          for (let i = 1; i < TICKS; i++) choose();
          return choose();
        });
        const pass = timed(() => {
          let count = 0;
          for (let n = 0; n < forest.length; n++) if (kept[n] === 1) count += tick.result.trainedOf(n);
          return count;
        });
        expectEqual(`tokens of ${train} at ${share} and ${trainShare}`, tick.result.tokens, pass.result);
        expectEqual('tokens of the same tick', first.tokens, tick.result.tokens);
        ours += tick.ms / TICKS;
        reference += pass.ms;
        ticks++;
      }
    }
    const size = `${forest.length} nodes, ${planned.result.pins.of} sampled tokens`;
    return faster(
      `train tick, ${train}: the chosen tokens counted vs a pass over the tokens of the cut`,
      { ours: ours / ticks, reference: reference / ticks },
      '< 1 ms',
      `${size}; planned once in ${planned.ms.toFixed(0)} ms; mean of ${ticks} budgets, same counts`,
    );
  });
}
