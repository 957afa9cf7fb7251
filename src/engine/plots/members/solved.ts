/** How many rollouts succeed. */
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { numbersOf } from '../column-plot.ts';
import { ONE_CELL, type Plot } from '../plot.ts';

export const solved: Plot = {
  id: 'solved',
  label: 'Solved',
  help: 'Rollouts with a reward above 0 ÷ those with a reward.',
  unit: null,
  format: 'percent',
  kind: 'rate',
  measure({ rollouts }) {
    const rewards = numbersOf(rollouts, 'reward');
    if (rewards === null) return null;
    const solved = rewards.map((reward) => (Number.isNaN(reward) ? reward : Number(reward > 0)));
    return { ratios: denseRatios(solved, null), cells: ONE_CELL };
  },
};
