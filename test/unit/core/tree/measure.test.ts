import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { measureForest, measureTask, por } from '../../../../src/core/tree/measure.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { slowTree } from '../../../helpers/slowTree.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

it('measures a drawn forest', () => {
  const { forest } = treeFromText(`
    p q A B
    p q A C
    p q A C
    p q
    -- u
    D
  `);
  expect(measureTask(forest, 0)).toEqual({
    trajectories: 4,
    nodes: 4,
    flat: 14,
    distinct: 5,
    sampledFlat: 6,
    sampledDistinct: 3,
    sampledShared: 5,
    duplicates: 1,
  });
  expect(measureForest(forest)).toEqual({
    trajectories: 5,
    nodes: 5,
    flat: 15,
    distinct: 6,
    sampledFlat: 7,
    sampledDistinct: 4,
    sampledShared: 5,
    duplicates: 1,
  });
  expect(por(measureTask(forest, 0))).toBe(1 - 5 / 14);
});

it('equals counting over a Map per token', () => {
  fc.assert(
    fc.property(batches(), (batch) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const measured = measureForest(freeze(builder).forest);
      const prefixes = [...slowTree(batch).values()];
      const sampled = prefixes.map(({ segments }) => segments.filter(({ flags }) => (flags & FLAG.sampled) !== 0).length);
      expect(measured.flat).toBe(batch.tokens.length);
      expect(measured.distinct).toBe(prefixes.length);
      expect(measured.sampledFlat).toBe(total(sampled));
      expect(measured.sampledDistinct).toBe(sampled.filter((count) => count > 0).length);
      expect(measured.sampledShared).toBe(total(sampled.filter((_, i) => prefixes[i].through.length > 1)));
      const rows = Array.from(
        batch.trajectoryRollout,
        (r, t) => `${batch.rollouts[r].task}: ${batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1]).join(' ')}`,
      );
      expect(measured.duplicates).toBe(rows.length - new Set(rows).size);
    }),
  );
});
