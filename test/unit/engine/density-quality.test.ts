/** How near density comes to the exact optimum on the sample, where forks lie inside turns and no path may end open. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FLAG, NONE } from '../../../src/core/model/kinds.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { openKnapsackCurve } from '../core/prune/oracle.ts';

const SHARES = [0.1, 0.2, 0.3, 0.5];

interface Tree {
  readonly parent: readonly number[];
  readonly flags: readonly number[];
  readonly cost: readonly number[];
  readonly signal: readonly number[];
  readonly kept: readonly number[];
}

/** share -> mean and least over tasks of retained ÷ exact optimum; each task has its own budget */
async function ratios(rule: Partial<PruneRule>) {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
  const { orderId } = session.order({ ...DEFAULT_RULE, ...rule, scope: 'task' });
  const exact: Float64Array[] = [];
  const found = [];
  for (const share of SHARES) {
    const sink = memorySink();
    await session.export(orderId, { cut: share, train: 1 }, exportSpec('forest'), sink, () => undefined);
    const own = linesOf(sink.files.get('forest.jsonl')).map((line, task) => {
      const { parent, flags, cost, signal, kept } = line as unknown as Tree;
      const subtreeEnd = Int32Array.from(parent, (_, n) => n + 1);
      for (let n = parent.length - 1; n > 0; n--)
        if (parent[n] !== NONE) subtreeEnd[parent[n]] = Math.max(subtreeEnd[parent[n]], subtreeEnd[n]);
      const total = cost.reduce((sum, tokens) => sum + tokens, 0);
      const shape = { parent: Int32Array.from(parent), subtreeEnd, length: parent.length };
      exact[task] ??= openKnapsackCurve(shape, (n) => (flags[n] & FLAG.open) !== 0, cost, signal, Math.floor(0.5 * total));
      const best = exact[task][Math.floor(share * total)];
      return best === 0 ? 1 : signal.reduce((sum, value, n) => sum + value * kept[n], 0) / best;
    });
    found.push({ mean: own.reduce((sum, ratio) => sum + ratio, 0) / own.length, least: Math.min(...own) });
  }
  return found;
}

it('retains at least 96 % of it on average and 93 % in every task, and no more than all of it', async () => {
  for (const { mean, least } of await ratios({ protect: {}, context: 0 })) {
    expect(mean).toBeGreaterThan(0.96);
    expect(mean).toBeLessThanOrEqual(1 + 1e-9);
    expect(least).toBeGreaterThan(0.93);
  }
});

it('retains at least 96 % of it on average under the default protection', async () => {
  for (const { mean } of await ratios({})) expect(mean).toBeGreaterThan(0.96);
});
