/** How often tools fail. */
import { denseRatios } from '../../../core/statistics/ratios.ts';
import { ONE_CELL, type Plot } from '../plot.ts';

export const toolErrors: Plot = {
  id: 'tool-errors',
  label: 'Tool error rate',
  help: 'Tool results that the log marks as errors ÷ all tool results of a set. Logs that mark none have 0.',
  unit: null,
  format: 'percent',
  kind: 'rate',
  measure: ({ turns }) =>
    turns.results.some((results) => results > 0) ? { ratios: denseRatios(turns.errors, turns.results), cells: ONE_CELL } : null,
};
