import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import {
  childrenOf, findByFirstKeys, firstChild, firstKeys, isFork, isUnder, levels, nextFork, nextSibling, nodeAt, pathTo, pathTokens,
  previousFork, rootsOf, taskOf, trajectoriesThrough,
} from '../../../../src/core/tree/navigate.ts';
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

it('walks children, siblings and roots', () => {
  expect(childrenOf(forest, 0)).toEqual([1, 4]);
  expect(childrenOf(forest, 1)).toEqual([2, 3]);
  expect(childrenOf(forest, 4)).toEqual([]);
  expect([firstChild(forest, 0), firstChild(forest, 4)]).toEqual([1, NONE]);
  expect([nextSibling(forest, 1), nextSibling(forest, 2), nextSibling(forest, 3), nextSibling(forest, 0)]).toEqual([4, 3, NONE, NONE]);
  expect([w, x]).toEqual([root, root + 1]);
  expect([nextSibling(forest, w), nextSibling(forest, x)]).toEqual([x, NONE]);
});

it('knows paths, levels and ancestry', () => {
  expect([...pathTo(forest, 3)]).toEqual([0, 1, 3]);
  expect(Array.from(pathTokens(forest, 3), wordOf)).toEqual(['A', 'B', 'D']);
  expect([...levels(forest)].slice(0, 5)).toEqual([0, 1, 2, 2, 1]);
  expect([isUnder(forest, 3, 1), isUnder(forest, 1, 1), isUnder(forest, 4, 1), isUnder(forest, 0, 1)]).toEqual([true, true, false, false]);
});

it('steps from fork to fork within a task', () => {
  expect([isFork(forest, 0), isFork(forest, 1), isFork(forest, 2)]).toEqual([true, true, false]);
  expect([nextFork(forest, 0), nextFork(forest, 1), previousFork(forest, 4), previousFork(forest, 0)]).toEqual([1, NONE, 1, NONE]);
  expect([nextFork(forest, w), previousFork(forest, x)]).toEqual([x, NONE]);
});

it('names a node by first keys', () => {
  const keys = firstKeys(forest, 3);
  expect(keys.map(wordOf)).toEqual(['A', 'B', 'D']);
  expect(findByFirstKeys(forest, 0, keys)).toBe(3);
  expect(findByFirstKeys(forest, 1, keys)).toBe(NONE);
});

it('agrees with a walk over every node and token', () => {
  fc.assert(fc.property(batches(), (batch) => {
    const builder = makeForestBuilder();
    builder.add(batch);
    const { forest } = freeze(builder);
    for (let n = 0; n < forest.length; n++) {
      const task = taskOf(forest, n);
      expect(forest.treeStart[task] <= n && n < forest.treeStart[task + 1]).toBe(true);
      expect(childrenOf(forest, n)).toEqual([...forest.parent.keys()].filter((c) => forest.parent[c] === n));
      expect(findByFirstKeys(forest, task, firstKeys(forest, n))).toBe(n);
      for (const t of trajectoriesThrough(forest, n)) {
        expect(nodeAt(forest, t, forest.depth[n])).toBe(n);
        expect(isUnder(forest, forest.trajectories.leaf[t], n)).toBe(true);
      }
    }
    for (let t = 0; t < forest.trajectories.length; t++) {
      expect(nodeAt(forest, t, forest.trajectories.tokenCount[t] - 1)).toBe(forest.trajectories.leaf[t]);
      expect([nodeAt(forest, t, -1), nodeAt(forest, t, forest.trajectories.tokenCount[t])]).toEqual([NONE, NONE]);
    }
  }));
});
