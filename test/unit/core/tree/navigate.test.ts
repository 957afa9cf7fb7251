import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { isFork, pathTo, rootsOf, taskOf, trajectoriesThrough, trajectoryCount } from '../../../../src/core/tree/navigate.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText, wordOf } from '../../../helpers/treeFromText.ts';

/*  0 A        5 X (task 2)
 *  1   B      6   Y
 *  2     C    7   Z
 *  3     D    8 W
 *  4   E                                          */
const { forest } = treeFromText(`
  A B C
  A B D
  A E
  -- u
  X Y
  X Z
  W
`);
const root = forest.treeStart[1];
const [w, x] = rootsOf(forest, 1);

it('lists the roots of each task', () => {
  expect(rootsOf(forest, 0)).toEqual([0]);
  expect([w, x]).toEqual([root, root + 1]);
});

it('knows paths from the root', () => {
  expect([...pathTo(forest, 3)]).toEqual([0, 1, 3]);
  expect([...pathTo(forest, 3)].map((n) => wordOf(forest.edgeTokens[forest.edgeStart[n]]))).toEqual(['A', 'B', 'D']);
  expect([...pathTo(forest, 0)]).toEqual([0]);
});

it('tells forks from the rest', () => {
  expect([isFork(forest, 0), isFork(forest, 1), isFork(forest, 2), isFork(forest, w), isFork(forest, x)]).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

it('agrees with a walk over every node and trajectory', () => {
  fc.assert(
    fc.property(batches(), (batch) => {
      const builder = makeForestBuilder();
      builder.add(batch);
      const { forest: any } = freeze(builder);
      const passes: number[][] = Array.from({ length: any.length }, () => []);
      for (let t = 0; t < any.trajectories.length; t++) {
        const path = pathTo(any, any.trajectories.leaf[t]);
        expect(any.parent[path[0]]).toBe(NONE);
        for (const [i, n] of path.entries()) {
          if (i > 0) expect(any.parent[n]).toBe(path[i - 1]);
          passes[n].push(t);
        }
      }
      for (let n = 0; n < any.length; n++) {
        const task = taskOf(any, n);
        expect(any.treeStart[task] <= n && n < any.treeStart[task + 1]).toBe(true);
        expect(isFork(any, n)).toBe([...any.parent].filter((parent) => parent === n).length >= 2);
        expect([...trajectoriesThrough(any, n)].sort((a, b) => a - b)).toEqual(passes[n]);
        expect(rootsOf(any, task).includes(n)).toBe(any.parent[n] === NONE);
      }
      const counts = Array.from({ length: any.treeStart.length - 1 }, (_, task) => trajectoryCount(any, task));
      expect(counts.reduce((sum, k) => sum + k, 0)).toBe(any.trajectories.length);
    }),
  );
});
