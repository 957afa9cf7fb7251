import { expect, it } from 'vitest';
import { FLAG, KIND } from '../../../../src/core/model/kinds.ts';
import { NO_ACTION, actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { measureForest, por } from '../../../../src/core/tree/measure.ts';
import { batchFromText } from '../../../helpers/treeFromText.ts';

/** Actions are named by the words of their segment. */
function actionTree(text: string) {
  const builder = makeForestBuilder();
  builder.add(actionTrajectories(batchFromText(text)));
  const { forest, actions, actionStart, actionEnd } = freeze(builder);
  const path = (n: number) => Array.from(forest.edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]), (key) => actions[key]);
  const drawn = Array.from(
    { length: forest.length },
    (_, n) => `${'  '.repeat(forest.depth[n])}${path(n).join(', ')} ×${forest.reachCount[n]}`,
  );
  return { forest, drawn, ends: [...actionEnd!], starts: [...actionStart!] };
}

it('merges runs that do the same in other words', () => {
  const { forest, drawn, starts, ends } = actionTree(`
    p HI S:call r:result SO E:call
    p YO S:call r:result T:thinking E:call
    p HM S:call e:result.error E:call
  `);
  expect(drawn).toEqual(['S ×3', '  e ×1', '    E ×1', '  r ×2', '    E ×2']);
  expect(por(measureForest(forest))).toBeCloseTo(4 / 9);
  expect(forest.kind[1]).toBe(KIND.result);
  expect(forest.flags[1] & FLAG.error).toBe(FLAG.error);
  expect(starts).toEqual([0, 3, 6, 9]);
  expect(ends).toEqual([3, 4, 6, 3, 4, 6, 3, 4, 5]);
});

it('takes talk for deeds where no tool is called, from the first sampled segment on', () => {
  expect(actionTree('s:system p A u B\ns:system p A u C').drawn).toEqual(['A ×2', '  u ×2', '    B ×1', '    C ×1']);
});

it('gives a trajectory without any action one empty key, so that both trees have the same rows', () => {
  const { drawn, ends } = actionTree('p T:thinking\np q');
  expect(drawn).toEqual([`${NO_ACTION} ×2`]);
  expect(ends).toEqual([2, 2]);
});

it('numbers actions alike whatever each batch calls them', () => {
  const builder = makeForestBuilder();
  builder.add(actionTrajectories(batchFromText('A:call | B:call')));
  builder.add(actionTrajectories(batchFromText('B:call | A:call')));
  builder.add(actionTrajectories(batchFromText('A:call | B:call')));
  const { forest, actions } = freeze(builder);
  expect(actions).toEqual(['A', 'B']);
  expect([...forest.edgeTokens]).toEqual([0, 1, 1, 0]);
  expect([...forest.reachCount]).toEqual([2, 2, 1, 1]);
});
