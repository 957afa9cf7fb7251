/** Lines of tokens, byte by byte what `jsonText` makes of the same record put together token by token. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planBranches } from '../../../../src/core/export/branches.ts';
import { makeByteWriter } from '../../../../src/core/export/byte-writer.ts';
import { jsonText } from '../../../../src/core/export/json-text.ts';
import { makeTokenLines } from '../../../../src/core/export/token-lines.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { slowTokenRecord } from '../../../helpers/slowTokenRecord.ts';

it('are the bytes of the records, in whatever order they are asked for', () => {
  const choices = fc.record({
    keep: fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
    trained: fc.infiniteStream(fc.boolean()),
    backwards: fc.boolean(),
    advantage: fc.infiniteStream(
      fc.oneof({ weight: 9, arbitrary: fc.double({ noNaN: true, min: -3, max: 3 }) }, fc.constantFrom(0, Number.NaN)),
    ),
    known: fc.boolean(),
    convention: fc.constantFrom('branch-mean' as const, 'train-once' as const),
    maskErrors: fc.boolean(),
    factor: fc.option(fc.infiniteStream(fc.constantFrom(0, 0, 1, 1, 1.5, 7.25, 1 / 3))),
    trajectories: fc.integer({ min: 1, max: 9 }),
  });
  let written = 0;
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      batches({ keys: 3 }),
      choices,
      (batch, { keep, trained, backwards, advantage, known, convention, maskErrors, factor, trajectories }) => {
        const builder = makeForestBuilder();
        builder.add(batch);
        const { forest } = freeze(builder);
        const kept = new Uint8Array(forest.length);
        for (let n = 0; n < forest.length; n++)
          kept[n] = (keep.next().value ?? 0) > 0 && (forest.parent[n]! < 0 || kept[forest.parent[n]!] === 1) ? 1 : 0;
        const meanAdvantage = Float64Array.from(kept, () => (known ? 0.1 : (advantage.next().value ?? 0)));
        const plan = planBranches(
          forest,
          kept,
          Uint8Array.from(kept, (is) => (is === 1 && trained.next().value === true ? 1 : 0)),
          maskErrors,
          factor && Float32Array.from(forest.edgeTokens, () => factor.next().value ?? 0),
        );
        const lines = makeTokenLines({ forest, plan, convention, meanAdvantage });
        const branches = Array.from(plan.end.keys());
        for (const branch of backwards ? branches.reverse() : branches) {
          const out = makeByteWriter(1);
          const labels = { task: 'a "task"', rollout: `é${branch}`, source: { name: 'x', line: 3 } };
          lines.write(out, branch, trajectories, JSON.stringify(labels).slice(1, -1));
          const record = { ...slowTokenRecord(forest, plan, convention, trajectories, branch, meanAdvantage), ...labels };
          expect(new TextDecoder().decode(out.data.subarray(0, out.length))).toBe(
            `${jsonText(record, { weight: 'float', advantage: 'float', logprob: 'float' })}\n`,
          );
          seen.add(Object.keys(record).join());
          written++;
        }
      },
    ),
    { numRuns: 800 },
  );
  expect(written).toBeGreaterThan(800);
  // With and without advantage, with and without logprob.
  expect(seen.size).toBe(4);
});
