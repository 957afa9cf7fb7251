import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze, type Frozen } from '../../../../src/core/tree/freeze.ts';
import { sameTokens } from '../../../../src/core/tree/same-tokens.ts';
import { batches, splitBatch } from '../../../helpers/randomBatches.ts';

/** Every token of a task by the text of its prefix. */
function placesByPrefix({ forest, tasks }: Frozen, key: string): Map<string, number> {
  const task = tasks.findIndex((row) => row.key === key);
  const places = new Map<string, number>();
  const names: string[] = [];
  for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
    let name = forest.parent[n] === NONE ? '' : names[forest.parent[n]];
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) places.set((name += ` ${forest.edgeTokens[i]}`), i);
    names[n] = name;
  }
  return places;
}

it('names exactly the tokens whose prefix is in both trees', () => {
  const pairs = batches({ keys: 3 }).chain((batch) => {
    const parts = splitBatch(batch);
    return fc.tuple(fc.subarray(parts, { minLength: 1 }), fc.subarray(parts, { minLength: 1 }));
  });
  let shared = 0;
  fc.assert(
    fc.property(pairs, (sides) => {
      const [before, after] = sides.map((parts) => {
        const builder = makeForestBuilder();
        for (const part of parts) builder.add(part);
        return freeze(builder);
      });
      for (const [taskAfter, { key }] of after.tasks.entries()) {
        const taskBefore = before.tasks.findIndex((row) => row.key === key);
        if (taskBefore < 0) continue;
        const found = new Map<number, number>();
        sameTokens(before.forest, taskBefore, after.forest, taskAfter, (from, to, length) => {
          for (let i = 0; i < length; i++) found.set(to + i, from + i);
        });
        const known = placesByPrefix(before, key);
        const expected = [...placesByPrefix(after, key)].flatMap(([name, place]) =>
          known.has(name) ? [[place, known.get(name)!] as const] : [],
        );
        expect(found).toEqual(new Map(expected));
        shared += found.size;
      }
    }),
  );
  expect(shared).toBeGreaterThan(100);
});
