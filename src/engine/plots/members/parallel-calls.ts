/** How many calls are made at once. */
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { ONE_CELL, type Plot } from '../plot.ts';

export const parallelCalls: Plot = {
  id: 'parallel-calls',
  label: 'Calls at once',
  help: 'Tool calls of a set ÷ its turns that make at least one: 1 where no calls are parallel.',
  unit: 'calls',
  format: 'decimal',
  kind: 'rate',
  measure: ({ turns }) =>
    turns.calls.some((calls) => calls > 0) ? { ratios: denseRatios(turns.calls, turns.callingTurns), cells: ONE_CELL } : null,
};
