/** Problems whose train target chooses single tokens, and what is chosen looked up token by token. */
import fc from 'fast-check';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { protectNodes } from '../../../../src/core/prune/protection.ts';
import type { TokenSignals } from '../../../../src/core/prune/token-signals.ts';
import { planTrain } from '../../../../src/core/prune/train-plan.ts';
import { nodesArbitrary, problemOf, ruleArbitrary } from './forests.ts';

type Method = PruneProblem['rule']['train'];

/** Signals with ties, zeros and unknown entropies; the weight of a node follows from its signal. */
function tokenSignals(problem: PruneProblem, values: readonly number[]): TokenSignals {
  const valueAt = (at: number): number => values[at % values.length];
  return {
    value: valueAt,
    amplitude: (at) => Math.sqrt(valueAt(at)),
    entropy: (at) => (valueAt(at) === 0 ? Number.NaN : 1 / valueAt(at)),
    weight: problem.signal.map((signal) => 1 + (signal % 3)),
  };
}

/** @param times what the tokens of every node are multiplied by, so that counts come from several checkpoints and buckets */
export const tokenProblem = (method: fc.Arbitrary<Method>, times = 1): fc.Arbitrary<PruneProblem> =>
  nodesArbitrary({ size: 24, open: true, kinds: true }).chain((nodes) =>
    fc
      .record({ rule: ruleArbitrary(nodes.length), train: method, values: fc.array(fc.nat(9), { minLength: 7, maxLength: 40 }) })
      .map(({ rule, train, values }) => {
        const long = nodes.map((node) => ({ ...node, tokens: (node.tokens ?? 1) * times }));
        const problem = problemOf(long, { ...rule, train });
        return { ...problem, tokens: tokenSignals(problem, values) };
      }),
  );

/** A sampled token of the cut. */
export interface SeenToken {
  readonly at: number;
  readonly node: number;
  readonly pinned: boolean;
  readonly factor: number;
}

/** The train set of a rule at a budget, and every sampled token of the cut with its factor. */
export function chosenAt(problem: PruneProblem, cutShare: number, trainShare: number, plan?: ReturnType<typeof planTrain>) {
  const { forest, rule } = problem;
  const order = planOrder(problem);
  const cut = cutAt(order, cutShare);
  const kept = keepMask(forest, order, cut);
  const { pinned } = protectNodes(forest, rule.trainProtect, rule.hand);
  const run = (n: number): number => forest.edgeStart[n + 1] - forest.edgeStart[n];
  const nodes = [...kept.keys()].filter((n) => kept[n] === 1 && forest.sampledCount[n] > 0);
  const sampled = nodes.reduce((sum, n) => sum + run(n), 0);
  const train = plan ?? planTrain(problem, order);
  const set = train.choose(cut, sampled, trainShare);
  const tokens = nodes.flatMap((node): SeenToken[] => {
    const out = new Float32Array(run(node)).fill(-1);
    set.factorsOf(node, out, 0);
    return [...out].map((factor, i) => ({ at: forest.edgeStart[node] + i, node, pinned: pinned[node] === 1, factor }));
  });
  return { set, kept, sampled, tokens, pins: train.pins };
}
