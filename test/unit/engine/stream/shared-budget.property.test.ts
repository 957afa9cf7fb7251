/** One budget over the orders of parts, against the order of the whole: the same groups, sums, bounds and train set. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Budget, PruneRule } from '../../../../src/core/model/rule.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { countKept, summarize } from '../../../../src/core/prune/counters.ts';
import { cutAt, keepMask } from '../../../../src/core/prune/cut.ts';
import { densityWays } from '../../../../src/core/prune/grouped-density.ts';
import { planOrder, planShared } from '../../../../src/core/prune/order.ts';
import type { PruneProblem } from '../../../../src/core/prune/problem.ts';
import { areBinary, listRollouts } from '../../../../src/core/prune/rollouts.ts';
import { makeRun, wayRuns, type Run } from '../../../../src/core/prune/run.ts';
import { STRATEGIES } from '../../../../src/core/prune/strategies.ts';
import { planTrain, trainedTokens } from '../../../../src/core/prune/train-plan.ts';
import type { ByteSource } from '../../../../src/core/source/byte-source.ts';
import type { WholeLog } from '../../../../src/core/signal/whole-log.ts';
import { curveOf, NO_DEMAND, type Curve } from '../../../../src/engine/stream/curve.ts';
import { readCurves, writeCurve } from '../../../../src/engine/stream/curve-file.ts';
import { cutAllotted, cutShared, type SharedCut } from '../../../../src/engine/stream/shared-budget.ts';
import { makeWays } from '../../../../src/engine/stream/shared-pass.ts';
import type { MakeSpill } from '../../../../src/engine/stream/spill.ts';
import { memorySink } from '../../../helpers/openSession.ts';
import { BARE, nodesArbitrary, problemOf, ruleArbitrary, type NodeSpec } from '../../core/prune/forests.ts';

const memorySpill: MakeSpill = <T>() => {
  const values: T[] = [];
  return {
    add: (value: T) => void values.push(value),
    async *read() {
      yield* values;
    },
    drop: () => void values.splice(0),
  };
};

/** Node numbers at which a part begins: some of those at which a tree does. */
function partStarts(nodes: readonly NodeSpec[], splits: readonly boolean[]): number[] {
  const roots = [...nodes.keys()].filter((n) => nodes[n].parent === NONE);
  return roots.filter((_, tree) => tree === 0 || splits[tree % splits.length]);
}

/** The trees [from, to) of a problem as one of its own, whose nodes and rewards are what they are in the whole. */
function partOf(nodes: readonly NodeSpec[], all: PruneProblem, from: number, to: number, whole: WholeLog | undefined): PruneProblem {
  const own = nodes.slice(from, to).map((node) => ({ ...node, parent: node.parent === NONE ? NONE : node.parent - from }));
  const { leaf } = all.forest.trajectories;
  const before = leaf.filter((n) => n < from).length;
  const part = problemOf(own, all.rule);
  const reward = all.trajectoryReward.slice(before, before + part.forest.trajectories.length);
  const forest = { ...part.forest, keys: all.forest.keys.slice(2 * from, 2 * to) };
  return { ...part, forest, trajectoryReward: reward, whole };
}

function sourceOf(name: string, bytes: Uint8Array = new Uint8Array()): ByteSource {
  return { name, byteLength: bytes.length, read: (start, end) => Promise.resolve(Uint8Array.from(bytes.subarray(start, end))) };
}

/** Two files of the parts, the first of which holds all but the last: the same cut, and the same of the first file by itself. */
async function expectSameFromFiles(curves: readonly Curve[], found: SharedCut, budget: Budget): Promise<void> {
  if (curves.length < 2) return;
  const sink = memorySink();
  // Demands add up over the curves of one file; the last curve's own is what is beyond those before it.
  const [last, before] = [curves.at(-1), curves.at(-2)];
  if (!last || !before) return;
  const demand = { ...last.demand };
  for (const name of ['cost', 'signal', 'total'] as const) demand[name] -= before.demand[name];
  await writeCurve(curves.slice(0, -1), 'rule', sink, 'first');
  await writeCurve([{ ...last, demand }], 'rule', sink, 'second');
  const { curves: read, rule } = await readCurves(['first', 'second'].map((name) => sourceOf(name, sink.bytes.get(name))));
  expect(rule).toBe('rule');
  const joined = await cutShared(read, budget);
  const sum = (values: readonly number[]): number => values.slice(0, -1).reduce((total, value) => total + value, 0);
  expect(joined.limits).toEqual([sum(found.limits), found.limits.at(-1)]);
  expect(joined.trainEnds).toEqual([sum(found.trainEnds), found.trainEnds.at(-1)]);
  expect(joined.cost).toEqual(found.cost);
  const own = await cutAllotted(curves.slice(0, -1), { groups: joined.limits[0] ?? 0, trainRows: joined.trainEnds[0] ?? 0 });
  expect(own.limits).toEqual(found.limits.slice(0, -1));
  expect(own.trainEnds).toEqual(found.trainEnds.slice(0, -1));
}

const MERGEABLE = STRATEGIES.filter((strategy) => 'mergeable' in strategy).map(({ id }) => id);
const rules = ruleArbitrary(40).chain((rule) =>
  fc.constantFrom(...MERGEABLE).map((strategy): Partial<PruneRule> => ({ ...rule, strategy, scope: 'global', train: 'nodes' })),
);

it('keeps what the whole log keeps', async () => {
  const seen = { parts: 0, unmet: 0 };
  await fc.assert(
    fc.asyncProperty(
      nodesArbitrary({ size: 40, open: true, kinds: true }),
      rules,
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.array(fc.constantFrom(0, 1, 1, 0.5, Number.NaN), { minLength: 7, maxLength: 7 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0, 0.2, 0.6, 1),
      async (nodes, rule, splits, rewards, cutShare, trainShare) => {
        const plain = problemOf(nodes, rule);
        const trajectoryReward = Float64Array.from(plain.trajectoryReward, (_, t) => rewards[t % rewards.length]);
        const problem = { ...plain, trajectoryReward };
        const shared = planShared(problem);
        const order = planOrder(problem, shared);
        const cut = cutAt(order, cutShare);
        const summary = summarize(order, countKept(problem.forest, order), cut);
        const train = planTrain(problem, order).choose(cut, summary.counts.sampled.kept, trainShare);

        const starts = partStarts(nodes, splits);
        const known = {
          hasOpen: shared.plan.units.open.includes(1),
          hasPins: shared.plan.protections.pinned.includes(1),
          hasBinaryRewards: areBinary(listRollouts(problem)),
        };
        const facts: WholeLog = {
          ...known,
          hasRewards: true,
          hasAdvantage: false,
          known: new Map(),
          leastKnown: new Map(),
          tasks: 0,
          divisors: 0,
        };
        const partsOf = (whole: WholeLog): PruneProblem[] =>
          starts.map((from, i) => partOf(nodes, problem, from, starts[i + 1] ?? nodes.length, whole));
        let whole = facts;
        if (rule.strategy === 'density' && known.hasOpen) {
          const ways = makeWays(memorySpill);
          for (const part of partsOf(facts)) ways.add(wayRuns(part, planShared(part).plan));
          whole = { ...facts, way: await ways.best() };
        }
        const rulings = partsOf(whole).map((part) => {
          const own = planShared(part);
          return { problem: part, shared: own, order: planOrder(part, own) };
        });
        const curves: Curve[] = [];
        for (const ruling of rulings) curves.push(curveOf(ruling, curves.at(-1)?.demand ?? NO_DEMAND, memorySpill, 'part'));
        const found = await cutShared(curves, { cut: cutShare, train: trainShare });

        const kept: number[] = [];
        const trained: number[] = [];
        for (const [i, { problem: part, order: own }] of rulings.entries()) {
          const limit = new Int32Array(own.tasks).fill(found.limits[i]);
          const ownCut = { ...cutAt(own, 1), limit };
          kept.push(...keepMask(part.forest, own, ownCut));
          const plan = planTrain(part, own);
          trained.push(...trainedTokens(part.forest, plan.upTo?.(ownCut, found.trainEnds[i]) ?? train));
        }
        expect(kept).toEqual([...keepMask(problem.forest, order, cut)]);
        expect(trained).toEqual([...trainedTokens(problem.forest, train)]);
        expect(found.cost).toEqual(summary.cost);
        expect(found.signal).toEqual(summary.signal);
        expect(found.floorUnmet).toBe(summary.floorUnmet);
        expect(found.train).toEqual({ tokens: train.tokens, expected: train.expected, budget: train.budget, pinsUnmet: train.pinsUnmet });
        await expectSameFromFiles(curves, found, { cut: cutShare, train: trainShare });
        seen.parts = Math.max(seen.parts, starts.length);
        seen.unmet += summary.floorUnmet;
      },
    ),
    { numRuns: Number(process.env['SHARED_RUNS'] ?? 400) },
  );
  expect(seen.parts).toBeGreaterThan(2);
  expect(seen.unmet).toBeGreaterThan(0);
});

it('chooses the way of density that is best for the whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      nodesArbitrary({ size: 60, open: true }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      async (nodes, splits) => {
        const problem = problemOf(nodes, { ...BARE, strategy: 'density', scope: 'global' });
        const { units } = planShared(problem).plan;
        const totals = densityWays(problem, units).map(({ total }) => total);
        const ways = makeWays(memorySpill);
        const starts = partStarts(nodes, splits);
        for (const [i, from] of starts.entries()) {
          const part = partOf(nodes, problem, from, starts[i + 1] ?? nodes.length, undefined);
          ways.add(wayRuns(part, planShared(part).plan));
        }
        const best = await ways.best();
        expect(best).toBe(totals.indexOf(Math.max(...totals)));
      },
    ),
    { numRuns: 300 },
  );
});

it('chooses a later way where it has more', async () => {
  // Two parts of one row each: the more signal comes first, the larger the area.
  const run = (key: number, value: number): Run => ({
    ...makeRun(1),
    key: Float64Array.of(key),
    cost: Float64Array.of(1),
    value: Float64Array.of(value),
  });
  const ways = makeWays(memorySpill);
  ways.add([run(1, 5), run(2, 5)]);
  ways.add([run(2, 1), run(1, 1)]);
  expect(await ways.best()).toBe(1);
});
