/** The importance graph, run by ONNX Runtime in Node, against the typed-array path: every row within 1e-5 relative. */
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../../src/core/model/rule.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { OUTPUT_ROWS } from '../../../../src/core/signal/importance-graph.ts';
import { graphShape, splitExactly, structureColumns } from '../../../../src/core/signal/importance-inputs.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { chainForest, hubForest, importanceErrors, importanceWork, scoredForest } from '../../../helpers/importance.ts';
import { batches } from '../../../helpers/randomBatches.ts';

async function errorsOf(forest: Forest, changes: Partial<PruneRule>): Promise<Record<string, number>> {
  const rule = { ...DEFAULT_RULE, ...changes };
  const { onnx, columns } = importanceWork(forest, rule);
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const { data, dims } = columns[name]!;
      return [name, new Tensor(data instanceof Int32Array ? 'int32' : 'float32', data, dims)];
    }),
  );
  const { scores } = await session.run(feeds);
  await session.release();
  return importanceErrors(forest, rule, scores!.data as Float32Array);
}

/** Values as logs hold them, multiples of 2^-20: what is smaller than float32 sums can hold is `splitExactly`'s to test. */
const logged = (batch: TrajectoryBatch): TrajectoryBatch => ({
  ...batch,
  channels: batch.channels.map((values) => values && values.map((value) => Math.round(value * 2 ** 20) / 2 ** 20)),
});

const expectClose = (errors: Record<string, number>): void => {
  for (const name of OUTPUT_ROWS) expect(errors[name], name).toBeLessThan(1e-5);
};

describe('equals the typed-array path', () => {
  it('under any rule', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches({ keys: 3, maxRollouts: 12 }),
        fc.record({
          mode: fc.constantFrom('sft' as const, 'rl' as const),
          gamma: fc.constantFrom(1, 0.97, 0.5, 0),
          aggregate: fc.constantFrom('sum' as const, 'mean' as const),
          advantage: fc.constantFrom('logged' as const, 'grpo' as const, 'dr-grpo' as const, 'rloo' as const),
          reachBy: fc.constantFrom('tokens' as const, 'policy' as const),
          weighBy: fc.constantFrom('task' as const, 'trajectory' as const),
        }),
        async (batch, changes) => {
          const builder = makeForestBuilder();
          builder.add(logged(batch));
          expectClose(await errorsOf(freeze(builder).forest, changes));
        },
      ),
      { numRuns: 80 },
    );
  }, 120_000);

  it('where no entropy is known', async () => {
    await fc.assert(
      fc.asyncProperty(batches({ values: 'none' }), async (batch) => {
        const builder = makeForestBuilder();
        builder.add(batch);
        expectClose(await errorsOf(freeze(builder).forest, { mode: 'rl', advantage: 'grpo' }));
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it.each([1, 0.99])('on 30,000 nodes of forking rollouts, γ = %s', async (gamma) => {
    expectClose(await errorsOf(scoredForest(30_000, 900, [40, 200], 32), { mode: 'rl', advantage: 'grpo', gamma }));
  });

  it.each([1, 0.999])('on a chain of 5,000 levels, γ = %s', async (gamma) => {
    expectClose(await errorsOf(chainForest(5000), { gamma }));
  });

  it('on a root with 20,000 children whose advantages add up to nothing', async () => {
    expectClose(await errorsOf(hubForest(20_000), { mode: 'rl', advantage: 'grpo' }));
  });
});

it('has no graph for the mean of the largest fifth', () => {
  const structure = structureColumns(chainForest(9));
  expect(graphShape('top20', structure)).toBeNull();
  expect(graphShape('mean', structure)).toEqual({ doublings: 4, parts: 4, aggregate: 'mean' });
});

it('splits values into parts that float32 adds up exactly, in any order', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((drawn) => (Math.abs(drawn) < 1e-12 ? 0 : drawn));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(Number.NaN), value), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 6 }),
      (values, extra, parts) => {
        const most = values.length + extra;
        const rows = splitExactly(Float64Array.from(values), most, parts);
        const known = values.map((drawn) => (Number.isNaN(drawn) ? 0 : drawn));
        const largest = Math.max(...known.map(Math.abs));
        let found = 0;
        for (let p = 0; p < parts; p++) {
          const row = rows.subarray(p * values.length, (p + 1) * values.length);
          const single = (numbers: Float32Array): number => numbers.reduce((sum, part) => Math.fround(sum + part), 0);
          const exact = row.reduce((sum, part) => sum + part, 0);
          expect(single(row)).toBe(exact);
          expect(single(row.toReversed())).toBe(exact);
          found += exact;
        }
        // Half a quantum of the last part for each value; and the rounding of the float64 sums that are compared.
        const last = largest * 2 ** -(parts * (23 - Math.ceil(Math.log2(most))));
        const difference = Math.abs(found - known.reduce((sum, drawn) => sum + drawn, 0));
        expect(difference).toBeLessThanOrEqual(values.length * (last + largest * 1e-14));
        expect(rows.subarray(parts * values.length)).toEqual(Float32Array.from(values, (drawn) => (Number.isNaN(drawn) ? 0 : 1)));
      },
    ),
  );
});
