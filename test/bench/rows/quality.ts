/** How much signal an order retains: against the exact optimum on small trees, against the bound on large ones. */
import { DEFAULT_RULE, type PruneRule, type Strategy } from '../../../src/core/model/rule.ts';
import { boundAt } from '../../../src/core/prune/bound.ts';
import { cutAt } from '../../../src/core/prune/cut.ts';
import { planOrder } from '../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../src/core/prune/problem.ts';
import { longTerm } from '../../../src/core/signal/long-term.ts';
import { tokenReach } from '../../../src/core/signal/reach.ts';
import { knapsackCurve } from '../../unit/core/prune/oracle.ts';
import { forestOf, rolloutTree, skewedSignal, type TreeShape } from '../data/forests.ts';
import type { Row, Scale } from './row.ts';

const SHARES = [0.1, 0.2, 0.3, 0.5] as const;
const STRATEGIES = ['density', 'best-first'] as const satisfies readonly Strategy[];
const RULE: PruneRule = { ...DEFAULT_RULE, protect: {}, trainProtect: {}, context: 0 };

export function qualityRows(scale: Scale): Row[] {
  const trees = scale.quick ? 2 : 12;
  scale.say('comparing pruning with the exact optimum');
  const small = Array.from({ length: trees }, (_, seed) => problemOf(rolloutTree(4000, 64, [8, 20], 1, seed + 1), seed));
  const large = [problemOf(rolloutTree(scale.quick ? 5000 : 100_000, 3000, [16, 64], 32, 99), 99)];
  return [
    ...compare(small, 'exact optimum', (problem, cost) => {
      const total = cost.reduce((sum, c) => sum + c, 0);
      const best = knapsackCurve(problem.forest, cost, problem.signal, Math.floor(total / 2));
      return (share) => best[Math.floor(share * total)];
    }),
    ...compare(large, 'LP bound', (problem) => {
      const { bound } = planOrder(problem);
      return (share) => boundAt(bound, share);
    }),
  ];
}

function problemOf(shape: TreeShape, seed: number): PruneProblem {
  const forest = forestOf(shape);
  const signal = skewedSignal(forest, seed + 100);
  const reach = tokenReach(forest);
  // Signal is reach × entropy already; long-term entropy is over the entropy itself.
  const lte = longTerm(
    forest,
    signal.map((value, n) => value / reach[n]),
    1,
  );
  const importance = lte.map((value, n) => value * reach[n]);
  return {
    forest,
    signal,
    importance,
    trajectoryAdvantage: forest.trajectories.advantage,
    trajectoryReward: forest.trajectories.reward,
    rule: RULE,
  };
}

type Optimum = (problem: PruneProblem, cost: Float64Array) => (share: number) => number;

function compare(problems: readonly PruneProblem[], name: string, optimum: Optimum): Row[] {
  const mean = new Map<string, number>();
  let worst = 1;
  for (const problem of problems) {
    const best = optimum(problem, planOrder(problem).plan.cost);
    for (const strategy of STRATEGIES) {
      const order = planOrder({ ...problem, rule: { ...RULE, strategy } });
      for (const share of SHARES) {
        const ratio = cutAt(order, share).signal / best(share);
        if (strategy === 'density') worst = Math.min(worst, ratio);
        mean.set(`${strategy} ${share}`, (mean.get(`${strategy} ${share}`) ?? 0) + ratio / problems.length);
      }
    }
  }
  const nodes = problems.reduce((sum, { forest }) => sum + forest.length, 0);
  const size =
    problems.length === 1
      ? `one tree of ${nodes} nodes`
      : `${problems.length} trees of ${Math.round(nodes / problems.length)} nodes on average`;
  return SHARES.map((share) => {
    const density = 100 * (mean.get(`density ${share}`) ?? 0);
    const bestFirst = 100 * (mean.get(`best-first ${share}`) ?? 0);
    return {
      name: `signal retained by density at ${share * 100} % of the tokens vs ${name}`,
      value: density,
      unit: '%',
      reference: 100,
      ratio: density / 100,
      goal: '>= 0.98',
      note:
        `best-first by importance: ${bestFirst.toFixed(1)} %; ${size}; worst ` +
        `single case of density over all budgets ${(100 * worst).toFixed(1)} %`,
    };
  });
}
