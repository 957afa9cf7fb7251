import { expect, it } from 'vitest';
import { trajectoryAdvantages } from '../../../../src/core/signal/advantage.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batchFromText, treeFromText } from '../../../helpers/treeFromText.ts';

const group = treeFromText(`
  A =1
  B =3
  & C
  D =5
  E
  -- equal
  A =0.1
  B =0.1
  C =0.1
  -- alone
  A =7
`).forest;

it("centres on the rollouts of the task; branches share their rollout's reward; unknown rewards are left out", () => {
  expect([...trajectoryAdvantages(group, 'dr-grpo')]).toEqual([-2, 0, 0, 2, Number.NaN, 0, 0, 0, 0]);
  const unit = Math.sqrt(3 / 2);
  const grpo = Array.from(trajectoryAdvantages(group, 'grpo'), (value) => Math.round(value * 1e12) / 1e12 || value);
  expect(grpo).toEqual([-unit, 0, 0, unit, Number.NaN, 0, 0, 0, 0].map((value) => Math.round(value * 1e12) / 1e12));
  expect([...trajectoryAdvantages(group, 'rloo')]).toEqual([-3, 0, 0, 3, Number.NaN, 0, 0, 0, 0]);
});

it('takes logged advantages of trajectories, then of their last tokens that have one', () => {
  const batch = batchFromText('A~1 | b\nA~3 | C~-2 | d\ne');
  const builder = makeForestBuilder();
  builder.add({ ...batch, rollouts: batch.rollouts.map((row, r) => (r === 0 ? { ...row, advantage: 9 } : row)) });
  expect([...trajectoryAdvantages(freeze(builder).forest, 'logged')]).toEqual([9, -2, Number.NaN]);
});

it("prefers a branch's own reward and advantage", () => {
  const batch = batchFromText('A =1\n& B\nC =0');
  const builder = makeForestBuilder();
  builder.add({
    ...batch,
    trajectoryReward: Float64Array.of(Number.NaN, 3, Number.NaN),
    trajectoryAdvantage: Float64Array.of(4, Number.NaN, Number.NaN),
  });
  const { forest } = freeze(builder);
  expect([...forest.trajectories.reward]).toEqual([1, 3, 0]);
  expect([...trajectoryAdvantages(forest, 'dr-grpo')]).toEqual([0, 2, -1]);
  expect([...trajectoryAdvantages(forest, 'logged')]).toEqual([4, Number.NaN, Number.NaN]);
});
