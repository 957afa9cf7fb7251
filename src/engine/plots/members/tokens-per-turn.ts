/** How long turns are. */
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { ONE_CELL, type Plot } from '../plot.ts';

export const tokensPerTurn: Plot = {
  id: 'tokens-per-turn',
  label: 'Tokens per turn',
  help: 'Sampled tokens of a set ÷ its turns.',
  unit: 'tokens',
  format: 'decimal',
  kind: 'rate',
  measure: ({ turns }) => ({ ratios: denseRatios(turns.sampled, turns.turns), cells: ONE_CELL }),
};
