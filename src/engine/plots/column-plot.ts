/** Plots of one number a rollout. */
import { denseRatios } from '../../core/statistics/ratios.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import { ONE_CELL, type Plot } from './plot.ts';

/** rollout -> value; null where the log has no such column, or knows no value of it. */
export function numbersOf(rollouts: RolloutsAnswer, id: string): Float64Array | null {
  const column = rollouts.columns.find((one) => one.id === id);
  if (column?.type !== 'number') return null;
  return column.values.some((value) => !Number.isNaN(value)) ? column.values : null;
}

/** The mean of a column of numbers, and how its values are spread. */
export function columnPlot({ column, ...about }: Omit<Plot, 'measure'> & { readonly column: string }): Plot {
  return {
    ...about,
    measure({ rollouts }) {
      const of = numbersOf(rollouts, column);
      return of && { ratios: denseRatios(of, null), cells: ONE_CELL, values: { column, of } };
    },
  };
}
