/** Near copies against all pairs, compared exactly. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jaccard, shingles } from '../../../../src/base/min-hash.ts';
import { makeCopyFinder } from '../../../../src/engine/export/preflight/copies.ts';
import type { PlannedExport } from '../../../../src/engine/export/planned.ts';
import type { BranchUnit } from '../../../../src/engine/export/units.ts';
import { NEAR, nearCopies } from '../../../../src/engine/export/preflight/near-copies.ts';

const never = (): null => null;
const similarity = (a: readonly number[], b: readonly number[]): number => jaccard(shingles(a, NEAR.width), shingles(b, NEAR.width));

/** Lists of which some are others with a few tokens changed. */
const lists = fc
  .array(
    fc.record({
      of: fc.nat(4),
      length: fc.integer({ min: 20, max: 300 }),
      changes: fc.array(fc.nat(299), { maxLength: 4 }),
    }),
    { minLength: 2, maxLength: 24 },
  )
  .map((drawn) =>
    drawn.map(({ of, length, changes }) => {
      const list = Array.from({ length: of < 3 ? 240 + of : length }, (_, i) => (of + 1) * 100_003 + i * 31);
      changes.forEach((at, i) => {
        if (at < list.length) list[at] = 7_000_000 + i * 1009 + at;
      });
      return list;
    }),
  );

it('finds every list that is clearly near another, and none that is not', async () => {
  let near = 0;
  let missed = 0;
  await fc.assert(
    fc.asyncProperty(lists, async (all) => {
      const { group, estimated } = await nearCopies(all.length, (i) => all[i], never);
      expect(estimated).toBe(0);
      const size = new Map<number, number>();
      group.forEach((first) => size.set(first, (size.get(first) ?? 0) + 1));
      all.forEach((list, i) => {
        const best = Math.max(0, ...all.map((other, j) => (i === j ? 0 : similarity(list, other))));
        const isGrouped = (size.get(group[i]) ?? 0) > 1;
        if (best < NEAR.least) expect(isGrouped).toBe(false);
        else {
          near++;
          if (!isGrouped) missed++;
        }
      });
      // A group is joined by pairs that are near.
      all.forEach((list, i) => {
        if (group[i] === i) return;
        const others = all.filter((_, j) => j !== i && group[j] === group[i]);
        expect(Math.max(...others.map((other) => similarity(list, other)))).toBeGreaterThanOrEqual(NEAR.least);
      });
    }),
    { numRuns: 160, seed: 9 },
  );
  expect(near).toBeGreaterThan(300);
  expect(missed / near).toBeLessThan(0.02);
});

it('goes by estimates beyond its limit of work, and says how often', async () => {
  const list = Array.from({ length: 300 }, (_, i) => i * 17);
  const all = Array.from({ length: 30 }, (_, i) => list.with(i * 9, -i));
  const exact = await nearCopies(all.length, (i) => all[i], never);
  expect(exact.estimated).toBe(0);
  expect(new Set(exact.group)).toEqual(new Set([0]));
  const hurried = await nearCopies(all.length, (i) => all[i], never, 1000);
  expect(hurried.estimated).toBeGreaterThan(0);
  expect(new Set(hurried.group)).toEqual(new Set([0]));
});

it('takes lists that hold nothing, and rests when it is asked to', async () => {
  let rests = 0;
  const rest = async (): Promise<void> => void rests++;
  const { group } = await nearCopies(3, (i) => (i === 1 ? [] : [1, 2, 3]), rest);
  expect([...group]).toEqual([0, 1, 0]);
  expect(rests).toBeGreaterThan(3);
  expect(await nearCopies(0, () => [], never)).toEqual({ group: new Int32Array(0), estimated: 0 });
});

it('is looked for among a draw of the records where there are many, and exact copies among all', async () => {
  const records = 500;
  const rollouts = Array.from({ length: records }, (_, i) => ({ id: `r${i}`, origin: { name: 'a', line: i } }));
  const planned = {
    spec: { weights: 'branch-mean' },
    splits: ['train', 'validation'],
    redactor: null,
    ruling: {
      dataset: { tokens: { tasks: [{ key: 'one' }, { key: 'two' }], rollouts } },
      problem: { forest: { trajectories: { rollout: rollouts.map((_, i) => i) } } },
    },
  } as unknown as PlannedExport;
  const finder = makeCopyFinder(planned, 60);
  let rows = 0;
  for (let i = 0; i < records; i++) {
    // Every fifth is one and the same; all others are one more with a token changed.
    const ids = Int32Array.from({ length: 400 }, (_, at) => (i % 5 === 0 ? at : at === i % 400 ? 5000 + i : 1000 + at));
    const row = { ids, weight: new Float64Array(400).fill(1), edge: ids };
    const unit = { task: i % 2, trajectory: i, said: {}, row: () => (rows++, row) } as unknown as BranchUnit;
    finder.take(unit, row);
  }
  const { exact, near } = await finder.finish(never);
  expect(exact).toMatchObject({ records: 99, groups: 1, acrossTasks: 50, acrossSplits: 50 });
  expect(exact.example).toEqual([
    { task: 'one', rollout: 'r0' },
    { task: 'two', rollout: 'r5' },
  ]);
  expect(near).toMatchObject({ compared: 60, groups: 2, records: 58, estimated: 0 });
  expect(rows).toBeLessThan(3 * 60);
  // Neither the first nor every eighth: both tasks and all parts of the set are among them.
  expect(near.acrossTasks).toBeGreaterThan(15);
});
